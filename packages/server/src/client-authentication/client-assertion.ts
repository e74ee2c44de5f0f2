import { decodeJwt } from 'jose'
import type { ServerParts } from '../server-parts.js'
import type { ClientRecord } from '../storage/client-store.js'
import { ASSERTION_ALGORITHMS, keysOf, verifyAssertion } from '../tokens/assertion.js'

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** @returns the client that an assertion claims to be from; nothing is believed before it is checked */
export function claimedClient(assertion: string): string | undefined {
  try {
    return decodeJwt(assertion).sub
  } catch {
    return undefined
  }
}

/**
 * Checks `client_secret_jwt` and `private_key_jwt`. The algorithm is that of the client's method: a public key is never taken
 * for an HMAC secret. @see OpenID Connect Core 1.0, section 9; RFC 7523, sections 2.2 and 3; RFC 8725, section 2.1
 */
export async function isClientAssertion(assertion: string, client: ClientRecord, server: ServerParts): Promise<boolean> {
  const isSymmetric = client.tokenEndpointAuthMethod === 'client_secret_jwt'
  const key = isSymmetric ? new TextEncoder().encode(client.clientSecret ?? '') : keysOf(client, server)
  if (!key || (key instanceof Uint8Array && key.length === 0)) return false
  const { tokenEndpointAuthSigningAlg: alg } = client
  const known = isSymmetric ? ['HS256', 'HS384', 'HS512'] : ASSERTION_ALGORITHMS
  const algorithms = alg === undefined ? known : known.filter((name) => name === alg)
  const demands = { issuer: client.clientId, algorithms, key, server, needsJti: true }
  const claims = await verifyAssertion(assertion, demands).catch(() => undefined)
  return claims?.sub === client.clientId
}
