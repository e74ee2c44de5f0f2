import { decodeJwt } from 'jose'
import type { ServerContext } from '../../options/server-context.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { verifyAssertion } from '../assertion.js'
import { clientKey } from './client-key.js'

/** The `client_assertion_type` of JWTs. @see RFC 7523, section 2.2 */
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Returns the client that an assertion claims to be from. Nothing is verified yet. */
export function claimedClient(assertion: string): string | undefined {
  try {
    return decodeJwt(assertion).sub
  } catch {
    return undefined
  }
}

/**
 * Verifies `client_secret_jwt` and `private_key_jwt`. The registered method decides the algorithm.
 *
 * @see OpenID Connect Core 1.0, section 9; RFC 7523, sections 2.2 and 3
 */
export async function isClientAssertion(assertion: string, client: ClientRecord, server: ServerContext): Promise<boolean> {
  const isSymmetric = client.tokenEndpointAuthMethod === 'client_secret_jwt'
  const signed = clientKey(client, { isSymmetric, alg: client.tokenEndpointAuthSigningAlg }, server)
  if (!signed) return false
  const expected = { ...signed, issuer: client.clientId, server, needsJti: true }
  const claims = await verifyAssertion(assertion, expected).catch(() => undefined)
  return claims?.sub === client.clientId
}
