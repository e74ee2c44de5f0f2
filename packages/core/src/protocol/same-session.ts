import type { IdTokenClaims } from './claims.js'
import { listed } from './id-token.js'

/**
 * Whether the ID token of a refresh is for the session of the sign-in.
 *
 * @see OpenID Connect Core 1.0, section 12.2
 */
export function isSameSession(claims: Readonly<Record<string, unknown>>, former: IdTokenClaims): boolean {
  const { iss, sub, aud, azp, nonce = former.nonce, auth_time: time = former.auth_time } = claims
  const { iss: issuer, sub: subject, aud: audience, azp: party, nonce: sent, auth_time: signedInAt } = former
  return (
    listed([iss, sub, listed(aud), azp, nonce, time]) === listed([issuer, subject, listed(audience), party, sent, signedInAt])
  )
}
