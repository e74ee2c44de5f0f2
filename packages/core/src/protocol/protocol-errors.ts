import { createError } from '../errors/create-error.js'
import type { ErrorCode } from '../errors/error-codes.js'
import { type ErrorDetails, type NetworkError, OAuthClientError, type RequiredClaims } from '../errors/errors.js'
import type { ProtocolContext } from './protocol-context.js'

/** Describes a request: for messages, and for the codes of its errors. */
export interface Purpose {
  /** As it reads in a message: `token endpoint`. */
  readonly name: string
  /** Code for a response that breaks the specification. */
  readonly invalid: ErrorCode
  /** Code for a response with `error`. */
  readonly refused: ErrorCode
  readonly spec: string
  /** Required media type of the response, if the specification requires one. */
  readonly mediaType?: RegExp | undefined
  /** Name of the compliance hook that can correct the response. Default: `tokenResponse`. */
  readonly hook?: 'tokenResponse' | 'refreshTokenResponse' | undefined
}

export const TOKEN_ENDPOINT: Purpose = {
  name: 'token endpoint',
  invalid: 'invalid_response',
  refused: 'token_error',
  spec: 'RFC 6749, section 5.1',
  mediaType: /^application\/(?:[\w.-]+\+)?json\b/i,
}

/** The server's own error, truncated and without anything that could be a token. */
export interface ServerWords {
  readonly error?: string | undefined
  readonly errorDescription?: string | undefined
  readonly errorUri?: string | undefined
  /** As it was sent: the chunk of the error texts reads it. */
  readonly claims?: RequiredClaims | undefined
}

/** @param secrets values that were sent and must not come back in a message */
export function serverWords(get: (name: string) => unknown, secrets: readonly string[] = []): ServerWords {
  const words = (name: string): string | undefined => {
    const value = get(name)
    return typeof value === 'string' && value !== '' ? withoutSecrets(value, secrets) : undefined
  }
  return {
    error: words('error'),
    errorDescription: words('error_description'),
    errorUri: webAddress(words('error_uri')),
    claims: get('claims') ?? undefined,
  }
}

/** Apps show what a server says as a link, so only http and https are handed on. @returns undefined for anything else */
export function webAddress(value: unknown): string | undefined {
  return typeof value === 'string' && /^https?:\/\/\S+$/i.test(value) && URL.canParse(value) ? value : undefined
}

/** Replaces secrets, and anything too long and too random to be a word, by an ellipsis. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.filter((secret) => secret.length > 7).reduce((rest, secret) => rest.replaceAll(secret, '…'), text)
  return known
    .replace(/[\w~+-]{40,}|\beyJ[\w.-]+/g, '…')
    .replace(/\p{Cc}/gu, ' ')
    .slice(0, 500)
}

/** A response of 500 and above, or 429: a transient failure, which does not affect the session. */
export function unavailable(purpose: Pick<Purpose, 'name'>, response: Response, details: ErrorDetails = {}): NetworkError {
  const limited = response.status === 429
  return createError(limited ? 'rate_limited' : 'server_error', ['failedStatus', purpose.name, response.status], {
    ...details,
    status: response.status,
    retryable: true,
    retryAfterSeconds: retryAfterSeconds(response.headers),
  })
}

/** The error for an `error` in a response body. @see RFC 6749, section 5.2 */
export function refused(purpose: Purpose, status: number, words: ServerWords & { readonly error: string }): OAuthClientError {
  const code: ErrorCode = purpose.refused === 'token_error' && words.error === 'invalid_grant' ? 'invalid_grant' : purpose.refused
  return createError(code, ['serverError', purpose.name, words.error, words.errorDescription], { ...words, status })
}

/** A longer `Retry-After` is treated as this one: a server must not stop refreshes for days. */
export const MAX_RETRY_AFTER_SECONDS = 3600

/**
 * Seconds from `Retry-After`, which is a number of seconds or a date. The date is compared with the server's own clock, if it can be read.
 *
 * @see RFC 9110, section 10.2.3
 */
function retryAfterSeconds(headers: Headers): number | undefined {
  const value = headers.get('retry-after')
  if (value === null) return undefined
  const sentAt = Date.parse(headers.get('date') ?? '') || Date.now()
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - sentAt) / 1000)
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(0, seconds), MAX_RETRY_AFTER_SECONDS)
}

/**
 * The parts of a foreign error that are safe as `cause`: name, message and code. The causes of oauth4webapi contain whole response
 * bodies and tokens, and a JSON SyntaxError quotes the text.
 */
export function safeCause(error: unknown): Error {
  if (!(error instanceof Error) || error instanceof SyntaxError)
    return new Error(error instanceof Error ? error.name : 'something that is not an Error was thrown')

  const reason = codeOf(error.cause)
  const cause = new Error(reason === undefined ? error.message : `${error.message} (${reason})`)
  cause.name = error.name
  return cause
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Runs a protocol operation; anything it throws becomes an error of this library, with its texts. */
export async function withClientErrors<Result>(
  { explain }: Pick<ProtocolContext, 'explain'>,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    throw await explain(toClientError(error))
  }
}

/** Converts anything thrown below (a hook of the app, oauth4webapi, WebCrypto) to an error of this library. */
export function toClientError(error: unknown): OAuthClientError {
  if (error instanceof OAuthClientError) return error
  const cause = safeCause(error)
  return codeOf(error)?.startsWith('OAUTH_')
    ? createError('invalid_response', ['brokenSpec', cause], { cause })
    : createError('configuration', ['notMade', cause], { cause })
}
