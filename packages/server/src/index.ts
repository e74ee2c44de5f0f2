export { createAuthorizationServer } from './server/create-server.js'
export type { AuthorizationServer, MountableServer } from './server/authorization-server.js'
export type { AuthorizationServerOptions } from './options/server-options.js'
export type { ServerContext } from './options/server-context.js'
export type { AuditEvent, AuditEventDetails, AuthenticateClient, ServerHooks } from './options/server-hooks.js'
export type { GuessLimits } from './limits/guess-limits.js'
export type { RequestContext } from './http/request-context.js'
export type { Route } from './http/route.js'
export { Reply, type ReplyHeaders, type RouteResult } from './http/reply.js'
export type { Parameters } from './http/parameters.js'
export { OAuthError, type OAuthErrorDetails, type RegistrationMismatch } from './http/oauth-error.js'
export type { ClientSource, Feature, FeatureContext, FeatureServer } from './features/feature.js'
export type { ClientMetadataMember, ClientMetadataMembers, ProposedClient } from './features/client-metadata-members.js'
export { dpop, type DpopOptions } from './features/dpop/dpop.js'
export { jar, type JarOptions } from './features/jar/jar.js'
export { logout } from './features/logout/logout.js'
export { par, type ParOptions } from './features/par/par.js'
export { authorizationCode, type AuthorizationCodeOptions } from './token/grants/authorization-code.js'
export { implicit } from './token/grants/implicit.js'
export { hybrid } from './token/grants/hybrid.js'
export { password, type PasswordOptions } from './token/grants/password.js'
export { clientCredentials } from './token/grants/client-credentials.js'
export { jwtBearer, type JwtBearerOptions, type TrustedIssuer } from './token/grants/jwt-bearer.js'
export { tokenExchange, type TokenExchangeOptions, type TokenExchangeRequest } from './token/grants/token-exchange.js'
export { refreshToken, type RefreshTokenOptions } from './token/grants/refresh-token.js'
export type { Grant, GrantOptions, TokenRequest, TokenServer } from './token/grants/grant.js'
export { createIssue, type IssueDecision } from './token/grants/create-issue.js'
export type { AuthorizationGrantRequest, CodeSettings, GrantSettings, RefreshSettings } from './token/grants/grant-settings.js'
export type { ScopePolicy, ScopeRequest } from './token/grants/scope-policy.js'
export type { ScopeOptions } from './token/scope.js'
export type { Issue, TokenResponse } from './token/issue.js'
export type { AuthorizationDetailsSupport, WithDetails } from './token/authorization-details-support.js'
export type { KeySource } from './token/assertion.js'
export type { PemKey } from './token/pem-key.js'
export type { EndpointPaths } from './http/endpoint-paths.js'
export { generateSigningKeys } from './token/generate-signing-keys.js'
export type { KeyRing, RotationOptions, SigningKey } from './token/key-ring.js'
export { jwtGenerator, type JwtGeneratorOptions } from './token/jwt-generator.js'
export { randomGenerator, uuidGenerator, type TokenGenerator, type TokenRequestDetails } from './token/token-generator.js'
export type {
  AuthorizationRequest,
  AuthorizationRule,
  AuthorizationServerContext,
  Findings,
  RequestReader,
  ResponseMode,
  SignedRequest,
} from './authorize/authorization-request.js'
export { checkMembers, type MembersOf, type MembersOwner } from './options/check-members.js'
export type { RegistrationFix } from './site/pages/registration-help.js'
export { userSite, type User, type UserSiteOptions } from './site/user-site.js'
export type { ConsentParts, GivenConsent } from './site/consent-parts.js'
export type { IndividualClaims } from './token/individual-claims.js'
export type { CompleteSite } from './site/complete-site.js'
export type {
  Accounts,
  BrowserSession,
  Interaction,
  InteractionPage,
  InteractionReason,
  Page,
  PlainForm,
  AuthenticatedUser,
  SiteAdapter,
} from './site/site-adapter.js'
export type { Proof, ProofOfPossession, ProofTarget } from './resource/proof-of-possession.js'
export type { TokenPlace } from '@latchkey/resource'
export type { ResourceRequirements, Verification } from './resource/verify-request.js'
export type { AuthorizationDetails } from './storage/authorization-details.js'
export type { AtomicStore } from './storage/atomic-store.js'
export { memoryStore, type MemoryStore, type MemoryStoreOptions } from './storage/memory-store.js'
export { keyvStore, type KeyvStoreOptions } from './storage/keyv-store.js'
export { isExpired, remainingSeconds } from './storage/expiry.js'
export { storesOver, type Stores } from './storage/stores.js'
export { CLIENT_MEMBERS } from './storage/check-client-record.js'
export type { ClientRecord } from './storage/client-record.js'
export { clientList, clientStore, type ClientStore, type KnownClients } from './storage/client-store.js'
export { authCodeStore, type AuthCodeStore, type AuthorizationCodeRecord, type TakenCode } from './storage/auth-code-store.js'
export {
  accessTokenStore,
  type AccessTokenRecord,
  type AccessTokenStore,
  type RefreshTokenRecord,
  type TokenRecord,
} from './storage/access-token-store.js'
