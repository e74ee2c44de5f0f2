import type { UserClaims } from '../protocol/claims.js'
import type { Introspection } from '../endpoints/introspect-token.js'
import type { ClientEvents } from './events.js'
import type { AuthorizationDetails, ClaimsRequest, ClientOptions } from './client-options.js'
import type { SessionState } from '../session/session-state.js'
import type { TokenSet } from '../protocol/token-set.js'
import type { TransportName, Transport } from '../sign-in/transports/transport.js'

/** One value, several (the parameter is repeated), or none. */
export type ParameterValue = string | number | boolean | readonly string[] | null | undefined

export interface LoginOptions {
  readonly transport?: TransportName | Transport
  /** A path on this origin, where the app continues; default: the page that called. Anything else is refused. */
  readonly returnTo?: string
  readonly scope?: string
  readonly redirectUri?: string
  readonly prompt?: 'none' | 'login' | 'consent' | 'select_account' | 'create' | (string & {})
  readonly loginHint?: string
  /** Seconds; the answer's `auth_time` is checked against it. */
  readonly maxAge?: number
  readonly acrValues?: string
  readonly uiLocales?: string
  readonly idTokenHint?: string
  /** Resource indicators (RFC 8707). */
  readonly resources?: readonly string[]
  /** Claims one by one; an essential `acr` is checked in the answer. */
  readonly claims?: ClaimsRequest
  /** @see RFC 9396 */
  readonly authorizationDetails?: readonly AuthorizationDetails[]
  /** Further parameters of the authorization request, by their own names. */
  readonly params?: Readonly<Record<string, ParameterValue>>
  /** Ends the attempt: closes the popup or the iframe. */
  readonly signal?: AbortSignal
  /** For a popup: where none can be opened, leave by redirect instead of failing. */
  readonly fallback?: 'redirect'
}

export interface LoginResult {
  readonly tokenSet: TokenSet
  readonly returnTo: string
}

export interface AccessTokenOptions {
  /** Resource indicator (RFC 8707) the token is for. */
  readonly resource?: string
  /** For a token of its own with this scope, which is narrower than the session's. @see RFC 6749, section 6 */
  readonly scope?: string
  /** Refresh even though the token is still good. */
  readonly forceRefresh?: boolean
  readonly signal?: AbortSignal
}

export interface RefreshOptions {
  /** In the place of the session's own, for a token that came from elsewhere. */
  readonly refreshToken?: string
  /** Narrower than what was granted; the next refresh without it gives all of it again. @see RFC 6749, section 6 */
  readonly scope?: string
  readonly signal?: AbortSignal
}

export interface LogoutOptions {
  /** Only this browser forgets; the server's session stays. */
  readonly local?: boolean
  /** Revoke the refresh token (else the access token) first; default true where the server has a revocation endpoint. */
  readonly revoke?: boolean
  readonly postLogoutRedirectUri?: string
  readonly state?: string
  readonly logoutHint?: string
  readonly uiLocales?: string
  readonly params?: Readonly<Record<string, ParameterValue>>
}

/** What `logout` reached. */
export interface LogoutResult {
  readonly local: true
  /** True when the browser is on its way to (or back from) the server's end session endpoint. */
  readonly provider: boolean
}

export interface RevokeOptions {
  /** Default: what the session says of the token, else none. */
  readonly tokenTypeHint?: 'access_token' | 'refresh_token'
}

/** Added to `fetch`'s own `init`. */
export interface AuthedRequestInit extends RequestInit {
  /** Send a plain request. */
  readonly withholdToken?: boolean
  /** Resource indicator, when the URL does not tell. */
  readonly resource?: string
}

/** A framework-free client: one authorization server, one client id, one session. */
export interface OAuthClient<Claims = UserClaims> {
  readonly options: ClientOptions
  /** Restores the session and handles a callback on this page. Safe to call any number of times; never rejects. */
  start(): Promise<void>
  /** True when the URL (default: the page's) carries an authorization response for this client. Synchronous, changes nothing. */
  isCallback(url?: string | URL): boolean
  /**
   * Signs in. Call it inside the click for a popup.
   *
   * @returns for a popup or iframe the session; a redirect leaves the page, so its promise resolves (with undefined) only when the
   *   browser came back to the same page without having left; undefined also for `responseType: 'none'`, which brings no token, and
   *   when the person signed out before the answer came
   */
  login(options?: LoginOptions): Promise<LoginResult | undefined>
  /** Handles an authorization response. @returns undefined when the URL is not this client's */
  handleCallback(url?: string | URL): Promise<LoginResult | undefined>
  /** A token that is good for at least the leeway; refreshes when needed. @throws SessionError missing_token, token_invalid */
  getAccessToken(options?: AccessTokenOptions): Promise<string>
  getTokenSet(): TokenSet | undefined
  refresh(options?: RefreshOptions): Promise<TokenSet>
  /** `fetch` with the access token, to the resources named in the options only. */
  fetch(input: RequestInfo | URL, init?: AuthedRequestInit): Promise<Response>
  userInfo(options?: { readonly signal?: AbortSignal }): Promise<UserClaims>
  logout(options?: LogoutOptions): Promise<LogoutResult>
  /**
   * Makes the server forget a token. The session stays: `logout()` ends it.
   *
   * @param token default: the session's refresh token, else its access token
   * @throws SessionError missing_token; ConfigurationError unsupported for a server without revocation; ServerError revocation_error
   * @see RFC 7009
   */
  revoke(token?: string, options?: RevokeOptions): Promise<void>
  /**
   * Asks the server whether a token is good; default: the session's. For clients that authenticate (in a browser few servers answer).
   *
   * @see RFC 7662
   */
  introspect(token?: string): Promise<Introspection>
  subscribe(listener: () => void): () => void
  getSnapshot(): SessionState<Claims>
  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void
  /** Ends timers, channels and listeners. A closed client can be started again (StrictMode mounts twice). */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
