import { createError } from '../errors/create-error.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import { revokeToken, type RevokeOptions } from '../protocol/revocation.js'
import type { TokenSet } from '../protocol/token-set.js'

/**
 * Revokes a token; the session stays.
 *
 * @param present the session's tokens, if the session of the call has not ended
 * @param token default: the session's refresh token, else its access token
 * @throws SessionError missing_token if there is none; ServerError revocation_error; NetworkError
 * @see RFC 7009, section 2.1
 */
export async function revoke(
  context: ProtocolContext,
  present: TokenSet | undefined,
  token: string | undefined,
  options: RevokeOptions = {},
): Promise<void> {
  const chosen = token ?? present?.refreshToken ?? present?.accessToken
  try {
    if (!chosen) throw createError('missing_token')
    await revokeToken(context, chosen, { tokenTypeHint: typeOf(chosen, present), ...options })
  } catch (cause) {
    throw await context.explain(cause)
  }
}

/** @returns undefined for a token of unknown type: a wrong hint is worse than none */
function typeOf(token: string, present: TokenSet | undefined): RevokeOptions['tokenTypeHint'] {
  if (token === present?.refreshToken) return 'refresh_token'
  return token === present?.accessToken ? 'access_token' : undefined
}
