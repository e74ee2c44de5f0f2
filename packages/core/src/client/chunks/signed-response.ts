// See `wire-sign-in.ts`.
export * from '../../protocol/signed-response.js'
export { serverCallsOf } from '../wire-sign-in.js'
