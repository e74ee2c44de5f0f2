import { asClientError, missingToken } from '../errors/client-error.js'
import type { ClientParts } from '../client/client-parts.js'
import type { RevokeOptions } from './logout-options.js'
import { revokeToken } from '../protocol/revocation.js'
import type { TokenSet } from '../protocol/token-set.js'

/**
 * @param token default: the session's refresh token, else its access token
 * @throws SessionError missing_token when there is none; ServerError revocation_error; NetworkError
 * @see RFC 7009, section 2.1
 */
export async function revokeByHand(
  { context, session }: Pick<ClientParts, 'context' | 'session'>,
  token: string | undefined,
  { tokenTypeHint }: RevokeOptions = {},
): Promise<void> {
  const present = session.state.tokenSet
  const chosen = token ?? present?.refreshToken ?? present?.accessToken
  if (chosen === undefined) throw missingToken()
  try {
    await revokeToken(context, chosen, tokenTypeHint ?? kindOf(chosen, present))
  } catch (cause) {
    throw asClientError(cause)
  }
}

/** @returns undefined for a token of unknown kind: a wrong hint is worse than none */
function kindOf(token: string, present: TokenSet | undefined): 'access_token' | 'refresh_token' | undefined {
  if (token === present?.refreshToken) return 'refresh_token'
  return token === present?.accessToken ? 'access_token' : undefined
}
