import type { OptionNames } from '../errors/unknown-options.js'
import type { AuthedRequestInit, Resource, UserInfoOptions } from '../fetch/fetch-options.js'
import type { Environment } from '../platform/environment.js'
import { PROTOCOL_OPTIONS } from '../protocol/protocol-option-names.js'
import type { RequestObjectOptions } from '../protocol/protocol-options.js'
import type { AccessTokenOptions, RefreshOptions } from '../refresh/refresh-options.js'
import type { AuthorizationUrlOptions } from '../sign-in/authorization-url.js'
import type { LoginOptions } from '../sign-in/sign-in-options.js'
import type { LogoutOptions } from '../sign-out/logout-options.js'
import type { RevokeOptions } from '../protocol/revocation.js'
import type { ClientEvents } from './events.js'
import type { ClientOptions } from './client-options.js'

// The types hold that these lists are complete. Only development loads them.

/** The names of all options of `createOAuthClient`, for code that checks options that it passes on. */
export const CLIENT_OPTIONS: OptionNames<ClientOptions> = {
  ...PROTOCOL_OPTIONS,
  postLogoutRedirectUri: true,
  transport: true,
  silent: true,
  leeway: true,
  offlineGrace: true,
  claims: true,
  onTokenSet: true,
  fetch: true,
  now: true,
  logger: true,
  environment: true,
  name: true,
  storage: true,
  stepUp: true,
}

export const RESOURCE: OptionNames<Resource> = { url: true, resource: true, scope: true, tokenPlacement: true }

export const DPOP: OptionNames<{ alg: string; required: boolean }> = { alg: true, required: true }

export const REQUEST_OBJECT: OptionNames<RequestObjectOptions> = { key: true, kid: true, publish: true }

export const ENVIRONMENT: OptionNames<Environment> = {
  fetch: true,
  now: true,
  locks: true,
  openChannel: true,
  window: true,
  openWindow: true,
}

export const LOGIN_OPTIONS: OptionNames<LoginOptions> = {
  scope: true,
  prompt: true,
  loginHint: true,
  maxAge: true,
  acrValues: true,
  uiLocales: true,
  idTokenHint: true,
  nonce: true,
  resources: true,
  claims: true,
  authorizationDetails: true,
  params: true,
  signal: true,
  returnTo: true,
  redirectUri: true,
  transport: true,
  fallback: true,
}

// Without spread: bundlers keep a spread of a constant although nothing uses the result.
export const AUTHORIZATION_URL_OPTIONS: OptionNames<AuthorizationUrlOptions> = {
  scope: true,
  prompt: true,
  loginHint: true,
  maxAge: true,
  acrValues: true,
  uiLocales: true,
  idTokenHint: true,
  nonce: true,
  resources: true,
  claims: true,
  authorizationDetails: true,
  params: true,
  signal: true,
  returnTo: true,
  redirectUri: true,
  state: true,
  codeVerifier: true,
}

export const LOGOUT_OPTIONS: OptionNames<LogoutOptions> = {
  local: true,
  transport: true,
  revoke: true,
  postLogoutRedirectUri: true,
  state: true,
  logoutHint: true,
  uiLocales: true,
  params: true,
}

export const ACCESS_TOKEN_OPTIONS: OptionNames<AccessTokenOptions> = {
  resource: true,
  scope: true,
  forceRefresh: true,
  signal: true,
}

export const REFRESH_OPTIONS: OptionNames<RefreshOptions> = { refreshToken: true, scope: true, signal: true }

export const USER_INFO_OPTIONS: OptionNames<UserInfoOptions> = { signal: true }

export const REVOKE_OPTIONS: OptionNames<RevokeOptions> = {
  tokenTypeHint: true,
  clientAuth: true,
  headers: true,
  params: true,
  signal: true,
}

/** What `fetch` takes in addition to the members of `RequestInit`, which each runtime extends. */
export const FETCH_OPTIONS: OptionNames<Omit<AuthedRequestInit, keyof RequestInit>> = { withholdToken: true, resource: true }

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
