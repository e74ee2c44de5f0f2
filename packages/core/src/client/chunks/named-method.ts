// See `wire-sign-in.ts`.
export * from '../../client-authentication/named-method.js'
export { wireSignIn } from '../wire-sign-in.js'
