import type { TokenStorage } from './token-storage.js'

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

/** Turns records into values. `seal-value.ts` has the other direction. */
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
  /** For `seal-value.ts`, which is given them: a module that another chunk imports becomes a file of its own. */
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
