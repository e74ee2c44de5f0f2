import { ResilientStorage } from './resilient-storage.js'
import { aesGcmSeal, noSeal, RECORD_VERSION, type Seal, type StoredRecord } from './sealing.js'
import type { TokenStorage } from './token-storage.js'

/** Loads the code that updates records of earlier releases. Such records are rare. */
export type LoadMigrations = () => Promise<Pick<typeof import('./migrations.js'), 'migrateValue'>>

/** What a record store is made of. */
export interface RecordStoreOptions {
  readonly storage: TokenStorage
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Called once, with the first failure of the storage. */
  readonly onError: (cause: unknown) => void
  readonly loadMigrations: LoadMigrations
}

/** Creates the records of one client, sealed if the storage keeps keys, and the storage under them that never rejects. */
export function createRecordStore({ storage, now, onError, loadMigrations }: RecordStoreOptions): {
  readonly storage: ResilientStorage
  readonly records: RecordStore
} {
  const resilient = new ResilientStorage(storage, onError)
  const seal = storage.keepsCryptoKeys ? aesGcmSeal(storage) : noSeal
  return { storage: resilient, records: new RecordStore(resilient, seal, now, loadMigrations) }
}

/** A record as it was read. */
export interface ReadRecord {
  readonly revision: string
  /** Milliseconds since the epoch, device clock. */
  readonly at: number
  readonly value: unknown
}

/** Sealed records with a revision. They contain sessions, transactions and server metadata. */
export class RecordStore {
  readonly #storage: ResilientStorage
  readonly #seal: Seal
  readonly #now: () => number
  readonly #loadMigrations: LoadMigrations

  /** @param now milliseconds since the epoch */
  constructor(storage: ResilientStorage, seal: Seal, now: () => number, loadMigrations: LoadMigrations) {
    this.#storage = storage
    this.#seal = seal
    this.#now = now
    this.#loadMigrations = loadMigrations
  }

  /** @returns 'unreadable' for a record that is damaged, sealed under a lost key, or of a newer release */
  async read(key: string): Promise<ReadRecord | 'unreadable' | undefined> {
    return this.#open(key, await this.#storage.get(key))
  }

  /**
   * @param expected write only if the stored record still has this revision; without it, in any case
   * @returns the new revision, undefined when another tab was faster
   */
  async write(key: string, value: unknown, expected?: string): Promise<string | undefined> {
    const revision = crypto.randomUUID()
    const record = {
      version: RECORD_VERSION,
      revision,
      at: this.#now(),
      ...(await this.#sealed(key, value)),
    } satisfies StoredRecord
    let isWritten = false
    await this.#storage.update(key, (stored) => {
      isWritten = expected === undefined || (isStoredRecord(stored) && stored.revision === expected)
      return isWritten ? record : stored
    })
    return isWritten ? revision : undefined
  }

  /**
   * Reads and deletes in one step: of several takers one gets it.
   *
   * @param expected delete only if the stored record still has this revision
   */
  async take(key: string, expected?: string): Promise<unknown> {
    let taken: unknown
    await this.#storage.update(key, (stored) => {
      if (expected !== undefined && isStoredRecord(stored) && stored.revision !== expected) return stored
      taken = stored
      return undefined
    })
    const record = await this.#open(key, taken)
    return record === 'unreadable' ? undefined : record?.value
  }

  async #sealed(key: string, value: unknown): Promise<Pick<StoredRecord, 'iv' | 'data'>> {
    if (this.#storage.isDegraded) return noSeal.seal(key, value)
    try {
      return await this.#seal.seal(key, value)
    } catch (cause) {
      this.#storage.degrade(cause)
      return noSeal.seal(key, value)
    }
  }

  async #open(key: string, stored: unknown): Promise<ReadRecord | 'unreadable' | undefined> {
    if (stored === undefined) return undefined
    try {
      const record = checkRecord(stored)
      const value = await (record.iv ? this.#seal : noSeal).unseal(key, record)
      return { revision: record.revision, at: record.at, value: await this.#migrate(value, record.version) }
    } catch (cause) {
      // A record of a newer release is kept, because the tabs of that release need it. A damaged one is deleted.
      if (isStoredRecord(stored) && stored.version > RECORD_VERSION) this.#storage.degrade(cause)
      else {
        this.#storage.report(cause)
        await this.take(key, isStoredRecord(stored) ? stored.revision : undefined)
      }
      return 'unreadable'
    }
  }

  async #migrate(value: unknown, version: number): Promise<unknown> {
    return version === RECORD_VERSION ? value : (await this.#loadMigrations()).migrateValue(value, version)
  }
}

function isStoredRecord(stored: unknown): stored is StoredRecord {
  return typeof stored === 'object' && stored !== null && 'version' in stored && 'revision' in stored
}

/** @throws TypeError for a value that is not a record, and for a record of a newer release */
function checkRecord(stored: unknown): StoredRecord {
  if (!isStoredRecord(stored)) throw new TypeError('stored value is not a record of this library')
  if (stored.version > RECORD_VERSION) {
    throw new TypeError(
      `record has version ${stored.version}, this release knows ${RECORD_VERSION}: a newer release runs in another tab`,
    )
  }
  return stored
}
