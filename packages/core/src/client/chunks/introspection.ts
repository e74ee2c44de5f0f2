// See `wire-sign-in.ts`.
export * from '../../protocol/introspection.js'
export { wireSignIn } from '../wire-sign-in.js'
