import { errors, type JWTVerifyResult } from 'jose'
import { clientKey, HMAC_ALGORITHMS } from '../../token/client-authentication/client-key.js'
import { OAuthError } from '../../http/oauth-error.js'
import type { ServerContext } from '../../options/server-context.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { ASSERTION_ALGORITHMS, RefusedJwt, REQUEST_OBJECT_TYPE, typOf, verifyForeignJwt } from '../../token/assertion.js'
import { claimsAsParameters } from './claims-as-parameters.js'

/** Never `none`: an unsigned request object is no better than a query. @see RFC 9101, section 10.5 */
export const REQUEST_OBJECT_ALGORITHMS: readonly string[] = [...HMAC_ALGORITHMS, ...ASSERTION_ALGORITHMS]

/** A JWT of another type is refused; one without a type is accepted. @see RFC 9101, section 10.8 */
const TYPES: ReadonlySet<string | undefined> = new Set([REQUEST_OBJECT_TYPE, 'jwt', undefined])

/**
 * Checks a request object: signed by this client, with its registered algorithm, for this server, not expired.
 *
 * @returns the authorization request in it, with the client's id
 * @throws OAuthError `invalid_request_object`. @see RFC 9101, sections 6.2 and 6.3; OpenID Connect Core 1.0, section 6.3
 */
export async function readRequestObject(object: string, client: ClientRecord, server: ServerContext): Promise<URLSearchParams> {
  const verified = await verify(object, client, server)
  const { payload } = verified
  if (!TYPES.has(typOf(verified))) throw invalidObject(`"typ" of the request object must be "${REQUEST_OBJECT_TYPE}"`)
  // RFC 9101, section 10.8: a client assertion is not a request object.
  if (payload.sub === client.clientId) throw invalidObject('"sub" of the request object must not be the client')
  const clientId = payload['client_id'] ?? client.clientId
  if (clientId !== client.clientId) throw invalidObject('"client_id" of the request object is not that of the request')
  const parameters = claimsAsParameters(payload)
  parameters.set('client_id', client.clientId)
  return parameters
}

async function verify(object: string, client: ClientRecord, server: ServerContext): Promise<JWTVerifyResult> {
  const { requestObjectSigningAlg: alg, jwks, jwksUri } = client
  const hasKeys = jwks !== undefined || jwksUri !== undefined
  const isSymmetric = alg === undefined ? !hasKeys : alg.startsWith('HS')
  const signed = clientKey(client, { isSymmetric, alg }, server)
  if (!signed) throw invalidObject('this client has registered no key to sign requests with')
  const expected = { ...signed, issuer: client.clientId, audience: [server.issuer], requiredClaims: [], server }
  return verifyForeignJwt(object, expected).catch((cause: unknown) => {
    throw invalidObject(reasonOf(cause), cause)
  })
}

function reasonOf(cause: unknown): string {
  if (cause instanceof errors.JWTExpired) return 'the request object has expired'
  if (cause instanceof errors.JWTClaimValidationFailed) return `"${cause.claim}" of the request object is missing or wrong`
  if (cause instanceof RefusedJwt) return `the request object is refused: ${cause.message}`
  return 'the request object is not a JWT signed by a key of this client, with an algorithm that it may use'
}

function invalidObject(description: string, cause?: unknown): OAuthError {
  return new OAuthError('invalid_request_object', description, { cause })
}
