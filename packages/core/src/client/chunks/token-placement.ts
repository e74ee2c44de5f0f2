// See `wire-sign-in.ts`.
export * from '../../fetch/token-placement.js'
export { serverCallsOf } from '../wire-sign-in.js'
