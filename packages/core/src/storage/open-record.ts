import { createError } from '../errors/create-error.js'
import { migrateValue } from './migrations.js'
import type { ReadRecord, RecordObstacle, RecordStoreParts } from './record-store.js'
import { isNewer, isStoredRecord } from './write-record.js'

/**
 * Opens a stored value that is not a readable record of this release: a record of an earlier release is updated. Anything else is
 * reported, and deleted unless another tab may be able to read it.
 */
export async function openRecord(
  { storage, seal }: RecordStoreParts,
  key: string,
  stored: unknown,
): Promise<ReadRecord | RecordObstacle> {
  try {
    if (!isStoredRecord(stored)) throw new TypeError('stored value is not a record of this library')
    if (isNewer(stored)) throw createError('reload_required')
    const { revision, at, version } = stored
    return { revision, at, value: migrateValue(await seal.unseal(key, stored), version) }
  } catch (cause) {
    storage.report(cause)
    // Another tab may have the key of a sealed record, or the release that wrote it.
    const isKept = (present: unknown): boolean =>
      isStoredRecord(present) && (!seal.keys || present.iv !== undefined || isNewer(present))
    if (!isKept(stored)) await storage.update(key, (present) => (isKept(present) ? present : undefined))
    return isStoredRecord(stored) && isNewer(stored) ? 'newer' : 'unreadable'
  }
}
