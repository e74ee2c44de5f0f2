import { createError } from '../errors/create-error.js'
import type { ErrorCode } from '../errors/error-codes.js'
import { type ValidationError, OAuthClientError } from '../errors/errors.js'
import { compactDecrypt, createLocalJWKSet, decodeJwt, errors, jwtVerify } from 'jose'
import type { JWK, JWTVerifyOptions } from 'jose'
import type { ServerRecord } from './server-metadata.js'
import { withServerKeys } from './id-token-signature.js'
import type { JsonObject } from './json-response.js'
import { safeCause } from './protocol-errors.js'
import type { ProtocolContext } from './protocol-context.js'
import { serverNowSeconds } from './server-clock.js'

/** What a signed answer of the server has to be. */
export interface SignedResponseRules {
  /** As it reads in a message: `authorization response`. */
  readonly name: string
  readonly code: ErrorCode
  readonly spec: string
  /** From the client's metadata, never from the token (RFC 8725, section 3.1). */
  readonly algorithm: string
  readonly requiredClaims: readonly string[]
  /** `iss` and `aud` are compared where they are there, and may be left out. */
  readonly partiesOptional?: boolean
  /** Media type in the header. */
  readonly type?: string
}

/**
 * Verifies an answer that is a JWT: signature by a key of the server, `iss`, `aud` and times.
 *
 * @returns its claims
 * @throws ValidationError with the rules' code; NetworkError when keys had to be fetched
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
      verify: async ({ jwks }) => {
        const keys = createLocalJWKSet({ keys: [...(jwks?.keys ?? [])] })
        const { payload } = await jwtVerify(signed, keys, verifyOptions(context, server, rules, signed))
        return payload
      },
      isUnknownKey: (error) => error instanceof errors.JWKSNoMatchingKey,
    })
  } catch (error) {
    if (error instanceof OAuthClientError) {
      throw error
    }
    const cause = safeCause(error)
    throw createError(rules.code, `the signed ${rules.name} is not valid: ${cause.message}`, {
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
    ...(iss === undefined ? {} : { issuer: metadata.issuer }),
    ...(aud === undefined ? {} : { audience: context.options.clientId }),
    requiredClaims: [...rules.requiredClaims],
    clockTolerance: context.options.clockTolerance ?? 30,
    currentDate: new Date(serverNowSeconds(context) * 1000),
    ...(rules.type === undefined ? {} : { typ: rules.type }),
  }
}

/**
 * Opens a JWT that is encrypted for this client. What is inside is signed, and checked as if it had come alone.
 *
 * @throws ValidationError without a key, or when the key does not fit
 * @see OpenID Connect Core 1.0, section 10.2
 */
export async function decryptJwt({ options }: ProtocolContext, jwe: string): Promise<string> {
  const { decryptionKey } = options
  if (decryptionKey === undefined) {
    throw notDecrypted('no "decryptionKey" is given', 'Give the private key whose public half is registered for the client.')
  }
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
  return createError('invalid_id_token', `a token of the server is encrypted and cannot be read: ${problem}`, {
    hint,
    spec: 'OpenID Connect Core 1.0, section 10.2',
  })
}
