// See `wire-sign-in.ts`.
export * from '../../protocol/moved-callback.js'
export { wireSignIn } from '../wire-sign-in.js'
