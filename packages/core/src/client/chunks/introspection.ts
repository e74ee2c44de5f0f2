// See `server-calls.ts`.
export * from '../../protocol/introspection.js'
export { serverCallsOf } from '../server-calls.js'
