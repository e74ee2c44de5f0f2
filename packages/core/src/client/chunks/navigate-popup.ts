// See `wire-sign-in.ts`.
export * from '../../sign-in/transports/navigate-popup.js'
export { wireSignIn } from '../wire-sign-in.js'
