import { createError } from '../errors/create-error.js'
import type { AccessToken } from '../protocol/token-set.js'

/** A token as stored in a database or by another library: a token response with `expires_at` (seconds since the epoch). */
export interface StoredToken {
  readonly access_token: string
  readonly token_type: string
  readonly refresh_token?: string | undefined
  readonly expires_at?: number | undefined
  readonly [member: string]: unknown
}

/**
 * Converts a stored token to an access token.
 *
 * @throws ValidationError missing_token, missing_token_type
 * @see RFC 6749, section 5.1
 */
export function fromStoredToken(token: StoredToken): AccessToken {
  for (const member of ['access_token', 'token_type'] as const) {
    const value: unknown = (token as Partial<StoredToken> | undefined)?.[member]
    if (typeof value === 'string' && value !== '') continue
    throw createError(
      member === 'access_token' ? 'missing_token' : 'missing_token_type',
      `The stored token has no "${member}".`,
      {
        hint: 'fetchToken must return a token response: { access_token, token_type, expires_at? }.',
        spec: 'RFC 6749, section 5.1',
      },
    )
  }
  const { access_token: accessToken, token_type: tokenType, expires_at: expiresAt } = token
  return { accessToken, tokenType, expiresAt: typeof expiresAt === 'number' ? expiresAt : undefined }
}
