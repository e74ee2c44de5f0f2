import type { TokenSet, TokenSetReason } from '../protocol/token-set.js'
import type { Session } from './session.js'

// The writes of a session's record that a sign-in does not need. See `write-session.ts`.

/**
 * Stores the token set of a refresh, if the record still has the revision with which the refresh started.
 *
 * @returns false if a sign-out or another sign-in came first: the new token set is dropped
 */
export async function replaceSession(
  session: Session,
  tokenSet: TokenSet,
  expected: string | undefined,
  reason: TokenSetReason,
): Promise<boolean> {
  const { epoch } = session
  const { records, key, options } = session.parts
  const claims = await session.checkClaims(tokenSet)
  await options.onTokenSet?.(tokenSet, reason, session.state.tokenSet)
  if (epoch !== session.epoch) return false
  const revision = await records.write(key, tokenSet, expected)
  if (revision === undefined || epoch !== session.epoch) return false
  session.apply(tokenSet, claims, revision, reason)
  session.parts.sendToTabs('session-changed')
  return true
}

/** Stores the rotated refresh token of a refresh that failed after the server's response. Emits nothing, because nothing else is new. */
export async function keepRefreshToken(session: Session, tokenSet: TokenSet, expected: string | undefined): Promise<void> {
  const { epoch } = session
  const revision = await session.parts.records.write(session.parts.key, tokenSet, expected)
  const { claims } = session.state
  if (revision !== undefined && epoch === session.epoch && claims) session.apply(tokenSet, claims, revision)
}
