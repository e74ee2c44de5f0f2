export { isolatedStorage } from './storage/isolated-storage.js'
export { serveClient } from './worker/serve-client.js'
export type { ServedClientOptions, WorkerScope } from './worker/serve-client.js'
