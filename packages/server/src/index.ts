export { createAuthorizationServer, type AuthorizationServer } from './server/create-server.js'
export type { AuthorizationServerOptions } from './options/server-options.js'
export type { AuditEvent, ServerHooks } from './options/audit-event.js'
export type { AuthorizationDetails, AuthorizationDetailsType } from './features/rar/authorization-details.js'
export type { RequestObjectOptions } from './features/jar/request-object-options.js'
export { OAuthError, type OAuthErrorDetails } from './http/oauth-error.js'
export { authorizationCode, type AuthorizationCodeOptions } from './token/grants/authorization-code.js'
export { implicit } from './token/grants/implicit.js'
export { hybrid } from './token/grants/hybrid.js'
export { password, type PasswordOptions } from './token/grants/password.js'
export { clientCredentials } from './token/grants/client-credentials.js'
export { jwtBearer, type JwtBearerOptions, type TrustedIssuer } from './token/grants/jwt-bearer.js'
export { deviceCode, type DeviceCodeOptions } from './features/device/device.js'
export { ciba, type CibaOptions } from './features/ciba/ciba.js'
export type { BackchannelRequest, CibaSettings } from './features/ciba/ciba-settings.js'
export { tokenExchange, type Exchanging, type TokenExchangeOptions } from './token/grants/token-exchange.js'
export type { ScopePolicy } from './token/grants/granted-scope.js'
export type { AuthenticateClient } from './token/client-authentication/authenticate-client.js'
export type { DpopOptions } from './features/dpop/check-dpop-proof.js'
export type { RegistrationOptions } from './features/registration/registration.js'
export { generateSigningKeys } from './token/generate-signing-keys.js'
export type { RotationOptions } from './token/key-ring.js'
export { jwtGenerator, type JwtGeneratorOptions } from './token/jwt-generator.js'
export { refreshToken, type RefreshTokenOptions } from './token/grants/refresh-token.js'
export type { Grant, GrantOptions, TokenRequest } from './token/grants/grant.js'
export type { Issue, TokenResponse } from './token/issue-tokens.js'
export { userSite, type User, type UserSiteOptions } from './site/user-site.js'
export type {
  ApprovalOutcome,
  ApprovalPage,
  BrowserSession,
  Interaction,
  InteractionPage,
  InteractionReason,
  Page,
  PlainForm,
  SignedIn,
  SiteAdapter,
  WaitingRequest,
} from './site/site-adapter.js'
export { randomGenerator, uuidGenerator, type TokenGenerator, type TokenRequestDetails } from './token/token-generator.js'
export type { ResourceDemands, Verification } from './resource/verify-request.js'
export type { AtomicStore } from './storage/atomic-store.js'
export { memoryStore, type MemoryStore, type MemoryStoreOptions } from './storage/memory-store.js'
export { keyvStore, type KeyvStoreOptions } from './storage/keyv-store.js'
export { isExpired, remainingSeconds } from './storage/expiry.js'
export { storesOver, type Stores } from './storage/stores.js'
export { CLIENT_MEMBERS } from './storage/check-client-record.js'
export { clientList, clientStore, type ClientRecord, type ClientStore } from './storage/client-store.js'
export { authCodeStore, type AuthCodeStore, type AuthorizationCodeRecord, type TakenCode } from './storage/auth-code-store.js'
export {
  accessTokenStore,
  type AccessTokenRecord,
  type AccessTokenStore,
  type RefreshTokenRecord,
  type TokenRecord,
} from './storage/access-token-store.js'
