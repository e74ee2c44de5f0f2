export { serveRefreshes } from './refresh-worker/serve-refreshes.js'
export type { SharedWorkerScope } from './refresh-worker/serve-refreshes.js'
