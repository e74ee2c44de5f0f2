import type { OAuthClientError } from '../errors/errors.js'
import type { EventCorrelation } from '../session/session-options.js'

/** When a client refreshes tokens. */
export interface RefreshPolicy {
  /** Seconds; a token this near its expiry is refreshed before use. Default 60. */
  readonly leeway?: number | undefined
  /**
   * Seconds that a session is shown after its token's expiry while the device is offline and cannot refresh it. After that the user
   * looks signed out until the network is back (nothing is deleted). Default: no limit.
   */
  readonly offlineGrace?: number | undefined
}

/** Which access token is requested. */
export interface AccessTokenOptions {
  /** Resource indicator (RFC 8707) the token is for. */
  readonly resource?: string | undefined
  /** For a separate token with this scope, which is narrower than the session's. @see RFC 6749, section 6 */
  readonly scope?: string | readonly string[] | undefined
  /** Refresh even though the token has not expired. */
  readonly forceRefresh?: boolean | undefined
  /** Stops waiting; a refresh that is in flight continues for the other callers. */
  readonly signal?: AbortSignal | undefined
}

/** Options of one refresh. */
export interface RefreshOptions {
  /** Instead of the session's own, for a token that came from elsewhere. */
  readonly refreshToken?: string | undefined
  /** Narrower than what was granted; the next refresh without it restores the full scope. @see RFC 6749, section 6 */
  readonly scope?: string | readonly string[] | undefined
  /** Stops waiting; the refresh continues for the other callers. */
  readonly signal?: AbortSignal | undefined
}

/** Events of a refresh. */
export interface RefreshEvents {
  /** A refresh, or the request for a token for one resource, failed. The session is kept unless `signed-out` follows. */
  'refresh-failed': EventCorrelation & { readonly error: OAuthClientError }
}
