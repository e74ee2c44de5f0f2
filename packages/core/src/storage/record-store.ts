import { noSeal, RECORD_VERSION, type Seal, type StoredRecord } from './sealing.js'
import type { ResilientStorage } from './resilient-storage.js'

export interface ReadRecord {
  readonly revision: string
  /** Milliseconds since the epoch, device clock. */
  readonly at: number
  readonly value: unknown
}

/** Records with a revision, sealed: what sessions, transactions and server metadata are kept in. */
export interface RecordStore {
  /** @returns 'unreadable' for a record that is damaged, sealed under a lost key, or of a newer release */
  read(key: string): Promise<ReadRecord | 'unreadable' | undefined>
  /**
   * @param expected write only if the stored record still has this revision; without it, in any case
   * @returns the new revision, undefined when another tab was faster
   */
  write(key: string, value: unknown, expected?: string): Promise<string | undefined>
  /** Reads and deletes in one step: of several takers one gets it. */
  take(key: string): Promise<unknown>
  /** @param expected delete only if the stored record still has this revision */
  clear(key: string, expected?: string): Promise<void>
  /** Deletes the records under `prefix` that were written before `before` (milliseconds since the epoch). */
  sweep(prefix: string, before: number): Promise<void>
}

export function createRecordStore(storage: ResilientStorage, seal: Seal, now: () => number): RecordStore {
  async function open(key: string, stored: unknown): Promise<ReadRecord | 'unreadable' | undefined> {
    if (stored === undefined) return undefined
    try {
      const record = checkRecord(stored)
      const value = await (record.iv ? seal : noSeal).unseal(key, record)
      return { revision: record.revision, at: record.at, value }
    } catch (cause) {
      // A newer release's record stays where it is: its tabs still need it. A damaged one is of no use to anybody.
      if (isRecord(stored) && stored.version > RECORD_VERSION) storage.degrade(cause)
      else {
        storage.report(cause)
        await storage.update(key, () => undefined)
      }
      return 'unreadable'
    }
  }

  return {
    read: async (key) => open(key, await storage.get(key)),
    async write(key, value, expected) {
      const revision = crypto.randomUUID()
      const at = now()
      const sealed = await (storage.isDegraded ? noSeal : seal).seal(key, value).catch((cause: unknown) => {
        storage.degrade(cause)
        return noSeal.seal(key, value)
      })
      const record: StoredRecord = { version: RECORD_VERSION, revision, at, ...sealed }
      let isWritten = false
      await storage.update(key, (stored) => {
        isWritten = expected === undefined || (isRecord(stored) && stored.revision === expected)
        return isWritten ? record : stored
      })
      return isWritten ? revision : undefined
    },
    async take(key) {
      let taken: unknown
      await storage.update(key, (stored) => {
        taken = stored
        return undefined
      })
      const record = await open(key, taken)
      return record === 'unreadable' ? undefined : record?.value
    },
    clear: (key, expected) =>
      storage.update(key, (stored) =>
        expected !== undefined && isRecord(stored) && stored.revision !== expected ? stored : undefined,
      ),
    async sweep(prefix, before) {
      for (const key of await storage.keys(prefix)) {
        await storage.update(key, (stored) => (isRecord(stored) && stored.at >= before ? stored : undefined))
      }
    },
  }
}

function isRecord(stored: unknown): stored is StoredRecord {
  return typeof stored === 'object' && stored !== null && 'version' in stored && 'revision' in stored
}

/**
 * Brings a record of an older version to the present one. Version 1 is the first: nothing to bring along yet.
 *
 * @throws for what is no record, and for a record of a newer release
 */
function checkRecord(stored: unknown): StoredRecord {
  if (!isRecord(stored)) throw new TypeError('stored value is not a record of this library')
  if (stored.version > RECORD_VERSION) {
    throw new TypeError(
      `record has version ${stored.version}, this release knows ${RECORD_VERSION}: a newer release runs in another tab`,
    )
  }
  return stored
}
