// See `wire-sign-in.ts`.
export * from '../../sign-out/sign-out-in-window.js'
export { serverCallsOf } from '../wire-sign-in.js'
