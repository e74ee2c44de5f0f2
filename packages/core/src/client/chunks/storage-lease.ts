// See `wire-sign-in.ts`.
export * from '../../refresh/storage-lease.js'
export { wireSignIn } from '../wire-sign-in.js'
