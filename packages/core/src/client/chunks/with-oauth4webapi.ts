// See `wire-sign-in.ts`.
export * from '../../protocol/with-oauth4webapi.js'
export { wireSignIn } from '../wire-sign-in.js'
