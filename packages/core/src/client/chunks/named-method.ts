// See `wire-sign-in.ts`.
export * from '../../client-authentication/named-method.js'
export { serverCallsOf } from '../wire-sign-in.js'
