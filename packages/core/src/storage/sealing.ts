import type { TokenStorage } from './token-storage.js'

/** Version of the records' form. A record of a newer version was written by a newer release in another tab: it is left alone. */
export const RECORD_VERSION = 1

/** What lies in storage: nothing secret but `data`. */
export interface StoredRecord {
  readonly version: number
  /** Names this state of the record, so that a write can be made to depend on it. */
  readonly revision: string
  /** Milliseconds since the epoch, device clock: when it was written. */
  readonly at: number
  /** AES-GCM initialization vector; absent where values are kept as they are. */
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

/** For storages that need no sealing (memory) or cannot hold a key that scripts cannot read (web storage). */
export const noSeal: Seal = {
  seal: async (_key, value) => ({ data: value }),
  unseal: async (_key, record) => record.data,
}

const SEALING_KEY = 'latchkey/sealing-key'

/**
 * AES-GCM under a non-extractable key of this origin, kept in the same storage. The record's own key is authenticated with it, so
 * that a record cannot be put in another's place.
 *
 * It protects a copied disk, a backup, a storage dump or a mistaken log. A script that runs in the page can still ask this
 * library for a token: no storage can prevent that.
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
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  let kept = made
  // Two tabs may make a key at once: the first one written is everybody's.
  await storage.update(SEALING_KEY, (present) => (kept = present instanceof CryptoKey ? present : made))
  return kept
}
