import { createError } from '../errors/create-error.js'
import type { ErrorCode } from '../errors/error-codes.js'
import { type AuthenticatedRequest, type JsonObject, readUsualJson, sendAuthenticatedRequest } from './endpoint-request.js'
import type { ProtocolContext } from './protocol-context.js'
import type { Parameters } from './protocol-options.js'
import { type Purpose, TOKEN_ENDPOINT } from './purpose.js'
import { checkIdToken, serverNowSeconds, withRightClock, withServerClock } from './id-token.js'
import type { TokenSet } from './token-set.js'
import type { IdTokenExpectation } from './expectation.js'
import type { ServerRecord } from './server-metadata.js'

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

/** The parameters that the client adds to a token request. @throws ConfigurationError for one that the client sets itself */
export async function tokenParameters({ options, load }: ProtocolContext, grantType: string): Promise<Parameters> {
  return options.tokenParams ? (await (await load()).failures()).extraTokenParameters(options, grantType) : {}
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

/** What a token response is read with. */
export interface TokenResponseExpectation {
  /** The requested scope: the granted one, if the response names none. */
  readonly scope?: string | undefined
  /** Accepted token types besides Bearer, in lower case. */
  readonly tokenTypes?: readonly string[] | undefined
  /** Name of the compliance hook that can correct the response. Default: `tokenResponse`. */
  readonly hook?: Purpose['hook']
}

/**
 * Reads the tokens from a token response, or from an authorization response that contains tokens. The ID token is not checked here.
 *
 * @throws ValidationError invalid_response, missing_token_type, unsupported_token_type; SessionError missing_token
 * @see RFC 6749, section 5.1
 */
export async function parseTokenResponse(
  context: ProtocolContext,
  body: JsonObject,
  { scope, tokenTypes = [], hook = 'tokenResponse' }: TokenResponseExpectation,
): Promise<TokenSet> {
  const accessToken = requiredText(body, 'access_token', 'missing_token', hook)
  const tokenType = requiredText(body, 'token_type', 'missing_token_type', hook)
  const isBearer = tokenType.toLowerCase() === 'bearer'
  if (context.options.dpop || !isBearer) (await (await context.load()).failures()).checkTokenType(context, tokenType, tokenTypes)
  const receivedAt = serverNowSeconds(context)
  return {
    accessToken,
    tokenType,
    scope: optionalText(body, 'scope', hook) ?? scope,
    expiresAt: await expiryOf(context, body, receivedAt),
    refreshToken: optionalText(body, 'refresh_token', hook),
    idToken: optionalText(body, 'id_token', hook),
    receivedAt,
    clockOffsetSeconds: context.clockOffsetSeconds() || undefined,
    response: body,
  }
}

function requiredText(body: JsonObject, name: string, code: ErrorCode, hook: string): string {
  const value = optionalText(body, name, hook)
  if (value === undefined) throw createError(code, ['noMember', name, hook])
  return value
}

/** `null` and the empty string are treated as absent: many servers send them. */
function optionalText(body: JsonObject, name: string, hook: string): string | undefined {
  const value = body[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw createError('invalid_response', ['notText', name, hook])
  return value
}

/** Reads an `expires_in` that is a positive integer of less than a year. `unusualExpiry` reads all other values. */
async function expiryOf(context: ProtocolContext, body: JsonObject, now: number): Promise<number | undefined> {
  const { expires_in: seconds, expires_at: date } = body
  if (date === undefined && Number.isInteger(seconds) && 0 < (seconds as number) && (seconds as number) < USUAL_LIFETIME_SECONDS)
    return now + (seconds as number)
  if (date === undefined && seconds === undefined) return undefined
  return (await (await context.load()).failures()).unusualExpiry(context, body, now)
}

/** A year. */
const USUAL_LIFETIME_SECONDS = 31_536_000
