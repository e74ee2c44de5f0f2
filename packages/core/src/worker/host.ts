export { isolatedStorage } from './isolated-storage.js'
export { serveClient } from './serve-client.js'
export type { ServedClientOptions, WorkerScope } from './serve-client.js'
