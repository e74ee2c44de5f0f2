import { createError } from '../errors/create-error.js'
import type { ErrorCode } from '../errors/error-codes.js'
import type { TokenSet } from './token-set.js'
import { readJsonObject } from './json-response.js'
import type { JsonObject } from './json-response.js'
import { isDPoPToken } from './nonce-retry.js'
import { tokenEndpoint } from './protocol-errors.js'
import type { ProtocolContext } from './protocol-context.js'
import { serverNowSeconds } from './server-clock.js'

/** A token response as a token set, its ID token not yet checked. */
export type UncheckedTokenSet = Omit<TokenSet, 'claims' | 'byResource'>

/**
 * @param asked what the request asked for and sent: the scope that is granted when the answer names none, and secrets that
 *   must not come back in a message
 * @throws ValidationError invalid_response, missing_token, missing_token_type, unsupported_token_type; ServerError
 *   invalid_grant, token_error; NetworkError
 * @see RFC 6749, section 5.1
 */
export async function readTokenResponse(
  context: ProtocolContext,
  response: Response,
  asked: { readonly scope?: string | undefined; readonly secrets: readonly string[]; readonly tokenTypes?: readonly string[] },
): Promise<UncheckedTokenSet> {
  const body = await readJsonObject(response, tokenEndpoint, asked.secrets)
  return tokenSetOf(context, body, asked.scope, asked.tokenTypes)
}

/**
 * @param body the parameters of a token response, or of an authorization response with tokens in it
 * @param furtherTypes token types that are understood here besides Bearer, in lower case
 */
export function tokenSetOf(
  context: ProtocolContext,
  body: JsonObject,
  askedScope: string | undefined,
  furtherTypes: readonly string[] = [],
): UncheckedTokenSet {
  const accessToken = requiredText(body, 'access_token', 'missing_token')
  const tokenType = requiredText(body, 'token_type', 'missing_token_type')
  const isUnderstood = ['bearer', ...furtherTypes].includes(tokenType.toLowerCase())
  if (!isUnderstood && !(context.options.dpop && isDPoPToken({ tokenType }))) {
    throw createError('unsupported_token_type', `the server issued a token of type "${tokenType.slice(0, 40)}"`, {
      hint: 'Bearer tokens are understood, and DPoP tokens when "dpop" is on.',
      spec: 'RFC 6749, section 7.1',
    })
  }
  const receivedAt = serverNowSeconds(context)
  const expiresAt = expiryOf(context, body, receivedAt)
  const scope = optionalText(body, 'scope') ?? askedScope
  const refreshToken = optionalText(body, 'refresh_token')
  const idToken = optionalText(body, 'id_token')
  return {
    accessToken,
    tokenType,
    ...(scope === undefined ? {} : { scope }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(idToken === undefined ? {} : { idToken }),
    receivedAt,
    ...(context.clockOffsetSeconds() === 0 ? {} : { clockOffsetSeconds: context.clockOffsetSeconds() }),
    response: body,
  }
}

function requiredText(body: JsonObject, name: string, code: ErrorCode): string {
  const value = optionalText(body, name)
  if (value === undefined) {
    throw createError(code, `the token response has no "${name}"`, {
      hint: `The server has to send "${name}"; a compliance hook ("tokenResponse") can put in what it leaves out.`,
      spec: 'RFC 6749, section 5.1',
    })
  }
  return value
}

/** `null` and an empty text count as left out: many servers write them so. */
function optionalText(body: JsonObject, name: string): string | undefined {
  const value = body[name]
  if (value === undefined || value === null || value === '') {
    return undefined
  }
  if (typeof value !== 'string') {
    throw createError('invalid_response', `"${name}" in the token response is not a string`, {
      hint: 'The server has to send text here; a compliance hook ("tokenResponse") can mend it.',
      spec: 'RFC 6749, section 5.1',
    })
  }
  return value
}

/** A hundred years: longer is no lifetime, and a number that large would not be one in seconds. */
const longestLifetime = 3_155_760_000

/**
 * `expires_at` where the server gives one that is a number, else `expires_in`; numbers may be written as text. What is not a
 * positive number says nothing: the token then never counts as expired, and a 401 tells.
 */
function expiryOf(context: ProtocolContext, body: JsonObject, now: number): number | undefined {
  const expiresAt = positiveNumber(body['expires_at'])
  if (expiresAt !== undefined) {
    return Math.floor(expiresAt)
  }
  const expiresIn = positiveNumber(body['expires_in'])
  if (expiresIn === undefined && body['expires_in'] !== undefined) {
    context.logger.warn('"expires_in" of the token response is not a positive number and is left out of account')
  }
  return expiresIn === undefined ? undefined : now + Math.floor(Math.min(expiresIn, longestLifetime))
}

function positiveNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && number > 0 && Number.isFinite(number) ? number : undefined
}
