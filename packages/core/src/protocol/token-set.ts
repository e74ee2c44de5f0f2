import type { IdTokenClaims } from './claims.js'

/** One access token. @see RFC 6749, section 5.1; RFC 8707, section 2 */
export interface AccessToken {
  readonly accessToken: string
  /** As the server wrote it; compared without regard to case. */
  readonly tokenType: string
  /** The granted scope: as the server returned it, else the requested one. */
  readonly scope?: string | undefined
  /** Seconds since the epoch on the server's clock; absent if the server gave no lifetime (the token is then never treated as expired). */
  readonly expiresAt?: number | undefined
  /** When the response was read: seconds since the epoch on the server's clock. */
  readonly receivedAt?: number | undefined
}

/**
 * A stored token response with its absolute expiry. Without `accessToken` only for `response_type=id_token`.
 *
 * @see RFC 6749, section 5.1; OpenID Connect Core 1.0, section 3.1.3.3
 */
export interface TokenSet extends AccessToken {
  readonly refreshToken?: string | undefined
  readonly idToken?: string | undefined
  /** The checked claims of `idToken`. */
  readonly claims?: IdTokenClaims | undefined
  readonly receivedAt: number
  /** Seconds to add to this device's clock to get the server's, if they differ. */
  readonly clockOffsetSeconds?: number | undefined
  /** When the sign-in of this session was complete: seconds since the epoch on the server's clock, to the millisecond. */
  readonly signedInAt?: number | undefined
  /** The authorization response's `session_state`. @see OpenID Connect Session Management 1.0, section 2 */
  readonly sessionState?: string | undefined
  /** Narrower access tokens from the same refresh token, by requested resource indicator (RFC 8707), space, scope: see {@link tokenKey}. */
  readonly byResource?: Readonly<Record<string, AccessToken>> | undefined
  /** The token response as received. */
  readonly response: Readonly<Record<string, unknown>>
}

/** Why a token set is new. */
export type TokenSetReason = 'login' | 'refresh' | 'silent' | 'client_credentials' | 'restored' | 'adopted'

/**
 * Whether an access token is expired.
 *
 * @param leewaySeconds a token this near its expiry is treated as expired
 * @param nowSeconds seconds since the epoch, on the server's clock
 * @returns undefined if the token has no expiry
 */
export function isExpired(token: AccessToken, leewaySeconds: number, nowSeconds: number): boolean | undefined {
  return token.expiresAt === undefined ? undefined : token.expiresAt - leewaySeconds < nowSeconds
}

/**
 * The leeway for a token, at most half its lifetime: a short-lived token would otherwise be refreshed at every use.
 *
 * @param leewaySeconds the option `leeway`
 */
export function usefulLeeway(token: AccessToken, leewaySeconds: number): number {
  if (token.expiresAt === undefined || token.receivedAt === undefined) return leewaySeconds
  return Math.min(leewaySeconds, (token.expiresAt - token.receivedAt) / 2)
}

/**
 * Builds the key of a token in `TokenSet.byResource`. The order of the scope's words does not matter (RFC 6749, section 3.3).
 *
 * @returns the key of a token for a resource or scope; undefined for the session's own token
 */
export function tokenKey(resource: string | undefined, scope: string | readonly string[] | undefined): string | undefined {
  if (!scope?.length) return resource
  const words = [...new Set([scope].flat().join(' ').match(/\S+/g))].toSorted()
  return words.length === 0 ? resource : [resource ?? '', ...words].join(' ')
}

/** Clocks differ by less without having been changed. */
export const CLOCK_JITTER_SECONDS = 5

/** A younger token is not refreshed unless it was refused, however short its lifetime: each call would send a request. */
const MIN_AGE_SECONDS = 1

/**
 * @returns whether a token can be used for at least the useful leeway. A token without an expiry is always fresh. One that was received
 *   in the future is not: the clock was set back, so that its expiry says nothing
 */
export function isFresh(token: AccessToken, leewaySeconds: number, nowSeconds: number): boolean {
  const age = nowSeconds - (token.receivedAt ?? 0)
  if (age < MIN_AGE_SECONDS) return age >= -CLOCK_JITTER_SECONDS || token.expiresAt === undefined
  return !isExpired(token, usefulLeeway(token, leewaySeconds), nowSeconds)
}
