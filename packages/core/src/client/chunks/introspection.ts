// See `wire-sign-in.ts`.
export * from '../../protocol/introspection.js'
export { serverCallsOf } from '../wire-sign-in.js'
