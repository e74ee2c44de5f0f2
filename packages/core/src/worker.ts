export { workerClient } from './worker/worker-client.js'
export type { WorkerClientOptions } from './worker/worker-client.js'
export type { ClientWorker } from './worker/connect-worker.js'
