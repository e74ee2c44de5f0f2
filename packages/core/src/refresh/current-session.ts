import { createError } from '../errors/create-error.js'
import type { EnvironmentError } from '../errors/errors.js'
import type { CurrentSession, Session } from '../session/session.js'
import type { RecordStore } from '../storage/record-store.js'
import { isLeftover, isStale, markStale, unmarkStale } from '../storage/stale-record.js'
import { revisionOf } from '../storage/write-record.js'
import { isTimeout, within } from '../storage/within.js'

/** What the functions of this file need of a client. */
export interface CurrentSessionParts {
  readonly session: Session
  readonly records: RecordStore
}

/** How long a session that is in the memory of this page alone waits for the storage. */
const OWN_SESSION_MS = 1000

/**
 * Reads the session that is current now. Call it under the lock, before its refresh token is used.
 *
 * @throws EnvironmentError reload_required, storage: another tab may have replaced the record, and this page cannot read it. The refresh
 * token that this page knows may be spent, so it must not be sent
 */
export async function currentSession(parts: CurrentSessionParts): Promise<CurrentSession> {
  const { session, records } = parts
  const { storage } = records.parts
  const { key } = session.parts
  let current = await session.adopt()
  if (current.tokenSet && storage.isDegraded) {
    await regainStorage(parts, current.revision)
    current = await session.adopt()
  }
  session.isBehind &&= storage.isDegraded
  if (current.obstacle === 'newer') throw createError('reload_required')
  if (current.obstacle) throw unusable('The stored session cannot be read, so it is not refreshed.')
  if (!(await isStale(records.parts, key, current.revision))) return current
  // Without messages between tabs, nothing has said so before.
  await records.take(key, current.revision)
  session.end('other-tab')
  return { tokenSet: undefined, revision: undefined }
}

/**
 * The storage failed before. If it works again, it is used again: another tab may have refreshed the session. If not, a session that was
 * never in it is this page's alone. One that was in it may only be used if no other tab has changed it, and no other tab may use it.
 */
async function regainStorage({ session, records }: CurrentSessionParts, revision: string | undefined): Promise<void> {
  const { storage, own } = records.parts
  const { key } = session.parts
  const copy = await storage.get(key)
  const isOwn = own.has(copy as object)
  try {
    const reading = storage.primary.get(key)
    const stored = await (isOwn ? within(OWN_SESSION_MS, reading) : reading)
    const present = revisionOf(stored)
    if (present !== revision && (isOwn || isLeftover(records.parts, present))) return
    storage.isDegraded = false
    unmarkStale(records.parts, revision)
  } catch (cause) {
    if (isOwn) return
    if (isTimeout(cause) || session.isBehind)
      throw unusable('The storage does not respond, and another tab may have refreshed the session.')
    await markStale(records.parts, key, revision)
  }
}

function unusable(message: string): EnvironmentError {
  return createError('storage', message, { hint: 'Try again, or reload the page.', retryable: true })
}
