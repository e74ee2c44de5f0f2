// See `server-calls.ts`.
export * from '../../fetch/token-placement.js'
export { serverCallsOf } from '../server-calls.js'
