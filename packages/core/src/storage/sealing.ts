import type { TokenStorage } from './token-storage.js'

/** Version of the record format. A record of a newer version was written by a newer release in another tab and is not touched. */
export const RECORD_VERSION = 1

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

/** Turns values into records and back. */
export interface Seal {
  seal(key: string, value: unknown): Promise<Pick<StoredRecord, 'iv' | 'data'>>
  /** @throws when the record was altered, moved to another key, or sealed under a key that is lost */
  unseal(key: string, record: StoredRecord): Promise<unknown>
}

/** For storages that need no sealing (memory) or cannot keep a non-extractable key (web storage). */
export const noSeal: Seal = {
  seal: async (_key, value) => ({ data: value }),
  unseal: async (_key, record) => record.data,
}

const SEALING_KEY = 'latchkey/sealing-key'

/**
 * Seals with AES-GCM under a non-extractable key of this origin, kept in the same storage. The record's name is authenticated as well,
 * so that a record cannot be moved to another name.
 *
 * This protects a copied disk, a backup, a storage dump or a mistaken log. A script that runs in the page can still get a token from
 * this library: no storage can prevent that.
 */
export function aesGcmSeal(storage: TokenStorage): Seal {
  let loading: Promise<CryptoKey> | undefined
  const sealingKey = (): Promise<CryptoKey> => {
    loading ??= loadSealingKey(storage)
    loading.catch(() => (loading = undefined))
    return loading
  }
  return {
    async seal(key, value) {
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const text = new TextEncoder().encode(JSON.stringify(value))
      return { iv, data: await crypto.subtle.encrypt(algorithm(iv, key), await sealingKey(), text) }
    },
    async unseal(key, { iv, data }) {
      if (!iv) throw new TypeError('record has no initialization vector')
      const text = await crypto.subtle.decrypt(algorithm(iv, key), await sealingKey(), data as ArrayBuffer)
      return JSON.parse(new TextDecoder().decode(text)) as unknown
    },
  }
}

function algorithm(iv: Uint8Array<ArrayBuffer>, key: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(key) }
}

async function loadSealingKey(storage: TokenStorage): Promise<CryptoKey> {
  const stored = await storage.get(SEALING_KEY)
  if (stored instanceof CryptoKey) return stored
  const generated = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  let key = generated
  // Two tabs may generate a key at the same time. All tabs use the one that was written first.
  await storage.update(SEALING_KEY, (present) => (key = present instanceof CryptoKey ? present : generated))
  return key
}
