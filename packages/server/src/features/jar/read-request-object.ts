import { errors, type JWTVerifyResult } from 'jose'
import { clientKey, HMAC_ALGORITHMS } from '../../token/client-authentication/client-key.js'
import { OAuthError } from '../../http/oauth-error.js'
import type { ServerParts } from '../../options/server-parts.js'
import type { ClientRecord } from '../../storage/client-store.js'
import { ASSERTION_ALGORITHMS, REQUEST_OBJECT_TYPE, typOf, verifyForeignJwt } from '../../token/assertion.js'
import { claimsAsParameters } from './claims-as-parameters.js'

/** `none` is not among them: an unsigned request object is no better than a query. @see RFC 9101, section 10.5 */
export const REQUEST_OBJECT_ALGORITHMS: readonly string[] = [...HMAC_ALGORITHMS, ...ASSERTION_ALGORITHMS]

/** A JWT that says it is something else is not taken; one that says nothing is. @see RFC 9101, section 10.8 */
const TYPES: ReadonlySet<string | undefined> = new Set([REQUEST_OBJECT_TYPE, 'jwt', undefined])

/**
 * Checks a request object: signed by this client, with the algorithm that it registered, for this server, now.
 *
 * @returns the authorization request inside, with the client's id
 * @throws OAuthError `invalid_request_object`. @see RFC 9101, sections 6.2 and 6.3; OpenID Connect Core 1.0, section 6.3
 */
export async function readRequestObject(object: string, client: ClientRecord, server: ServerParts): Promise<URLSearchParams> {
  const verified = await verify(object, client, server)
  const { payload } = verified
  if (!TYPES.has(typOf(verified))) throw refused(`"typ" of the request object must be "${REQUEST_OBJECT_TYPE}"`)
  // RFC 9101, section 10.8: so that a client assertion is not taken for a request object.
  if (payload.sub === client.clientId) throw refused('"sub" of the request object must not be the client')
  const inside = payload['client_id'] ?? client.clientId
  if (inside !== client.clientId) throw refused('"client_id" of the request object is not that of the request')
  const parameters = claimsAsParameters(payload)
  parameters.set('client_id', client.clientId)
  return parameters
}

async function verify(object: string, client: ClientRecord, server: ServerParts): Promise<JWTVerifyResult> {
  const { requestObjectSigningAlg: alg, jwks, jwksUri } = client
  const hasKeys = jwks !== undefined || jwksUri !== undefined
  const isSymmetric = alg === undefined ? !hasKeys : alg.startsWith('HS')
  const signed = clientKey(client, { isSymmetric, alg }, server)
  if (!signed) throw refused('this client has registered no key to sign requests with')
  const demands = { ...signed, issuer: client.clientId, audience: [server.issuer], requiredClaims: [], server }
  return verifyForeignJwt(object, demands).catch((cause: unknown) => {
    throw refused(reasonOf(cause), cause)
  })
}

function reasonOf(cause: unknown): string {
  if (cause instanceof errors.JWTExpired) return 'the request object has expired'
  if (cause instanceof errors.JWTClaimValidationFailed)
    return `"${cause.claim}" of the request object is missing, or not what it must be`
  if (cause instanceof TypeError) return `the request object is refused: ${cause.message}`
  return 'the request object is not a JWT that a key of this client signed, with an algorithm that it may use'
}

function refused(description: string, cause?: unknown): OAuthError {
  return new OAuthError('invalid_request_object', description, { cause })
}
