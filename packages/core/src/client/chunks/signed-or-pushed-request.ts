// See `server-calls.ts`.
export * from '../../protocol/signed-or-pushed-request.js'
export { serverCallsOf } from '../server-calls.js'
