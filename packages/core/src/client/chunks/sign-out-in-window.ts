// See `wire-sign-in.ts`.
export * from '../../sign-out/sign-out-in-window.js'
export { wireSignIn } from '../wire-sign-in.js'
