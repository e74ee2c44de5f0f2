// See `wire-sign-in.ts`.
export * from '../../protocol/dpop.js'
export { wireSignIn } from '../wire-sign-in.js'
