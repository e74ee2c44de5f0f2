import { createError } from '../errors/create-error.js'
import type { ServerRecord } from './server-metadata.js'
import { single } from './authorization-response.js'
import type { ProtocolContext } from './protocol-context.js'
import { readSignedResponse } from './signed-response.js'

/**
 * The parameters inside a signed authorization response (JARM). Loaded for the response modes that end in `jwt`.
 *
 * @throws ValidationError invalid_response when the response is not the signed one that was asked for
 * @see JWT Secured Authorization Response Mode 1.0, section 2.4
 */
export async function readJwtResponse(
  context: ProtocolContext,
  server: ServerRecord,
  parameters: URLSearchParams,
): Promise<URLSearchParams> {
  const jwt = single(parameters, 'response')
  if (!jwt) {
    throw createError('invalid_response', 'the authorization response is not the signed "response" that was asked for', {
      hint: 'It may have been tampered with on the way: nothing of it is used.',
      spec: 'JWT Secured Authorization Response Mode 1.0, section 2.3',
    })
  }
  const claims = await readSignedResponse(context, server, jwt, {
    name: 'authorization response',
    code: 'invalid_response',
    spec: 'JWT Secured Authorization Response Mode 1.0, section 2.4',
    algorithm: context.options.authorizationSignedResponseAlg ?? 'RS256',
    requiredClaims: ['iss', 'aud', 'exp'],
  })
  const inside = new URLSearchParams()
  for (const [name, value] of Object.entries(claims)) {
    if (typeof value === 'string' || (typeof value === 'number' && name === 'expires_in')) {
      inside.set(name, String(value))
    }
  }
  return inside
}
