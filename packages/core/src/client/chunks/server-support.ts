// See `wire-sign-in.ts`.
export * from '../../protocol/server-support.js'
export { wireSignIn } from '../wire-sign-in.js'
