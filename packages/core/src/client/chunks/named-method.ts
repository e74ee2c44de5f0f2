// See `server-calls.ts`.
export * from '../../client-authentication/named-method.js'
export { serverCallsOf } from '../server-calls.js'
