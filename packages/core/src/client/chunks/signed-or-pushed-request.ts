// See `wire-sign-in.ts`.
export * from '../../protocol/signed-or-pushed-request.js'
export { serverCallsOf } from '../wire-sign-in.js'
