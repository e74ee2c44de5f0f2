import type { OptionNames } from '../errors/unknown-options.js'
import type { AuthedRequestInit, Resource, UserInfoOptions } from '../fetch/fetch-options.js'
import type { Environment } from '../platform/environment.js'
import { PROTOCOL_OPTIONS } from '../protocol/protocol-option-names.js'
import type { AccessTokenOptions, RefreshOptions } from '../refresh/refresh-options.js'
import type { AuthorizationUrl, SavedAuthorization } from '../sign-in/authorization-url.js'
import type { LoginOptions } from '../sign-in/sign-in-options.js'
import type { LogoutOptions } from '../sign-out/logout-options.js'
import type { RevokeOptions } from '../protocol/revocation.js'
import type { ClientEvents } from './events.js'
import type { ClientOptions } from './client-options.js'

// The types hold that these lists are complete. Only development loads them.

const TRANSPORT = "'redirect' | 'popup' | 'iframe' | object"

/** The names of all options of `createOAuthClient`, for code that checks options that it passes on. */
export const CLIENT_OPTIONS: OptionNames<ClientOptions> = {
  ...PROTOCOL_OPTIONS,
  postLogoutRedirectUri: 'string',
  transport: TRANSPORT,
  silent: 'list',
  leeway: 'number',
  offlineGrace: 'number',
  claims: 'object | function',
  onTokenSet: 'function',
  fetch: 'function',
  now: 'function',
  logger: 'object',
  environment: 'object',
  name: 'string',
  storage: 'object',
  stepUp: TRANSPORT,
}

export const RESOURCE: OptionNames<Resource> = {
  url: 'string',
  resource: 'string',
  scope: 'string | list',
  tokenPlacement: "'header' | 'body' | 'query'",
}

export const ENVIRONMENT: OptionNames<Environment> = {
  fetch: 'function',
  now: 'function',
  locks: 'object',
  openChannel: 'function',
  window: true,
  openWindow: 'function',
}

export const LOGIN_OPTIONS: OptionNames<LoginOptions> = {
  scope: 'string | list',
  prompt: 'string',
  loginHint: 'string',
  maxAge: 'number',
  acrValues: 'string',
  uiLocales: 'string',
  idTokenHint: 'string',
  nonce: 'string',
  resources: 'list',
  claims: 'object',
  authorizationDetails: 'list',
  params: 'object',
  signal: 'signal',
  returnTo: 'string',
  redirectUri: 'string',
  transport: TRANSPORT,
  fallback: "'redirect'",
}

/** `url` is what `createAuthorizationUrl` returned besides. */
export const SAVED_AUTHORIZATION: OptionNames<SavedAuthorization & AuthorizationUrl> = {
  url: true,
  state: 'string',
  codeVerifier: 'string',
  nonce: 'string',
  redirectUri: 'string',
  scope: 'string | list',
  returnTo: 'string',
}

export const LOGOUT_OPTIONS: OptionNames<LogoutOptions> = {
  local: 'boolean',
  transport: "'redirect' | 'popup' | 'iframe'",
  revoke: 'boolean',
  postLogoutRedirectUri: 'string',
  state: 'string',
  logoutHint: 'string',
  uiLocales: 'string',
  params: 'object',
}

export const ACCESS_TOKEN_OPTIONS: OptionNames<AccessTokenOptions> = {
  resource: 'string',
  scope: 'string | list',
  forceRefresh: 'boolean',
  signal: 'signal',
}

export const REFRESH_OPTIONS: OptionNames<RefreshOptions> = { refreshToken: 'string', scope: 'string | list', signal: 'signal' }

export const USER_INFO_OPTIONS: OptionNames<UserInfoOptions> = { signal: 'signal' }

export const REVOKE_OPTIONS: OptionNames<RevokeOptions> = {
  tokenTypeHint: 'string',
  clientAuth: 'string | function',
  headers: 'object | list',
  params: 'object',
  signal: 'signal',
}

/** What `fetch` takes in addition to the members of `RequestInit`, which each runtime extends. */
export const FETCH_OPTIONS: OptionNames<Omit<AuthedRequestInit, keyof RequestInit>> = {
  withholdToken: 'boolean',
  resource: 'string',
}

export const EVENTS: OptionNames<ClientEvents> = {
  'signed-in': true,
  'signed-out': true,
  'user-changed': true,
  'token-set': true,
  'refresh-failed': true,
  'storage-degraded': true,
  'callback-ignored': true,
  error: true,
}
