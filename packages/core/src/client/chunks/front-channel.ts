// See `wire-sign-in.ts`.
export * from '../../protocol/front-channel.js'
export { wireSignIn } from '../wire-sign-in.js'
