import type { Introspection } from '../protocol/introspection.js'
import type { AuthedRequestInit, UserInfoOptions } from '../fetch/fetch-options.js'
import type { UserClaims } from '../protocol/claims.js'
import type { TokenSet } from '../protocol/token-set.js'
import type { AccessTokenOptions, RefreshOptions } from '../refresh/refresh-options.js'
import type { SessionState } from '../session/session-state.js'
import type { LoginOptions, LoginResult } from '../sign-in/sign-in-options.js'
import type { LogoutOptions, LogoutResult, RevokeOptions } from '../sign-out/logout-options.js'
import type { ClientOptions } from './client-options.js'
import type { ClientEvents } from './events.js'

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
   *   when the user signed out before the response arrived
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
  userInfo(options?: UserInfoOptions): Promise<UserClaims>
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
