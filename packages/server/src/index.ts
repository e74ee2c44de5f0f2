export { createAuthorizationServer, type AuthorizationServer } from './authorization-server.js'
export type { AuthorizationServerOptions } from './server-options.js'
export type { AuditEvent, ServerHooks } from './audit-event.js'
export type { AuthorizationDetails, AuthorizationDetailsType } from './authorization-details/authorization-details.js'
export type { RequestObjectOptions } from './request-objects/request-object-options.js'
export { OAuthError, type OAuthErrorDetails } from './oauth-error.js'
export { authorizationCode, type AuthorizationCodeOptions } from './grants/authorization-code.js'
export { implicit } from './grants/implicit.js'
export { hybrid } from './grants/hybrid.js'
export { password, type PasswordOptions } from './grants/password.js'
export { clientCredentials } from './grants/client-credentials.js'
export { jwtBearer, type JwtBearerOptions, type TrustedIssuer } from './grants/jwt-bearer.js'
export { deviceCode, type DeviceCodeOptions } from './grants/device-code.js'
export { ciba, type CibaOptions } from './grants/ciba.js'
export type { BackchannelRequest, CibaSettings } from './ciba/ciba-settings.js'
export { tokenExchange, type Exchanging, type TokenExchangeOptions } from './grants/token-exchange.js'
export type { ScopePolicy } from './grants/granted-scope.js'
export type { AuthenticateClient } from './client-authentication/authenticate-client.js'
export type { DpopOptions } from './dpop/check-dpop-proof.js'
export type { RegistrationOptions } from './endpoints/registration.js'
export type { RotationOptions } from './tokens/key-ring.js'
export { jwtGenerator, type JwtGeneratorOptions } from './tokens/jwt-generator.js'
export { refreshToken, type RefreshTokenOptions } from './grants/refresh-token.js'
export type { Grant, GrantOptions, TokenRequest } from './grants/grant.js'
export type { Issue, TokenResponse } from './tokens/issue-tokens.js'
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
export { randomGenerator, uuidGenerator, type TokenGenerator, type TokenRequestDetails } from './tokens/token-generator.js'
export type { ResourceDemands, Verification } from './tokens/verify-request.js'
export type { AtomicStore } from './storage/atomic-store.js'
export { memoryStore, type MemoryStore, type MemoryStoreOptions } from './storage/memory-store.js'
export { keyvStore, type KeyvStoreOptions } from './storage/keyv-store.js'
export { isExpired, remainingSeconds } from './storage/expiry.js'
export { storesOver, type Stores } from './storage/stores.js'
export { clientList, clientStore, type ClientRecord, type ClientStore } from './storage/client-store.js'
export { authCodeStore, type AuthCodeStore, type AuthorizationCodeRecord, type TakenCode } from './storage/auth-code-store.js'
export {
  accessTokenStore,
  type AccessTokenRecord,
  type AccessTokenStore,
  type RefreshTokenRecord,
  type TokenRecord,
} from './storage/access-token-store.js'
