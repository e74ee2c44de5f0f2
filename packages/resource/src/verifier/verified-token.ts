import type { TokenPlace } from '../http/find-token.js'

/** Claims of an access token: of a JWT, or of the introspection response. @see RFC 9068, section 2.2; RFC 7662, section 2.2 */
export interface AccessTokenClaims {
  /** The issuer. */
  readonly iss?: string | undefined
  /** The user, or the client if there is no user. */
  readonly sub?: string | undefined
  /** What the token is for. */
  readonly aud?: string | readonly string[] | undefined
  /** When the token expires, in seconds since the epoch. */
  readonly exp?: number | undefined
  /** When it was issued, in seconds since the epoch. */
  readonly iat?: number | undefined
  /** The token's id. */
  readonly jti?: string | undefined
  /** Any other claim. */
  readonly [name: string]: unknown
}

/** A token that may be used with a request. */
export interface VerifiedToken<Claims extends object = AccessTokenClaims> {
  /** The issuer that has vouched for it. */
  readonly issuer: string
  /** The user's id at the issuer, or the client's if there is no user. */
  readonly sub: string | undefined
  /** The client that the token was issued to. */
  readonly clientId: string | undefined
  /** The names of its scope. */
  readonly scope: readonly string[]
  /** When it expires, in milliseconds since the epoch. */
  readonly expiresAt: number | undefined
  /** Its claims, as the schema of `claims` returns them. */
  readonly claims: Claims
  /** The thumbprint of the DPoP key that the request has proven; undefined for a bearer token. */
  readonly dpopJkt: string | undefined
  /** Where the request has it. */
  readonly place: TokenPlace
}
