export { refreshInWorker } from './refresh-worker/refresh-in-worker.js'
export type { RefreshWorker } from './refresh-worker/refresh-in-worker.js'
