import type { Seal, SealedValue, SealingKeys } from './unseal-value.js'

/** Seals a value for the record with this key, if the storage keeps keys. Separate from `unseal-value.ts`, because a warm start only reads. */
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
