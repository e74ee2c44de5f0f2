import type { JWTPayload, JWTHeaderParameters } from 'jose'

/** The shape of an issuer's JWT access tokens. All members have the default of RFC 9068. */
export interface TokenProfile {
  /** Accepted values of the header parameter `typ`, in lower case and without `application/`. `''` accepts a token without it. */
  readonly types?: readonly string[] | undefined
  /** Claims without which a token is refused; `iss` and `exp` always are. */
  readonly requiredClaims?: readonly string[] | undefined
  /** Returns the value, or list of values, that names the APIs which the token is for. Default: `aud`. */
  readonly audience?: ((claims: JWTPayload) => unknown) | undefined
  /** Returns the scope: a space-separated string or a list. Default: `scope`. */
  readonly scope?: ((claims: JWTPayload) => unknown) | undefined
  /** Returns the client's id. Default: `client_id`, else `azp`. */
  readonly clientId?: ((claims: JWTPayload) => unknown) | undefined
  /** Returns why a token is refused, such as "it is an ID token"; undefined if it is not. */
  readonly check?: ((claims: JWTPayload, header: JWTHeaderParameters) => string | undefined) | undefined
}

/** A profile with all members. */
export type CompleteProfile = { readonly [Name in keyof TokenProfile]-?: NonNullable<TokenProfile[Name]> }

/** The profile of RFC 9068. */
export const RFC_9068: CompleteProfile = {
  types: ['at+jwt'],
  requiredClaims: ['aud', 'sub', 'client_id', 'iat', 'jti'],
  audience: ({ aud }) => aud,
  scope: ({ scope }) => scope,
  clientId: ({ client_id: clientId, azp }) => clientId ?? azp,
  check: () => undefined,
}

/** Claims that only ID tokens have. @see OpenID Connect Core 1.0, sections 2 and 3.3.2.11 */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash', 's_hash']

/** Any signed JWT that is no other known kind of token: for issuers that have no `typ` of access tokens. */
export const ANY_JWT: CompleteProfile = {
  ...RFC_9068,
  types: ['at+jwt', 'jwt', ''],
  requiredClaims: [],
  check: (claims) => {
    const found = ID_TOKEN_CLAIMS.find((name) => claims[name] !== undefined)
    if (found !== undefined) return `it has the claim "${found}", so it is an ID token`
    return claims['events'] === undefined ? undefined : 'it has the claim "events", so it is a logout token or security event'
  },
}

/** Returns the profile with the members of `changes` in place of those of `base`. */
export function completeProfile(changes: TokenProfile, base: CompleteProfile): CompleteProfile {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  return { ...base, ...given }
}
