import type { ServerContext } from '../../options/server-context.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { ASSERTION_ALGORITHMS, keysOf, type ExpectedJwt } from '../assertion.js'
import { hmacKeyOf } from './client-secret.js'

/** Algorithms whose key is the client's secret. @see RFC 7518, section 3.2 */
export const HMAC_ALGORITHMS: readonly string[] = ['HS256', 'HS384', 'HS512']

/** How a client signs, by its registration. */
export interface SigningTerms {
  /** With its secret, not with a private key. */
  readonly isSymmetric: boolean
  /** The registered algorithm, if there is one. */
  readonly alg: string | undefined
}

/**
 * Returns the key and the algorithms for the JWTs of a client; undefined if the client has no key. The registration decides the kind
 * of algorithm, never the JWT: a public key must not be used as an HMAC secret. @see RFC 8725, section 2.1
 */
export function clientKey(
  client: ClientRecord,
  { isSymmetric, alg }: SigningTerms,
  server: ServerContext,
): Pick<ExpectedJwt, 'key' | 'algorithms'> | undefined {
  const key = isSymmetric ? hmacKeyOf(client) : keysOf(client, server)
  const known = isSymmetric ? HMAC_ALGORITHMS : ASSERTION_ALGORITHMS
  return key && { key, algorithms: alg === undefined ? known : known.filter((name) => name === alg) }
}
