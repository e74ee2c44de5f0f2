export { workerClient } from './worker/worker-client.js'
export type { WorkerClientOptions } from './worker/worker-client.js'
export type { ClientWorker } from './worker/worker-link.js'
