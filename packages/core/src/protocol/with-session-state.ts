import type { TokenSet } from './token-set.js'

/**
 * Keeps the server's `session_state`, which travels in the authorization response beside the tokens.
 *
 * @see OpenID Connect Session Management 1.0, section 2
 */
export function withSessionState(tokenSet: TokenSet, parameters: URLSearchParams): TokenSet {
  const sessionState = parameters.get('session_state')
  return sessionState ? { ...tokenSet, sessionState } : tokenSet
}
