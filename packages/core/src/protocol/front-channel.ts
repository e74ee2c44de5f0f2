import type { IdTokenClaims } from './claims.js'
import type { ServerRecord } from './server-metadata.js'
import type { TokenSet } from './token-set.js'
import type { ResponseExpectation } from './expectation.js'
import { checkAuthorizationResponse, checkCodeResponse, single } from './authorization-response.js'
import { redeemCode } from './code-flow.js'
import { check, checkHash } from './id-token-claims.js'
import { checkIdToken } from './id-token.js'
import type { JsonObject } from './json-response.js'
import type { ProtocolContext } from './protocol-context.js'
import { withRightClock } from './server-clock.js'
import { tokenSetOf } from './token-response.js'

/**
 * The response types that put tokens into the URL: implicit and hybrid; and `none`. Loaded only when a client asks for one.
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
  checkAuthorizationResponse(server.metadata, parameters, expectation)
  const claims = asks(expectation, 'id_token') ? await checkFrontIdToken(context, server, parameters, expectation) : undefined
  if (asks(expectation, 'code')) {
    return redeemHybrid(context, server, { parameters, expectation, claims })
  }
  const body = wireResponse(parameters, expectation)
  const tokenSet = tokenSetOf(context, asks(expectation, 'token') ? body : { ...placeholder, ...body }, expectation.scope)
  const withoutToken = asks(expectation, 'token') ? {} : { accessToken: '', tokenType: '', response: body }
  return { ...tokenSet, ...withoutToken, ...(claims && { claims }) }
}

/** For an answer without an access token, which a token set has everywhere else. */
const placeholder: JsonObject = { access_token: '-', token_type: 'Bearer' }

function asks({ responseType }: ResponseExpectation, word: 'code' | 'token' | 'id_token'): boolean {
  return responseType.split(' ').includes(word)
}

/** What was asked for, and nothing else: a refresh token never comes this way (RFC 6749, section 4.2.2). */
function wireResponse(parameters: URLSearchParams, expectation: ResponseExpectation): JsonObject {
  const names = new Set(parameters.keys())
  for (const [name, isWanted] of [
    ['access_token', asks(expectation, 'token')],
    ['id_token', asks(expectation, 'id_token')],
    ['refresh_token', false],
  ] as const) {
    if (!isWanted) {
      names.delete(name)
    }
  }
  return Object.fromEntries([...names].map((name) => [name, single(parameters, name)]))
}

/** In the URL anybody could have exchanged a part: the hashes tie code, token and state to the signed ID token. */
async function checkFrontIdToken(
  context: ProtocolContext,
  server: ServerRecord,
  parameters: URLSearchParams,
  expectation: ResponseExpectation,
): Promise<IdTokenClaims> {
  const idToken = single(parameters, 'id_token')
  check(Boolean(idToken), 'id_token', 'is missing in the authorization response', 'section 3.2.2.5')
  const accessToken = asks(expectation, 'token') ? single(parameters, 'access_token') : undefined
  const { nonce, maxAge, acrValues, acrEssential, expectedSubject: subject } = expectation
  check(nonce !== undefined, 'nonce', 'has to be asked for', 'section 3.2.2.1')
  const expected = { nonce, maxAge, acrValues, acrEssential, subject, accessToken }
  const claims = await withRightClock(context, (right) => checkIdToken(right, server, idToken ?? '', expected))
  const algorithm = context.options.idTokenSignedResponseAlg ?? 'RS256'
  check(accessToken === undefined || claims['at_hash'] !== undefined, 'at_hash', 'is missing', 'section 3.2.2.9')
  if (asks(expectation, 'code')) {
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

/** The tokens of the token endpoint are the ones to use: they did not travel in a URL. @see OpenID Connect Core 1.0, section 3.3.3 */
async function redeemHybrid(context: ProtocolContext, server: ServerRecord, response: HybridResponse): Promise<TokenSet> {
  const { expectation, claims } = response
  const code = new URLSearchParams([...response.parameters].filter(([name]) => name !== 'id_token' && name !== 'token'))
  if (claims && !code.has('iss')) {
    // The checked ID token says who answered, so a server need not say it again (RFC 9207, section 2.4); oauth4webapi looks here.
    code.set('iss', claims.iss)
  }
  const checked = checkCodeResponse(context, server.metadata, code, expectation)
  const tokenSet = await redeemCode(context, server, checked, expectation)
  if (claims) {
    const section = 'section 3.3.3.6'
    check(tokenSet.claims?.iss === claims.iss, 'iss', 'differs between the two ID tokens of the response', section)
    check(tokenSet.claims?.sub === claims.sub, 'sub', 'differs between the two ID tokens of the response', section)
  }
  return tokenSet
}

const warned = new WeakSet<object>()

function warnOnce({ options, logger }: ProtocolContext, { responseType }: ResponseExpectation): void {
  if (/token/.test(responseType) && !warned.has(options)) {
    warned.add(options)
    logger.warn(
      `response type "${responseType}" puts tokens into URLs, where histories, logs and scripts see them, and where nothing binds them to this client: use "code" (RFC 9700, section 2.1.2)`,
    )
  }
}
