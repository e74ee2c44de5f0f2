export { workerClient } from './worker-client.js'
export type { WorkerClientOptions } from './worker-client.js'
export type { ClientWorker } from './worker-link.js'
