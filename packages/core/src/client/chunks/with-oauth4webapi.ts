// See `server-calls.ts`.
export * from '../../protocol/with-oauth4webapi.js'
export { serverCallsOf } from '../server-calls.js'
