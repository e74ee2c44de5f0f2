import { startTimer } from '../platform/timer.js'
import type { FailedWrite, RecordStoreParts, StoredRecord } from './record-store.js'
import { markStale } from './stale-record.js'
import { revisionOf } from './write-record.js'
import { isTimeout } from './within.js'

/** Messages to other tabs need time: until then no other tab may have the lock. */
const MESSAGE_MS = 200

/**
 * The storage failed while the record was written. The new record is in the memory of this page, so the one that it replaces must not be
 * used by another tab: its refresh token is spent. A deletion needs no space; if it fails as well, other tabs are notified.
 */
export async function keepInMemory(
  parts: RecordStoreParts,
  key: string,
  { record: written, value, expected }: FailedWrite,
): Promise<void> {
  const { storage, own } = parts
  // A write that had timed out may still bring the former record to the storage.
  if (own.has(written)) return markStale(parts, key, expected)
  const { version, revision, at } = written
  const record: StoredRecord = { version, revision, at, data: value }
  let failure: unknown
  try {
    let present: string | undefined
    await storage.primary.update(key, (stored) => {
      present = revisionOf(stored)
      return present !== undefined && present === expected ? undefined : stored
    })
    // The write was slow, but it was not lost.
    if (present === record.revision) storage.isDegraded = false
  } catch (cause) {
    failure = cause
    await markStale(parts, key, expected)
    await new Promise<void>((resolve) => void startTimer(resolve, MESSAGE_MS))
  }
  // A write that is still in progress may yet be seen by other tabs.
  if (!storage.isDegraded || isTimeout(failure)) return
  own.add(record)
  await storage.update(key, (stored) => (revisionOf(stored) === record.revision ? record : stored))
}
