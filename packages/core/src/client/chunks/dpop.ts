// See `wire-sign-in.ts`.
export * from '../../protocol/dpop.js'
export { serverCallsOf } from '../wire-sign-in.js'
