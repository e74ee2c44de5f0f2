import { compactDecrypt, createLocalJWKSet, decodeJwt, errors, type JWK, jwtVerify, type JWTVerifyOptions } from 'jose'
import { createError } from '../errors/create-error.js'
import { OAuthClientError, type ValidationError } from '../errors/errors.js'
import { single } from './authorization-response.js'
import type { JsonObject } from './endpoint-request.js'
import { withServerKeys } from './server-keys.js'
import type { ProtocolContext, SignedResponseRules } from './protocol-context.js'
import { isPlainJwt } from './check-claim.js'
import { safeCause } from './protocol-errors.js'
import { serverNowSeconds } from './id-token.js'
import type { ServerRecord } from './server-metadata.js'

/**
 * Verifies a response that is a JWT: signature by a key of the server, `iss`, `aud` and times.
 *
 * @returns its claims
 * @throws ValidationError with the rules' code; NetworkError if keys had to be fetched
 * @see RFC 8725, section 3
 */
export async function readSignedResponse(
  context: ProtocolContext,
  server: ServerRecord,
  jwt: string,
  rules: SignedResponseRules,
): Promise<JsonObject> {
  try {
    const signed = jwt.split('.').length === 5 ? await decryptJwt(context, jwt) : jwt
    return await withServerKeys(context, server, {
      async verify({ jwks }) {
        const keys = createLocalJWKSet({ keys: [...(jwks?.keys ?? [])] })
        const { payload, protectedHeader } = await jwtVerify(signed, keys, verifyOptions(context, server, rules, signed))
        const { typ } = protectedHeader
        if (typ === undefined || rules.type !== undefined || isPlainJwt(typ)) return payload
        throw new Error('its "typ" names another kind of token')
      },
      isUnknownKey: (error) => error instanceof errors.JWKSNoMatchingKey,
    })
  } catch (error) {
    if (error instanceof OAuthClientError) throw error
    const cause = safeCause(error)
    throw createError(rules.code, `The signed ${rules.name} is not valid: ${cause.message}`, {
      hint: `Nothing of it is used. Compare its algorithm, issuer and audience with the registration of the client.`,
      spec: rules.spec,
      cause,
    })
  }
}

function verifyOptions(
  context: ProtocolContext,
  { metadata }: ServerRecord,
  rules: SignedResponseRules,
  jwt: string,
): JWTVerifyOptions {
  const { iss, aud } = rules.partiesOptional ? decodeJwt(jwt) : { iss: '', aud: '' }
  return {
    algorithms: rules.algorithm.startsWith('Ed') ? ['EdDSA', 'Ed25519'] : [rules.algorithm],
    ...(iss !== undefined && { issuer: metadata.issuer }),
    ...(aud !== undefined && { audience: context.options.clientId }),
    ...(rules.type !== undefined && { typ: rules.type }),
    requiredClaims: [...rules.requiredClaims],
    clockTolerance: context.options.clockTolerance ?? 30,
    currentDate: new Date(serverNowSeconds(context) * 1000),
  }
}

/**
 * Reads the parameters inside a signed authorization response (JARM).
 *
 * @throws ValidationError invalid_response if the response is not signed as requested
 * @see JWT Secured Authorization Response Mode 1.0, section 2.4
 */
export async function readJwtAuthorizationResponse(
  context: ProtocolContext,
  server: ServerRecord,
  parameters: URLSearchParams,
): Promise<URLSearchParams> {
  const jwt = single(parameters, 'response')
  if (!jwt) {
    throw createError('invalid_response', 'The authorization response is not the requested signed "response".', {
      hint: 'The response may have been tampered with: nothing of it is used.',
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
  for (const [name, value] of Object.entries(claims))
    if (typeof value === 'string' || (typeof value === 'number' && name === 'expires_in')) inside.set(name, String(value))

  return inside
}

/**
 * Decrypts a JWT that is encrypted for this client. The token inside is signed, and checked like any other.
 *
 * @throws ValidationError without a key, or if the key does not match
 * @see OpenID Connect Core 1.0, section 10.2
 */
export async function decryptJwt({ options }: ProtocolContext, jwe: string): Promise<string> {
  const { decryptionKey } = options
  if (decryptionKey === undefined)
    throw notDecrypted('no "decryptionKey" is given', 'Give the private key whose public half is registered for the client.')

  const key = decryptionKey instanceof CryptoKey ? decryptionKey : ({ ...decryptionKey } as JWK)
  try {
    const { plaintext } = await compactDecrypt(jwe, key)
    return new TextDecoder().decode(plaintext)
  } catch (error) {
    throw notDecrypted(
      safeCause(error).message,
      'The server encrypts for another key than "decryptionKey": compare the registrations.',
    )
  }
}

function notDecrypted(problem: string, hint: string): ValidationError {
  return createError('invalid_id_token', `A token of the server is encrypted and cannot be read: ${problem}`, {
    hint,
    spec: 'OpenID Connect Core 1.0, section 10.2',
  })
}
