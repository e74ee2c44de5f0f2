import type { Session, SessionMoment } from './session.js'
import type { TokenSet, TokenSetReason } from '../protocol/token-set.js'

// Every write of a session's record. It depends on the revision or on the epoch that it began with: what comes after a sign-out is
// dropped. Apart from the session itself, because an app that merely starts with a stored session writes none.

/**
 * A sign-in ended well: its token set replaces whatever was there.
 *
 * @param startedAt when the sign-in began; default: now
 * @param expected the revision of the session it renews: written only if the record still has it
 * @returns false when a sign-out came first: the token set is dropped
 */
export async function establishSession(
  session: Session,
  { tokenSet, reason }: { readonly tokenSet: TokenSet; readonly reason: TokenSetReason },
  startedAt: SessionMoment = session.moment(false),
  expected?: string,
): Promise<boolean> {
  const { records, key, options } = session.parts
  const claims = await session.checkClaims(tokenSet)
  if (session.isPast(startedAt)) return false
  await options.onTokenSet?.(tokenSet, reason)
  if (session.isPast(startedAt)) return false
  const epoch = session.beginEpoch()
  const revision = await records.write(key, tokenSet, expected)
  if (revision === undefined) return false
  if (epoch !== session.epoch) {
    await records.take(key, revision)
    return false
  }
  session.apply(tokenSet, claims, revision, reason)
  session.parts.announce('session-changed')
  return true
}

/**
 * A refresh ended well. Written only if the record is still the one the refresh began with.
 *
 * @returns false when a sign-out or another sign-in came first: the new token set is dropped
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
  await options.onTokenSet?.(tokenSet, reason)
  if (epoch !== session.epoch) return false
  const revision = await records.write(key, tokenSet, expected)
  if (revision === undefined || epoch !== session.epoch) return false
  session.apply(tokenSet, claims, revision, reason)
  session.parts.announce('session-changed')
  return true
}

/** Keeps the new refresh token of a refresh that failed after the server's answer. Nobody is told: nothing else is new. */
export async function keepRefreshToken(session: Session, tokenSet: TokenSet, expected: string | undefined): Promise<void> {
  const { epoch } = session
  const revision = await session.parts.records.write(session.parts.key, tokenSet, expected)
  const { claims } = session.state
  if (revision !== undefined && epoch === session.epoch && claims) session.apply(tokenSet, claims, revision)
}
