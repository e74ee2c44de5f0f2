import { decodeJwt } from 'jose'
import type { ServerParts } from '../../options/server-parts.js'
import type { ClientRecord } from '../../storage/client-store.js'
import { verifyAssertion } from '../assertion.js'
import { clientKey } from './client-key.js'

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
 * Checks `client_secret_jwt` and `private_key_jwt`. The algorithm is that of the client's method.
 *
 * @see OpenID Connect Core 1.0, section 9; RFC 7523, sections 2.2 and 3
 */
export async function isClientAssertion(assertion: string, client: ClientRecord, server: ServerParts): Promise<boolean> {
  const isSymmetric = client.tokenEndpointAuthMethod === 'client_secret_jwt'
  const signed = clientKey(client, { isSymmetric, alg: client.tokenEndpointAuthSigningAlg }, server)
  if (!signed) return false
  const demands = { ...signed, issuer: client.clientId, server, needsJti: true }
  const claims = await verifyAssertion(assertion, demands).catch(() => undefined)
  return claims?.sub === client.clientId
}
