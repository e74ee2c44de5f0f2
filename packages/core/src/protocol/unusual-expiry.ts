import type { JsonObject } from './endpoint-request.js'
import type { ProtocolContext } from './protocol-context.js'

/** A hundred years. */
const MAX_LIFETIME_SECONDS = 3_155_760_000

/**
 * `expires_at` if it is a number, else `expires_in`; numbers may be strings. Without a positive number, the token is never treated as
 * expired, and a 401 shows that it is.
 */
export function unusualExpiry(context: ProtocolContext, body: JsonObject, now: number): number | undefined {
  const expiresAt = positiveNumber(body['expires_at'])
  if (expiresAt !== undefined) return Math.floor(Math.min(expiresAt, now + MAX_LIFETIME_SECONDS))
  const expiresIn = positiveNumber(body['expires_in'])
  if (expiresIn === undefined && body['expires_in'] !== undefined)
    context.logger.warn('"expires_in" of the token response is not a positive number and is ignored')

  return expiresIn === undefined ? undefined : now + Math.floor(Math.min(expiresIn, MAX_LIFETIME_SECONDS))
}

function positiveNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && number > 0 && Number.isFinite(number) ? number : undefined
}
