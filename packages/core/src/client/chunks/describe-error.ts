// See `wire-sign-in.ts`.
export * from '../../errors/describe-error.js'
export { serverCallsOf } from '../wire-sign-in.js'
