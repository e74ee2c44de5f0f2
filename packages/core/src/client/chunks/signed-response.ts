// See `server-calls.ts`.
export * from '../../protocol/signed-response.js'
export { serverCallsOf } from '../server-calls.js'
