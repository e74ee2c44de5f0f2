import { ResilientStorage } from './resilient-storage.js'
import { RECORD_VERSION } from './record-version.js'
import { aesGcmSeal, noSeal, type Seal, type StoredRecord } from './unseal-value.js'
import type { TokenStorage } from './token-storage.js'

/** The code that writes records. A warm start loads none of it. */
export interface RecordCalls {
  /** See `write-record.ts`. */
  readonly writeRecord: (
    parts: RecordStoreParts,
    key: string,
    value: unknown,
    expected: string | undefined,
  ) => Promise<string | undefined>
}

/** A record that the storage did not take. */
export interface FailedWrite {
  readonly record: StoredRecord
  readonly value: unknown
  readonly expected: string | undefined
}

/** The code that opens all that are not readable records of this release, and for a storage that fails. */
export interface RareRecordCalls {
  /** See `keep-in-memory.ts`. */
  readonly keepInMemory: (parts: RecordStoreParts, key: string, write: FailedWrite) => Promise<void>
  /** See `open-record.ts`. */
  readonly openRecord: (parts: RecordStoreParts, key: string, stored: unknown) => Promise<ReadRecord | RecordObstacle>
}

/** What a record store is made of. */
export interface RecordStoreOptions {
  readonly storage: TokenStorage
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Called once, with the first failure of the storage. */
  readonly onError: (cause: unknown) => void
  /** Called when a record was replaced in memory only, so that the stored one, with this revision, must not be used any more. */
  readonly onStale?: ((revision: string) => void) | undefined
  /** Without Web Locks only messages keep other tabs from using a record. */
  readonly locks?: LockManager | undefined
  readonly load: () => Promise<RecordCalls>
  readonly loadRareCalls: () => Promise<RareRecordCalls>
}

/** Creates the records of one client, sealed if the storage keeps keys, and the storage under them that never rejects. */
export function createRecordStore({ storage: primary, onError, ...parts }: RecordStoreOptions): {
  readonly storage: ResilientStorage
  readonly records: RecordStore
} {
  const storage = new ResilientStorage(primary, onError)
  const seal = primary.keepsCryptoKeys ? aesGcmSeal(storage.primary) : noSeal
  return { storage, records: new RecordStore({ ...parts, storage, seal, own: new WeakSet() }) }
}

/** A record as it was read. */
export interface ReadRecord {
  readonly revision: string
  /** Milliseconds since the epoch, device clock. */
  readonly at: number
  readonly value: unknown
}

/** `unreadable`: damaged, not sealed although this client seals, or sealed under a lost key. `newer`: written by a newer release. */
export type RecordObstacle = 'unreadable' | 'newer'

/** What the functions of a record store share. */
export interface RecordStoreParts extends Omit<RecordStoreOptions, 'storage' | 'onError'> {
  readonly storage: ResilientStorage
  readonly seal: Seal
  /** Unsealed records that this page has written while the storage had failed. They are in its memory, and nowhere else. */
  readonly own: WeakSet<object>
}

/** Sealed records with a revision. They contain sessions, transactions and server metadata. */
export class RecordStore {
  readonly parts: RecordStoreParts

  constructor(parts: RecordStoreParts) {
    this.parts = parts
  }

  async read(key: string): Promise<ReadRecord | RecordObstacle | undefined> {
    return this.#open(key, await this.parts.storage.get(key))
  }

  /**
   * @param expected write only if the stored record still has this revision; without it, in any case
   * @returns the new revision, undefined when another tab was faster, or the stored record is one of a newer release
   */
  async write(key: string, value: unknown, expected?: string): Promise<string | undefined> {
    return (await this.parts.load()).writeRecord(this.parts, key, value, expected)
  }

  /**
   * Reads and deletes in one step: of several takers one gets it.
   *
   * @param expected delete only if the stored record still has this revision
   */
  async take(key: string, expected?: string): Promise<unknown> {
    let taken: unknown
    await this.parts.storage.update(key, (stored) => {
      if (expected !== undefined && (stored as StoredRecord | undefined)?.revision !== expected) return stored
      taken = stored
      return undefined
    })
    const record = await this.#open(key, taken)
    return typeof record === 'object' ? record.value : undefined
  }

  async #open(key: string, stored: unknown): Promise<ReadRecord | RecordObstacle | undefined> {
    if (stored === undefined) return undefined
    const { seal, own, loadRareCalls } = this.parts
    try {
      const record = stored as StoredRecord
      const { version, revision, at } = record
      // A record without encryption where this client seals is not its own: its author must not be signed in by it.
      if (version === RECORD_VERSION) return { revision, at, value: await (own.has(record) ? noSeal : seal).unseal(key, record) }
    } catch {
      // Reported below.
    }
    return loadRareCalls().then(
      (calls) => calls.openRecord(this.parts, key, stored),
      () => 'unreadable',
    )
  }
}
