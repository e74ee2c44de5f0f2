import type { ServerContext } from '../../options/server-context.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { ASSERTION_ALGORITHMS, keysOf, type ExpectedJwt } from '../assertion.js'
import { hmacKeyBytes, hmacKeyOf } from './client-secret.js'

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
  const signed = isSymmetric ? secretKey(client) : privateKey(client, server)
  return signed && { ...signed, algorithms: signed.algorithms.filter((name) => alg === undefined || name === alg) }
}

/** With the algorithms for which the secret is long enough. */
function secretKey(client: ClientRecord): Pick<ExpectedJwt, 'key' | 'algorithms'> | undefined {
  const key = hmacKeyOf(client)
  const algorithms = HMAC_ALGORITHMS.filter((alg) => key !== undefined && key.byteLength >= (hmacKeyBytes(alg) ?? 0))
  return key && algorithms.length > 0 ? { key, algorithms } : undefined
}

function privateKey(client: ClientRecord, server: ServerContext): Pick<ExpectedJwt, 'key' | 'algorithms'> | undefined {
  const key = keysOf(client, server)
  return key && { key, algorithms: ASSERTION_ALGORITHMS }
}
