import type { ServerParts } from '../../options/server-parts.js'
import type { ClientRecord } from '../../storage/client-store.js'
import { ASSERTION_ALGORITHMS, keysOf, type JwtDemands } from '../assertion.js'
import { hmacKeyOf } from './client-secret.js'

/** Algorithms that a client's secret is the key of. @see RFC 7518, section 3.2 */
export const HMAC_ALGORITHMS: readonly string[] = ['HS256', 'HS384', 'HS512']

/** How a client registered to sign. */
export interface SigningTerms {
  /** With its secret, not with a key of its own. */
  readonly isSymmetric: boolean
  /** The one algorithm that it named, where it named one. */
  readonly alg: string | undefined
}

/**
 * The family of algorithms is that of the client's registration, never that of the JWT: a public key is never taken for an HMAC
 * secret. @see RFC 8725, section 2.1
 *
 * @returns what a JWT of the client is checked with; undefined where the client has nothing to sign with
 */
export function clientKey(
  client: ClientRecord,
  { isSymmetric, alg }: SigningTerms,
  server: ServerParts,
): Pick<JwtDemands, 'key' | 'algorithms'> | undefined {
  const key = isSymmetric ? hmacKeyOf(client) : keysOf(client, server)
  const known = isSymmetric ? HMAC_ALGORITHMS : ASSERTION_ALGORITHMS
  return key && { key, algorithms: alg === undefined ? known : known.filter((name) => name === alg) }
}
