// See `server-calls.ts`.
export * from '../../protocol/dpop.js'
export { serverCallsOf } from '../server-calls.js'
