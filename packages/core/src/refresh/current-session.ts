import { createError } from '../errors/create-error.js'
import type { CurrentSession, Session } from '../session/session.js'

/**
 * Reads the session that is current now. Call it under the lock, before its refresh token is used.
 *
 * @throws EnvironmentError reload_required, storage: another tab has replaced the record and this page cannot read it. The refresh
 * token that this page knows may be spent, so it must not be sent
 */
export async function currentSession(session: Session): Promise<CurrentSession> {
  const current = await session.adopt()
  if (current.obstacle === 'newer') throw createError('reload_required')
  if (current.obstacle) {
    throw createError('storage', 'The stored session cannot be read, so it is not refreshed.', {
      hint: 'Reload the page; if that does not help, sign in again.',
    })
  }
  return current
}
