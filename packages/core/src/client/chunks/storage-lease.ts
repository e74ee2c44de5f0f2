// See `server-calls.ts`.
export * from '../../refresh/storage-lease.js'
export { serverCallsOf } from '../server-calls.js'
