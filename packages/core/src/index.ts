export type { AddressClaim, IdTokenClaims, UserClaims } from './claims.js'
export type { ClientAuthentication, ClientAuthenticationFunction, ClientIdentity } from './client-authentication.js'
export { createAuthorizationUrl, exchange } from './authorization-url.js'
export type { AuthorizationUrl, AuthorizationUrlOptions } from './authorization-url.js'
export { createOAuthClient } from './client.js'
export type { ClientEvents } from './client-events.js'
export type { AuthorizationDetails, ClaimRequest, ClaimsRequest, RequestObjectOptions } from './client-options.js'
export type { ClientOptions, Resource, ResponseMode, ResponseType, StandardSchema } from './client-options.js'
export type { ComplianceHooks } from './compliance.js'
export { currentEnvironment } from './environment.js'
export type { Channel, Environment } from './environment.js'
export {
  ConfigurationError,
  InteractionError,
  NetworkError,
  OAuthClientError,
  ServerError,
  SessionError,
  ValidationError,
} from './errors.js'
export type { ErrorCode, ErrorDetails } from './errors.js'
export type { Logger } from './logger.js'
export type {
  AccessTokenOptions,
  AuthedRequestInit,
  LoginOptions,
  LoginResult,
  LogoutOptions,
  LogoutResult,
  OAuthClient,
  ParameterValue,
  RefreshOptions,
  RevokeOptions,
} from './oauth-client.js'
export { createOAuthRegistry } from './registry/registry.js'
export type { OAuthRegistry, RegistryBase, RegistryEvents, RegistryOptions } from './registry/registry.js'
export type { RegisteredClient, RegistryEntry } from './registry/registry-entry.js'
export type { StoredToken } from './registry/stored-token.js'
export type { ServerMetadata, ServerRecord } from './server-metadata.js'
export { initialState, reduce } from './session-state.js'
export type {
  NotSignedInState,
  SessionActivity,
  SessionEvent,
  SessionState,
  SessionStatus,
  SignedInState,
} from './session-state.js'
export { indexedDb } from './storage/indexed-db.js'
export { memory } from './storage/memory.js'
export type { TokenStorage } from './storage/token-storage.js'
export { webStorage } from './storage/web-storage.js'
export { isExpired, tokenKey } from './token-set.js'
export type { AccessToken, TokenSet, TokenSetReason } from './token-set.js'
export type { NavigateRequest, Transport, TransportName, TransportTrip } from './transport/transport.js'
