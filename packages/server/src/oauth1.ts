export { oauth1, revokeOAuth1Token, verifyOAuth1Request } from './features/oauth1/oauth1.js'
export type { OAuth1ClientRecord, OAuth1ClientStore } from './features/oauth1/oauth1-client-record.js'
export type {
  NonceUse,
  OAuth1Hooks,
  TemporaryCredential,
  TokenCredential,
  VerifierGrant,
} from './features/oauth1/oauth1-hooks.js'
export type { GeneratedCredentials, OAuth1Options } from './features/oauth1/oauth1-options.js'
export type { OAuth1Requirements, OAuth1Verification } from './features/oauth1/verify-oauth1-request.js'
export {
  storeHooks as oauth1StoreHooks,
  type StoreHooksDetails as OAuth1StoreHooksDetails,
} from './features/oauth1/store-hooks.js'
export { createOAuth1Server } from './server/create-oauth1-server.js'
export type { OAuth1Server, OAuth1ServerOptions } from './server/create-oauth1-server.js'
