/// <reference lib="esnext.disposable" preserve="true" />
import type { Introspection } from '../protocol/introspection.js'
import type { AuthedRequestInit, UserInfoOptions } from '../fetch/fetch-options.js'
import type { UserClaims } from '../protocol/claims.js'
import type { TokenSet } from '../protocol/token-set.js'
import type { AccessTokenOptions, RefreshOptions } from '../refresh/refresh-options.js'
import type { SessionState } from '../session/session-state.js'
import type { LoginOptions, LoginResult } from '../sign-in/sign-in-options.js'
import type { RevokeOptions } from '../protocol/revocation.js'
import type { LogoutOptions, LogoutResult } from '../sign-out/logout-options.js'
import type { ClientOptions } from './client-options.js'
import type { ClientEvents } from './events.js'

/** A client for one authorization server, one client id and one session. Needs no framework. */
export interface OAuthClient<Claims = UserClaims> {
  /** The options, with the default `redirectUri`. */
  readonly options: ClientOptions
  /** Restores the session and handles a callback on this page. Safe to call any number of times; never rejects. */
  start(): Promise<void>
  /**
   * Returns whether the URL (default: the page's) contains an authorization response for this client. Synchronous, changes nothing,
   * never throws. A relative URL is resolved against the page, or without one against the redirect URI.
   */
  isCallback(url?: string | URL): boolean
  /**
   * Signs in. Call it inside the click for a popup.
   *
   * @returns the session after a popup or iframe. After a redirect the promise resolves only if the page is restored from the
   *   back/forward cache, with undefined. Also undefined for `responseType: 'none'`, which returns no token, and if the user signed
   *   out before the response arrived
   */
  login(options?: LoginOptions): Promise<LoginResult | undefined>
  /**
   * Completes an authorization response.
   *
   * @param url default: the page's. A relative one is resolved against the page, or without one against the redirect URI
   * @returns undefined if the URL is not this client's
   * @throws as `login`; ValidationError mismatching_state with the server's own (unverified) `error` for a URL at the redirect URI, other than
   *   the page's, that has an `error` and no `state`
   */
  handleCallback(url?: string | URL): Promise<LoginResult | undefined>
  /** Returns a token that is valid for at least the leeway; refreshes if needed. @throws SessionError missing_token, token_invalid */
  getAccessToken(options?: AccessTokenOptions): Promise<string>
  /** Returns the token set of the session, fresh or not. */
  getTokenSet(): TokenSet | undefined
  /** Refreshes the session. @throws SessionError missing_token, token_invalid; NetworkError (the session is kept) */
  refresh(options?: RefreshOptions): Promise<TokenSet>
  /**
   * Sends a request with the access token, to the `resources` of the options only.
   *
   * @throws ConfigurationError resource_not_allowed, and configuration for a URL, `init` or compliance hook that fails; SessionError
   *   missing_token, token_invalid; NetworkError offline, and what a refresh fails with; otherwise what the browser's `fetch` throws for
   *   the request itself: a `TypeError` for a network failure, and the `reason` of the signal (by default a `DOMException` named
   *   `AbortError`) for an abort. A response with a status of 400 or above is no error
   */
  fetch(input: RequestInfo | URL, init?: AuthedRequestInit): Promise<Response>
  /** Requests the user's claims; without a UserInfo endpoint, returns those of the ID token. */
  userInfo(options?: UserInfoOptions): Promise<UserClaims>
  /**
   * Signs out in this browser, revokes the tokens, and ends the session at the server. Call it inside the click for a popup.
   *
   * @throws with `transport: 'popup'` or `'iframe'` only, after the session in this browser has ended: InteractionError popup_blocked,
   *   popup_closed, iframe_blocked; ConfigurationError configuration, unsupported; NetworkError. Without them the error is in the state
   */
  logout(options?: LogoutOptions): Promise<LogoutResult>
  /**
   * Revokes a token at the server. The session stays: `logout()` ends it.
   *
   * @param token default: the session's refresh token, else its access token
   * @throws SessionError missing_token; ConfigurationError unsupported for a server without revocation; ServerError revocation_error
   * @see RFC 7009
   */
  revoke(token?: string, options?: RevokeOptions): Promise<void>
  /**
   * Asks the server whether a token (default: the session's) is valid. Only for clients that authenticate; few servers allow it in a browser.
   *
   * @see RFC 7662
   */
  introspect(token?: string): Promise<Introspection>
  /** Calls the listener after every change of the state. @returns removes it */
  subscribe(listener: () => void): () => void
  /** Returns the state. The same object until something in it changes. */
  getSnapshot(): SessionState<Claims>
  /** Adds a listener for an event. @returns removes it */
  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void
  /**
   * Ends timers, channels and listeners, and rejects the calls that are pending with the error `aborted`. A code exchange or refresh in
   * flight continues, so that its tokens are kept. A closed client can be started again (StrictMode mounts twice).
   */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
