import { createError } from '../errors/create-error.js'
import { type ValidationError, OAuthClientError } from '../errors/errors.js'
import {
  expectNoNonce,
  getValidatedIdTokenClaims,
  processAuthorizationCodeResponse,
  processRefreshTokenResponse,
} from 'oauth4webapi'
import type { Client, TokenEndpointResponse } from 'oauth4webapi'
import type { IdTokenClaims } from './claims.js'
import type { ProtocolOptions } from './protocol-options.js'
import type { ServerRecord } from './server-metadata.js'
import { checkIdTokenClaims } from './id-token-claims.js'
import type { IdTokenExpectation } from './id-token-claims.js'
import { verifySignature } from './id-token-signature.js'
import { authorizationServer, oauthClient, requireWebCrypto } from './oauth-parties.js'
import { safeCause } from './protocol-errors.js'
import type { ProtocolContext } from './protocol-context.js'
import { serverNowSeconds } from './server-clock.js'

/**
 * Checks an ID token in full: signature, `alg`, times and every claim.
 *
 * oauth4webapi checks ID tokens inside a token response only, so the token is handed to it in a minimal one. That way the
 * code flow, refresh and the front channel all go through the very same checks.
 *
 * @throws ValidationError invalid_id_token, invalid_jwks; NetworkError when keys had to be fetched
 * @see OpenID Connect Core 1.0, sections 3.1.3.7 and 12.2
 */
export async function checkIdToken(
  context: ProtocolContext,
  server: ServerRecord,
  idToken: string,
  expectation: IdTokenExpectation,
): Promise<IdTokenClaims> {
  requireWebCrypto()
  const algorithm = signingAlgorithm(context.options)
  try {
    const signed = idToken.split('.').length === 5 ? await decrypted(context, idToken) : idToken
    const carrier = new Response(JSON.stringify({ access_token: '-', token_type: 'bearer', id_token: signed }))
    const claims = await processCarrier({ context, server, algorithm }, carrier, expectation)
    await verifySignature(context, server, carrier)
    await checkIdTokenClaims(claims, expectation, {
      algorithm,
      now: serverNowSeconds(context),
      clientId: context.options.clientId,
    })
    return claims
  } catch (error) {
    throw error instanceof OAuthClientError ? error : invalidIdToken(error)
  }
}

async function decrypted(context: ProtocolContext, idToken: string): Promise<string> {
  const { decryptJwt } = await import('./signed-response.js')
  return decryptJwt(context, idToken)
}

const asymmetricAlgorithms = /^(?:[RPE]S(?:256|384|512)|EdDSA|Ed25519)$/

/** The client's metadata decides, never the token: else a token could choose a weaker algorithm (RFC 8725, section 3.1). */
export function signingAlgorithm(options: Pick<ProtocolOptions, 'idTokenSignedResponseAlg'>): string {
  const algorithm = options.idTokenSignedResponseAlg ?? 'RS256'
  if (!asymmetricAlgorithms.test(algorithm)) {
    throw createError('configuration', `ID tokens signed with "${algorithm}" are not accepted`, {
      hint: 'Set "idTokenSignedResponseAlg" to RS256, PS256, ES256 or EdDSA, as registered for the client.',
      spec: 'RFC 8725, section 3.1',
    })
  }
  return algorithm
}

interface Parties {
  readonly context: ProtocolContext
  readonly server: ServerRecord
  readonly algorithm: string
}

async function processCarrier(parties: Parties, carrier: Response, expectation: IdTokenExpectation): Promise<IdTokenClaims> {
  const server = authorizationServer(parties.server.metadata)
  const client = idTokenClient(parties)
  const { former, nonce, maxAge } = expectation
  const response: TokenEndpointResponse = former
    ? await processRefreshTokenResponse(server, client, carrier)
    : await processAuthorizationCodeResponse(server, client, carrier, {
        expectedNonce: nonce ?? expectNoNonce,
        requireIdToken: true,
        ...(maxAge === undefined ? {} : { maxAge }),
      })
  return getValidatedIdTokenClaims(response) as IdTokenClaims
}

/** RFC 9864 gave "EdDSA" with this curve the name "Ed25519": one algorithm, two names. */
function idTokenClient({ context, algorithm }: Parties): Client {
  const names = algorithm.startsWith('Ed') ? ['EdDSA', 'Ed25519'] : algorithm
  return { ...oauthClient(context), id_token_signed_response_alg: names as string }
}

const claimHints: ReadonlyMap<string, string> = new Map([
  ['iss', 'The token is from another issuer than the server metadata names.'],
  ['aud', 'The token is for another client: check "clientId".'],
  ['exp', 'The token is expired, or the clock of this device is fast: check both.'],
  ['nbf', 'The clock of this device is slow, or the token is not valid yet.'],
  ['nonce', 'The token answers another request; sign in again. If it persists, the server does not send back "nonce".'],
  ['auth_time', 'The person signed in longer ago than "maxAge" allows, or the server left "auth_time" out.'],
  [
    'alg',
    'Set "idTokenSignedResponseAlg" to the algorithm that the server signs with for this client; "none" is never accepted.',
  ],
])

/** oauth4webapi's messages name the claim or header parameter in quotes and hold no values. */
function invalidIdToken(error: unknown): ValidationError {
  const cause = safeCause(error)
  const name = /"(\w+)"/.exec(cause.message)?.[1] ?? (cause.message.includes('authentication') ? 'auth_time' : '')
  return createError('invalid_id_token', `the ID token is not valid: ${cause.message}`, {
    hint: claimHints.get(name) ?? 'The server issued a token that breaks the specification; nothing of it is used.',
    spec: 'OpenID Connect Core 1.0, section 3.1.3.7',
    cause,
  })
}
