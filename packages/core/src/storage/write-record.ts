import { sealValue } from './seal-value.js'
import { RECORD_VERSION } from './record-version.js'
import type { SealedValue, StoredRecord } from './unseal-value.js'
import { isNewer, isStoredRecord } from './stored-record.js'
import type { RecordStoreParts } from './record-store.js'

/** See `RecordStore.write`. Separate from the record store, because an app that only restores a session writes nothing. */
export async function writeRecord(
  parts: RecordStoreParts,
  key: string,
  value: unknown,
  expected: string | undefined,
): Promise<string | undefined> {
  const { storage, seal, now, own, loadRareCalls } = parts
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
  const isNew = own.has(record) && expected === undefined
  // A renewal, which spends a refresh token, has loaded this code before.
  if (storage.isDegraded && !isNew) await (await loadRareCalls()).keepInMemory(parts, key, { record, value, expected })
  return revision
}

/** A record of a newer release is not replaced: that release could not read what it stored there. */
function mayReplace(stored: unknown, expected: string | undefined): boolean {
  if (!isStoredRecord(stored)) return expected === undefined
  return expected === undefined ? !isNewer(stored) : stored.revision === expected
}
