import type { TokenStorage } from './token-storage.js'
import { ResilientStorage } from './resilient-storage.js'
import { RECORD_VERSION } from './record-version.js'

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

/** A record in storage. Only `data` is secret. */
export interface StoredRecord {
  readonly version: number
  /** Identifies this state of the record, so that a write can depend on it. */
  readonly revision: string
  /** Milliseconds since the epoch, device clock: when it was written. */
  readonly at: number
  /** AES-GCM initialization vector; absent if values are stored unsealed. */
  readonly iv?: Uint8Array<ArrayBuffer>
  /** Ciphertext of the JSON text, or the value itself. */
  readonly data: unknown
}

/** A value in the form of a record. */
export type SealedValue = Pick<StoredRecord, 'iv' | 'data'>

/** Turns records into values. `write-record.ts` has the other direction. */
export interface Seal {
  /** @throws when the record was altered, moved to another key, or sealed under a key that is lost */
  unseal(key: string, record: SealedValue): Promise<unknown>
  /** Absent if values are stored unsealed. */
  readonly keys?: SealingKeys | undefined
}

/** The keys of a seal. */
export interface SealingKeys {
  /** Where the key is. */
  readonly storage: Pick<TokenStorage, 'get' | 'update'>
  /** The latest two keys of this page, newest first: records that are only in memory may be sealed under the former one. */
  known: readonly CryptoKey[]
  /** For `write-record.ts`, which is given them: a module that another chunk imports becomes a file of its own. */
  readonly name: string
  readonly algorithm: (iv: Uint8Array<ArrayBuffer>, key: string) => AesGcmParams
  readonly isSealingKey: (stored: unknown) => stored is CryptoKey
}

/** For storages that need no sealing (memory) or cannot keep a non-extractable key (web storage). */
export const noSeal: Seal = { unseal: async (_key, record) => record.data }

/** Name of the sealing key in the storage. */
const SEALING_KEY = 'latchkey/sealing-key'

/**
 * Seals with AES-GCM under a non-extractable key of this origin, kept in the same storage. The record's name is authenticated as well,
 * so that a record cannot be moved to another name.
 *
 * Site data may be deleted while tabs are open. So a key that does not open a record is looked up again, and every write uses the key
 * in the storage, which all tabs can read.
 *
 * This protects a copied disk, a backup, a storage dump or a mistaken log. A script that runs in the page can still get a token from
 * this library: no storage can prevent that.
 */
export function aesGcmSeal(storage: SealingKeys['storage']): Seal & { readonly keys: SealingKeys } {
  const keys: SealingKeys = { storage, known: [], name: SEALING_KEY, algorithm, isSealingKey }
  return {
    keys,
    async unseal(key, { iv, data }) {
      if (!iv) throw new TypeError('record is not sealed')
      const open = (sealingKey: CryptoKey): Promise<ArrayBuffer> =>
        crypto.subtle.decrypt(algorithm(iv, key), sealingKey, data as ArrayBuffer)
      const text = await Promise.any(keys.known.map(open)).catch(async () => {
        const stored = await storage.get(SEALING_KEY)
        if (!isSealingKey(stored)) throw new TypeError('no sealing key')
        keys.known = [stored, ...keys.known.slice(0, 1)]
        return open(stored)
      })
      return JSON.parse(new TextDecoder().decode(text)) as unknown
    },
  }
}

/** Parameters of AES-GCM for one record. */
function algorithm(iv: Uint8Array<ArrayBuffer>, key: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(key) }
}

/** A key that can be exported is not ours: its author may have a copy. */
function isSealingKey(stored: unknown): stored is CryptoKey {
  return stored instanceof CryptoKey && !stored.extractable
}
