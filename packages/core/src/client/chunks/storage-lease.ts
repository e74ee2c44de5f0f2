// See `wire-sign-in.ts`.
export * from '../../refresh/storage-lease.js'
export { serverCallsOf } from '../wire-sign-in.js'
