// See `wire-sign-in.ts`.
export * from '../../protocol/foreign-parties.js'
export { wireSignIn } from '../wire-sign-in.js'
