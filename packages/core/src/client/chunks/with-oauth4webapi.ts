// See `wire-sign-in.ts`.
export * from '../../protocol/with-oauth4webapi.js'
export { serverCallsOf } from '../wire-sign-in.js'
