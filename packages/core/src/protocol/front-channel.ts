import { authorizationCodeGrant, checkAuthorizationResponse, checkCodeResponse, single } from './authorization-response.js'
import { check, checkHash } from './check-claim.js'
import type { IdTokenClaims } from './claims.js'
import type { ResponseExpectation } from './expectation.js'
import { checkIdToken, withRightClock } from './id-token.js'
import type { JsonObject } from './endpoint-request.js'
import type { ProtocolContext } from './protocol-context.js'
import type { ServerRecord } from './server-metadata.js'
import { parseTokenResponse } from './token-request.js'
import type { TokenSet } from './token-set.js'

/**
 * Processes responses with tokens in the URL (implicit and hybrid), and those of `response_type=none`.
 *
 * @see RFC 6749, section 4.2; OpenID Connect Core 1.0, sections 3.2 and 3.3
 */
export async function processFrontChannel(
  context: ProtocolContext,
  server: ServerRecord,
  parameters: URLSearchParams,
  expectation: ResponseExpectation,
): Promise<TokenSet> {
  warnOnce(context, expectation)
  await checkAuthorizationResponse(context, server.metadata, parameters, expectation)
  const claims = includes(expectation, 'id_token') ? await checkFrontIdToken(context, server, parameters, expectation) : undefined
  if (includes(expectation, 'code')) return redeemHybrid(context, server, { parameters, expectation, claims })
  const body = tokenParameters(parameters, expectation)
  if (includes(expectation, 'token')) return { ...(await parseTokenResponse(context, body, expectation)), claims }
  const tokenSet = await parseTokenResponse(context, { ...PLACEHOLDER, ...body }, expectation)
  return { ...tokenSet, accessToken: '', tokenType: '', response: body, claims }
}

/** For a response without an access token, which every other token response contains. */
const PLACEHOLDER: JsonObject = { access_token: '-', token_type: 'Bearer' }

function includes({ responseType }: ResponseExpectation, word: 'code' | 'token' | 'id_token'): boolean {
  return responseType.split(' ').includes(word)
}

/** The requested parameters only: a refresh token is never issued here (RFC 6749, section 4.2.2). */
function tokenParameters(parameters: URLSearchParams, expectation: ResponseExpectation): JsonObject {
  const names = new Set(parameters.keys())
  names.delete('refresh_token')
  if (!includes(expectation, 'token')) names.delete('access_token')
  if (!includes(expectation, 'id_token')) names.delete('id_token')
  return Object.fromEntries([...names].map((name) => [name, single(parameters, name)]))
}

/** Parts of a URL can be swapped by anyone: the hashes bind code, token and state to the signed ID token. */
async function checkFrontIdToken(
  context: ProtocolContext,
  server: ServerRecord,
  parameters: URLSearchParams,
  expectation: ResponseExpectation,
): Promise<IdTokenClaims> {
  const idToken = single(parameters, 'id_token')
  check(Boolean(idToken), 'id_token', 'is missing in the authorization response', 'section 3.2.2.5')
  const accessToken = includes(expectation, 'token') ? single(parameters, 'access_token') : undefined
  check(expectation.nonce !== undefined, 'nonce', 'must be requested', 'section 3.2.2.1')
  const expected = { ...expectation, subject: expectation.expectedSubject, accessToken }
  const claims = await withRightClock(context, (right) => checkIdToken(right, server, idToken ?? '', expected))
  const algorithm = context.options.idTokenSignedResponseAlg ?? 'RS256'
  check(accessToken === undefined || claims['at_hash'] !== undefined, 'at_hash', 'is missing', 'section 3.2.2.9')
  if (includes(expectation, 'code')) {
    check(claims['c_hash'] !== undefined, 'c_hash', 'is missing', 'section 3.3.2.11')
    await checkHash(claims['c_hash'], single(parameters, 'code') ?? '', algorithm, 'c_hash')
  }
  await checkHash(claims['s_hash'], expectation.state, algorithm, 's_hash')
  return claims
}

interface HybridResponse {
  readonly parameters: URLSearchParams
  readonly expectation: ResponseExpectation
  readonly claims: IdTokenClaims | undefined
}

/** The tokens of the token endpoint are used, because they were never in a URL. @see OpenID Connect Core 1.0, section 3.3.3 */
async function redeemHybrid(context: ProtocolContext, server: ServerRecord, response: HybridResponse): Promise<TokenSet> {
  const { expectation, claims } = response
  const parameters = new URLSearchParams([...response.parameters].filter(([name]) => name !== 'id_token' && name !== 'token'))
  const expected = { ...expectation, issuer: claims?.iss ?? expectation.issuer }
  const code = await checkCodeResponse(context, server.metadata, parameters, expected)
  const tokenSet = await authorizationCodeGrant(context, server, code, expected)
  if (claims) {
    const section = 'section 3.3.3.6'
    check(tokenSet.claims?.iss === claims.iss, 'iss', 'differs between the two ID tokens of the response', section)
    check(tokenSet.claims?.sub === claims.sub, 'sub', 'differs between the two ID tokens of the response', section)
  }
  return tokenSet
}

const warned = new WeakSet<object>()

function warnOnce({ options, logger }: ProtocolContext, { responseType }: ResponseExpectation): void {
  if (!/token/.test(responseType) || warned.has(options)) return
  warned.add(options)
  logger.warn(
    `response type "${responseType}" puts tokens into URLs, where histories, logs and scripts see them, and where nothing binds them to this client: use "code" (RFC 9700, section 2.1.2)`,
  )
}
