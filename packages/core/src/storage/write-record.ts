import type { RecordStoreParts, Seal, SealedValue, SealingKeys, StoredRecord } from './record-store.js'
import { RECORD_VERSION } from './record-version.js'

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

/** Seals a value for the record with this key, if the storage keeps keys. Separate from `record-store.ts`, because a warm start only reads. */
export async function sealValue(seal: Seal, key: string, value: unknown): Promise<SealedValue> {
  const { keys } = seal
  if (!keys) return { data: value }
  const sealingKey = await storedKey(keys)
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const text = new TextEncoder().encode(JSON.stringify(value))
  const record = { iv, data: await crypto.subtle.encrypt(keys.algorithm(iv, key), sealingKey, text) }
  // Reading it makes the key known, if it is another one.
  await seal.unseal(key, record)
  return record
}

/** @returns the key in the storage. If there is none, the known one is stored again, so that other tabs can read what it has sealed */
async function storedKey({ storage, known: [known], name, isSealingKey }: SealingKeys): Promise<CryptoKey> {
  const present = await storage.get(name)
  if (isSealingKey(present)) return present
  const candidate = known ?? (await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']))
  let key = candidate
  // Two tabs may generate a key at the same time. All tabs use the one that was written first.
  await storage.update(name, (stored) => (key = isSealingKey(stored) ? stored : candidate))
  return key
}

/** Whether a stored value has the form of a record of any release. */
export function isStoredRecord(stored: unknown): stored is StoredRecord {
  return typeof stored === 'object' && stored !== null && 'version' in stored && 'revision' in stored
}

/** @returns undefined for a value that is not a record */
export function revisionOf(stored: unknown): string | undefined {
  return isStoredRecord(stored) ? stored.revision : undefined
}

/** Whether a record was written by a newer release. */
export function isNewer({ version }: StoredRecord): boolean {
  return version > RECORD_VERSION
}
