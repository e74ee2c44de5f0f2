import { createError } from '../errors/create-error.js'
import { type AuthenticatedRequest, sendAuthenticatedRequest } from './authenticated-request.js'
import type { IdTokenExpectation } from './expectation.js'
import { checkIdToken } from './id-token.js'
import { type JsonObject, readUsualJson } from './json-response.js'
import type { ProtocolContext } from './protocol-context.js'
import { type Purpose, TOKEN_ENDPOINT } from './purpose.js'
import { withRightClock, withServerClock } from './server-clock.js'
import type { ServerRecord } from './server-metadata.js'
import { parseTokenResponse } from './token-response.js'
import type { TokenSet } from './token-set.js'

/** One request to the token endpoint, of any grant. */
export interface TokenRequest extends Pick<
  AuthenticatedRequest,
  'adaptRequest' | 'adaptResponse' | 'clientAuth' | 'onText' | 'signal'
> {
  readonly grantType: string
  /** Everything but `grant_type`. */
  readonly parameters: URLSearchParams
  /** Values that must not come back in an error message. */
  readonly secrets: readonly string[]
}

/** What the token response is checked against. */
export interface TokenExpectation extends Omit<IdTokenExpectation, 'accessToken'> {
  /** The requested scope: the granted one, if the response names none. */
  readonly scope?: string | undefined
  /** Accepted token types besides Bearer, in lower case. */
  readonly tokenTypes?: readonly string[] | undefined
  readonly requiresIdToken?: boolean | undefined
  /** Name of the compliance hook that can correct the response. Default: `tokenResponse`. */
  readonly hook?: Purpose['hook']
}

/**
 * The one token request, for the code, refresh and every other grant: sends it and checks the response, with its ID token, in full.
 *
 * @throws ServerError invalid_grant, token_error; NetworkError; ValidationError invalid_response, missing_token_type,
 *   unsupported_token_type, invalid_id_token
 * @see RFC 6749, sections 3.2 and 5
 */
export async function requestTokenSet(
  context: ProtocolContext,
  server: ServerRecord,
  request: TokenRequest,
  expectation: TokenExpectation,
): Promise<TokenSet> {
  const { grantType, parameters, secrets, ...rest } = request
  parameters.set('grant_type', grantType)
  const sent = {
    ...rest,
    endpoint: 'token_endpoint',
    purpose: TOKEN_ENDPOINT,
    parameters,
    withProof: true,
  } as const
  const response = await sendAuthenticatedRequest(context, server.metadata, sent)
  const hook = grantType === 'refresh_token' ? 'refreshTokenResponse' : undefined
  const body = await readUsualJson(context, response, { ...TOKEN_ENDPOINT, hook }, secrets)
  return withRightClock(withServerClock(context, response.headers), (right) =>
    checkTokens(right, server, body, { ...expectation, hook }),
  )
}

async function checkTokens(
  context: ProtocolContext,
  server: ServerRecord,
  body: JsonObject,
  expectation: TokenExpectation,
): Promise<TokenSet> {
  const tokenSet = await parseTokenResponse(context, body, expectation)
  const { idToken, accessToken } = tokenSet
  if (idToken === undefined) {
    if (!expectation.requiresIdToken) return tokenSet
    throw createError('invalid_id_token', ['claim', 'id_token', 'openid', undefined])
  }
  return { ...tokenSet, claims: await checkIdToken(context, server, idToken, { ...expectation, accessToken }) }
}
