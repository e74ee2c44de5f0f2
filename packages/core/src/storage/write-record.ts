import { startTimer } from '../platform/timer.js'
import { sealValue } from './seal-value.js'
import { TIMED_OUT } from './resilient-storage.js'
import { RECORD_VERSION, type SealedValue, type StoredRecord } from './unseal-value.js'
import { markStale } from './stale-record.js'
import { isNewer, isStoredRecord, revisionOf } from './stored-record.js'
import type { RecordStoreParts } from './record-store.js'

/** Messages to other tabs need time: until then no other tab may have the lock. */
const MESSAGE_MS = 200

/** See `RecordStore.write`. Separate from the record store, because an app that only restores a session writes nothing. */
export async function writeRecord(
  parts: RecordStoreParts,
  key: string,
  value: unknown,
  expected: string | undefined,
): Promise<string | undefined> {
  const { storage, seal, now, own } = parts
  const revision = crypto.randomUUID()
  const sealed = async (): Promise<SealedValue> => {
    if (!storage.isDegraded) {
      try {
        return await sealValue(seal, key, value)
      } catch (cause) {
        storage.degrade(cause)
      }
    }
    return { data: value }
  }
  const record: StoredRecord = { version: RECORD_VERSION, revision, at: now(), ...(await sealed()) }
  if (storage.isDegraded) own.add(record)
  let isWritten = false
  await storage.update(key, (stored) => {
    isWritten = mayReplace(stored, expected)
    return isWritten ? record : stored
  })
  if (!isWritten) return undefined
  // A write that had timed out may still bring the former record to the storage.
  if (own.has(record)) await markStale(parts, key, expected)
  else if (storage.isDegraded)
    await keepInMemory(parts, key, { version: RECORD_VERSION, revision, at: record.at, data: value }, expected)
  return revision
}

/**
 * The storage failed while the record was written. The new record is in the memory of this page, so the one that it replaces must not be
 * used by another tab: its refresh token is spent. A deletion needs no space; if it fails as well, other tabs are notified.
 */
async function keepInMemory(
  parts: RecordStoreParts,
  key: string,
  record: StoredRecord,
  expected: string | undefined,
): Promise<void> {
  const { storage, own } = parts
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
  if (!storage.isDegraded || failure === TIMED_OUT) return
  own.add(record)
  await storage.update(key, (stored) => (revisionOf(stored) === record.revision ? record : stored))
}

/** A record of a newer release is not replaced: that release could not read what it stored there. */
function mayReplace(stored: unknown, expected: string | undefined): boolean {
  if (!isStoredRecord(stored)) return expected === undefined
  return expected === undefined ? !isNewer(stored) : stored.revision === expected
}
