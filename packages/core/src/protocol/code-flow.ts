import { authorizationCodeGrantRequest, nopkce } from 'oauth4webapi'
import type { TokenSet } from './token-set.js'
import type { ServerRecord } from './server-metadata.js'
import type { ResponseExpectation } from './expectation.js'
import { checkIdToken } from './id-token.js'
import { check } from './id-token-claims.js'
import { dpopOption, withNonceRetry } from './nonce-retry.js'
import { authorizationServer, oauthClient } from './oauth-parties.js'
import type { ProtocolContext } from './protocol-context.js'
import { withRightClock, withServerClock } from './server-clock.js'
import { authenticatedRequest } from './token-request.js'
import { readTokenResponse, tokenSetOf } from './token-response.js'
import type { UncheckedTokenSet } from './token-response.js'

/**
 * The token request with the code, and the checks of its answer.
 *
 * @param parameters of the authorization response, marked as checked by oauth4webapi
 */
export async function redeemCode(
  context: ProtocolContext,
  server: ServerRecord,
  parameters: URLSearchParams,
  expectation: ResponseExpectation,
): Promise<TokenSet> {
  const response = await requestToken(context, server, parameters, expectation)
  const secrets = [parameters.get('code') ?? '', expectation.codeVerifier ?? '']
  const corrected = withServerClock(context, response.headers)
  const { response: body } = await readTokenResponse(corrected, response, { scope: expectation.scope, secrets })
  return withRightClock(corrected, (right) =>
    withCheckedIdToken(right, server, tokenSetOf(right, body, expectation.scope), expectation),
  )
}

/** @see OpenID Connect Core 1.0, section 3.1.2.1: it is the scope `openid` that makes a request an OpenID one */
export function asksForIdToken({ scope, responseType }: Pick<ResponseExpectation, 'scope' | 'responseType'>): boolean {
  return (scope ?? '').split(' ').includes('openid') || responseType.includes('id_token')
}

async function requestToken(
  context: ProtocolContext,
  { metadata }: ServerRecord,
  parameters: URLSearchParams,
  expectation: ResponseExpectation,
): Promise<Response> {
  const { compliance } = context.options
  const { authentication, options } = await authenticatedRequest(context, metadata, 'token_endpoint', {
    request: compliance?.tokenRequest,
    response: compliance?.tokenResponse,
  })
  const proof = await dpopOption(context)
  const codeVerifier = expectation.codeVerifier ?? nopkce
  const [server, client] = [authorizationServer(metadata), oauthClient(context)]
  return withNonceRetry(context, () =>
    authorizationCodeGrantRequest(server, client, authentication, parameters, expectation.redirectUri, codeVerifier, {
      ...options,
      ...proof,
    }),
  )
}

async function withCheckedIdToken(
  context: ProtocolContext,
  server: ServerRecord,
  tokenSet: UncheckedTokenSet,
  expectation: ResponseExpectation,
): Promise<TokenSet> {
  const { idToken, accessToken } = tokenSet
  check(
    idToken !== undefined || !asksForIdToken(expectation),
    'id_token',
    'is missing though "openid" was asked for',
    'section 3.1.3.3',
  )
  if (idToken === undefined) {
    return tokenSet
  }
  const { nonce, maxAge, acrValues, acrEssential, expectedSubject: subject } = expectation
  const claims = await checkIdToken(context, server, idToken, { nonce, maxAge, acrValues, acrEssential, subject, accessToken })
  return { ...tokenSet, claims }
}
