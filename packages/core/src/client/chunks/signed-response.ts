// See `wire-sign-in.ts`.
export * from '../../protocol/signed-response.js'
export { wireSignIn } from '../wire-sign-in.js'
