import type { IdTokenClaims } from './claims.js'

/** What an ID token is checked against. */
export interface IdTokenExpectation {
  readonly nonce?: string | undefined
  /** The `iss` of the authorization response, if it has one. */
  readonly issuer?: string | undefined
  /** Seconds. */
  readonly maxAge?: number | undefined
  readonly acrValues?: string | undefined
  readonly acrEssential?: boolean | undefined
  readonly subject?: string | undefined
  /** Compared with `at_hash`. */
  readonly accessToken?: string | undefined
  /** A refresh has no nonce of its own, also where the claims of the sign-in are unknown. */
  readonly isRefresh?: boolean | undefined
  /** For a refresh: the claims of the ID token from the sign-in. */
  readonly former?: IdTokenClaims | undefined
  /** Compares them, from `same-session.ts`. Without it, only the complete checks accept the ID token of a refresh. */
  readonly isSameSession?: ((claims: Readonly<Record<string, unknown>>, former: IdTokenClaims) => boolean) | undefined
}

/** What the authorization response is checked against, as it is in the finished authorization request. */
export interface AuthorizationExpectation {
  readonly state: string
  readonly nonce?: string | undefined
  /** @see RFC 7636, section 4.1 */
  readonly codeVerifier?: string | undefined
  readonly redirectUri: string
  readonly responseType: string
  readonly responseMode?: string | undefined
  readonly scope?: string | undefined
  readonly resources?: readonly string[] | undefined
  /** Seconds; the requested `max_age`, checked against `auth_time`. */
  readonly maxAge?: number | undefined
  /** The requested `acr_values`; checked against `acr` if `acrEssential`. */
  readonly acrValues?: string | undefined
  readonly acrEssential?: boolean | undefined
}

/** The expectation, and what the caller adds to it. */
export interface ResponseExpectation extends AuthorizationExpectation {
  /** Milliseconds since the epoch, device clock: when the request was made. Metadata that was fresh then is fresh enough. */
  readonly createdAt?: number | undefined
  /** The accepted `iss` of the response, if it is not the issuer of the metadata. The ID token must be from the same issuer. */
  readonly issuer?: string | undefined
  /** The ID token must be for this `sub`. */
  readonly expectedSubject?: string | undefined
}

/**
 * Whether the response must contain an ID token: the scope `openid` makes a request an OpenID Connect one.
 *
 * @see OpenID Connect Core 1.0, section 3.1.2.1
 */
export function expectsIdToken({ scope, responseType }: Pick<AuthorizationExpectation, 'scope' | 'responseType'>): boolean {
  return (scope ?? '').split(' ').includes('openid') || responseType.includes('id_token')
}
