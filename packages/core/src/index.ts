export type { AddressClaim, IdTokenClaims, UserClaims } from './protocol/claims.js'
export type { ClientAuthentication, ClientAuthenticationFunction, ClientIdentity } from './protocol/client-authentication.js'
export { createAuthorizationUrl, exchange } from './client/authorization-url.js'
export type { AuthorizationUrl, AuthorizationUrlOptions, SavedAuthorization } from './sign-in/authorization-url.js'
export { createSignOutUrl } from './client/sign-out-url.js'
export { createOAuthClient } from './client/create-client.js'
export type { ClientEvents } from './client/events.js'
export type { AcceptIssuer } from './protocol/protocol-options.js'
export type { AuthorizationDetails, ClaimRequest, ClaimsRequest, RequestObjectOptions } from './protocol/protocol-options.js'
export type { ClientOptions } from './client/client-options.js'
export { withCheckedCalls } from './client/check-options.js'
export { CLIENT_OPTIONS } from './client/option-names.js'
export type { Resource } from './fetch/fetch-options.js'
export type { ResponseMode, ResponseType } from './protocol/protocol-options.js'
export type { EventCorrelation, StandardSchema } from './session/session-options.js'
export type { ComplianceHooks } from './protocol/compliance.js'
export { currentEnvironment } from './platform/environment.js'
export type { Channel, Environment } from './platform/environment.js'
export {
  ConfigurationError,
  EnvironmentError,
  InteractionError,
  NetworkError,
  OAuthClientError,
  ServerError,
  SessionError,
  ValidationError,
} from './errors/errors.js'
export type { ErrorCode } from './errors/error-codes.js'
export { refuseSimilarOptions, refuseUnknownOptions } from './errors/unknown-options.js'
export type { OptionKind, OptionNames } from './errors/unknown-options.js'
export type { AnyOAuthClientError, ErrorDetails, RequiredClaims } from './errors/errors.js'
export type { Logger } from './platform/logger.js'
export type { OAuthClient } from './client/client.js'
export type { AuthedRequestInit } from './fetch/fetch-options.js'
export type { ParameterValue } from './protocol/protocol-options.js'
export type { AccessTokenOptions, RefreshOptions } from './refresh/refresh-options.js'
export type { LoginOptions, LoginResult } from './sign-in/sign-in-options.js'
export type { RevokeOptions } from './protocol/revocation.js'
export type { LogoutOptions, LogoutResult } from './sign-out/logout-options.js'
export { createOAuthRegistry } from './registry/registry.js'
export type { OAuthRegistry, RegistryBase, RegistryEvents, RegistryOptions } from './registry/registry.js'
export type { RegistryClient, RegistryEntry, SharedOptions } from './registry/registry-entry.js'
export type { StoredToken } from './registry/stored-token.js'
export type { ServerMetadata, ServerOverrides, ServerRecord } from './protocol/server-metadata.js'
export { initialState, reduce } from './session/session-state.js'
export type {
  NotSignedInState,
  SessionActivity,
  SessionEvent,
  SessionState,
  SessionStatus,
  SignedInState,
} from './session/session-state.js'
export { connectToResource, resumeConnection } from './resource-client/connect-to-resource.js'
export type { ChooseAuthorizationServer, ResourceClientOptions, StepUpPrompt } from './resource-client/resource-client-options.js'
export type { ConnectOptions, ResourceConnection } from './resource-client/resource-connection.js'
export type { ClientMetadata } from './endpoints/register-client.js'
export type { ResourceMetadata } from './endpoints/resource-metadata.js'
export { indexedDb } from './storage/indexed-db.js'
export { memory } from './storage/memory.js'
export type { TokenStorage } from './storage/token-storage.js'
export { webStorage } from './storage/web-storage.js'
export { isExpired, tokenKey } from './protocol/token-set.js'
export type { AccessToken, TokenSet, TokenSetReason } from './protocol/token-set.js'
export type { NavigateRequest, Navigation, Transport, TransportName } from './sign-in/transports/transport.js'
export { checkReturnTo } from './sign-in/return-to.js'
