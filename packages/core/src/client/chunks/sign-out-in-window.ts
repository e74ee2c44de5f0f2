// See `server-calls.ts`.
export * from '../../sign-out/sign-out-in-window.js'
export { serverCallsOf } from '../server-calls.js'
