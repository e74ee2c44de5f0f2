import { parseUrl } from '../platform/parse-url.js'
import { createError } from '../errors/create-error.js'
import type { ErrorCode } from '../errors/error-codes.js'
import type { ErrorDetails, NetworkError, OAuthClientError, RequiredClaims } from '../errors/errors.js'
import type { Purpose } from './purpose.js'

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
  return typeof value === 'string' && /^https?:\/\/\S+$/i.test(value) && parseUrl(value) ? value : undefined
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
