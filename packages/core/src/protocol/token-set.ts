import type { IdTokenClaims } from './claims.js'

/** One access token and where it may go. @see RFC 6749, section 5.1; RFC 8707, section 2 */
export interface AccessToken {
  readonly accessToken: string
  /** As the server wrote it; compared without regard to case. */
  readonly tokenType: string
  /** The granted scope: what the server said, else what was asked for. */
  readonly scope?: string
  /** Seconds since the epoch on the server's clock; absent when the server gave no lifetime (it then never counts as expired). */
  readonly expiresAt?: number
  /** Seconds since the epoch on the server's clock, when the response was read. */
  readonly receivedAt?: number
}

/**
 * A stored token response with its absolute expiry. Without `accessToken` only for `response_type=id_token`.
 *
 * @see RFC 6749, section 5.1; OpenID Connect Core 1.0, section 3.1.3.3
 */
export interface TokenSet extends AccessToken {
  readonly refreshToken?: string
  readonly idToken?: string
  /** The checked claims of `idToken`. */
  readonly claims?: IdTokenClaims
  readonly receivedAt: number
  /** Seconds to add to this device's clock to get the server's, where they were seen to differ. */
  readonly clockOffsetSeconds?: number
  /** Seconds since the epoch on the server's clock: when the sign-in that this session began with was complete. */
  readonly signedInAt?: number
  /** The authorization response's `session_state`. @see OpenID Connect Session Management 1.0, section 2 */
  readonly sessionState?: string
  /** Narrower access tokens from the same refresh token, by resource indicator (RFC 8707), space, scope, as they were asked for. */
  readonly byResource?: Readonly<Record<string, AccessToken>>
  /** The wire's own token response, untouched. */
  readonly response: Readonly<Record<string, unknown>>
}

/** Why a token set is new. */
export type TokenSetReason = 'login' | 'refresh' | 'silent' | 'client_credentials' | 'restored' | 'adopted'

/**
 * Tells whether a token has expired.
 *
 * @param leewaySeconds a token this near its expiry counts as expired already
 * @param nowSeconds seconds since the epoch, on the server's clock
 * @returns undefined when the token has no expiry
 */
export function isExpired(token: AccessToken, leewaySeconds: number, nowSeconds: number): boolean | undefined {
  return token.expiresAt === undefined ? undefined : token.expiresAt - leewaySeconds < nowSeconds
}

/**
 * The leeway that makes sense for a token: one that lives shorter than twice the leeway would otherwise be renewed at every use.
 *
 * @param leewaySeconds what the options say
 */
export function usefulLeeway(token: AccessToken, leewaySeconds: number): number {
  if (token.expiresAt === undefined || token.receivedAt === undefined) return leewaySeconds
  return Math.min(leewaySeconds, (token.expiresAt - token.receivedAt) / 2)
}

/**
 * Builds the key of a token in `TokenSet.byResource`.
 *
 * @returns the name in `TokenSet.byResource` of a token for a resource, of a scope; undefined for the session's own
 */
export function tokenKey(resource: string | undefined, scope: string | undefined): string | undefined {
  return scope === undefined ? resource : `${resource ?? ''} ${scope}`
}

/** @returns whether a token can be used for at least the useful leeway. A token without an expiry is always fresh */
export function isFresh(token: AccessToken, leewaySeconds: number, nowSeconds: number): boolean {
  return !isExpired(token, usefulLeeway(token, leewaySeconds), nowSeconds)
}
