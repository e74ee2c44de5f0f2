import { createError } from '../errors/create-error.js'
import type { Session, SessionMoment } from './session.js'
import type { TokenSet, TokenSetReason } from '../protocol/token-set.js'

// All writes of a session's record. Each depends on the revision or on the epoch in which its operation started, so that nothing is
// written after a sign-out. Separate from the session, because an app that only restores one loads no write.

/** Name of the record with the server's `Retry-After`, which concerns this session only. See `refresh/retry-after.ts`. */
export function pauseKey({ parts }: Session): string {
  return `${parts.key}/pause`
}

/** The result of a sign-in. */
interface NewSession {
  readonly tokenSet: TokenSet
  readonly reason: TokenSetReason
  /** Called when it is stored, and before it is shown. */
  readonly beforeShown?: (() => Promise<void>) | undefined
}

/**
 * Stores the token set of a completed sign-in, which replaces any session.
 *
 * @param startedAt when the sign-in started. Default: now
 * @param expected write only if the record still has this revision, that of the session to renew
 * @returns false if a sign-out came first: the token set is dropped
 */
export async function establishSession(
  session: Session,
  { tokenSet, reason, beforeShown }: NewSession,
  startedAt: SessionMoment = session.moment(false),
  expected?: string,
): Promise<boolean> {
  const { records, key, options } = session.parts
  const claims = await session.checkClaims(tokenSet)
  if (session.isPast(startedAt)) return false
  await options.onTokenSet?.(tokenSet, reason, session.state.tokenSet)
  await records.take(pauseKey(session))
  if (session.isPast(startedAt)) return false
  const epoch = session.beginEpoch()
  const revision = await records.write(key, tokenSet, expected)
  if (revision === undefined) {
    // Only a record of a newer release is not replaced.
    if (expected === undefined) throw createError('reload_required')
    return false
  }
  if (epoch !== session.epoch) {
    await records.take(key, revision)
    return false
  }
  await beforeShown?.()
  if (epoch !== session.epoch) return false
  session.apply(tokenSet, claims, revision, reason)
  session.parts.sendToTabs('session-changed')
  return true
}
