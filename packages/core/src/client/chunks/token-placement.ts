// See `wire-sign-in.ts`.
export * from '../../fetch/token-placement.js'
export { wireSignIn } from '../wire-sign-in.js'
