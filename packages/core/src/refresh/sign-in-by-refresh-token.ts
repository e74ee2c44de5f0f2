import { createError } from '../errors/create-error.js'
import { OAuthClientError } from '../errors/errors.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import { refreshTokenSet } from '../protocol/refresh-grant.js'
import type { TokenSet, TokenSetReason } from '../protocol/token-set.js'
import type { Session, SessionMoment } from '../session/session.js'

/** What a sign-in by a refresh token needs of its client. */
export interface RefreshSignInParts {
  readonly session: Session
  readonly context: ProtocolContext
  /** Ends a sign-in that needed no browser. */
  readonly finishGrant: (tokenSet: TokenSet, startedAt: SessionMoment, reason: TokenSetReason) => Promise<TokenSet>
}

/**
 * Signs in with a refresh token that came from elsewhere, such as a database or another library.
 *
 * @param startedAt a sign-out since then wins
 * @throws SessionError token_invalid if the server refuses it; NetworkError; ValidationError
 * @see RFC 6749, section 6
 */
export async function signInByRefreshToken(
  { context, finishGrant }: RefreshSignInParts,
  refreshToken: string,
  scope: string | undefined,
  startedAt: SessionMoment,
): Promise<TokenSet> {
  const former = { accessToken: '', tokenType: 'Bearer', refreshToken, receivedAt: 0, response: {} }
  const tokenSet = await refreshTokenSet(context, former, { scope }).catch((cause: unknown) => {
    throw cause instanceof OAuthClientError && cause.code === 'invalid_grant' ? refused(cause) : cause
  })
  return finishGrant(tokenSet, startedAt, 'refresh')
}

function refused(cause: OAuthClientError): OAuthClientError {
  const { error, errorDescription } = cause
  return createError('token_invalid', 'The authorization server refused the refresh token.', { error, errorDescription, cause })
}
