import type { AtomicStore } from '@latchkey/server'
import { exportJWK, generateKeyPair, type JWK } from 'jose'

const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA']

/** @returns the private keys and the secret that the store keeps; makes them the first time */
export async function storedSecrets(store: AtomicStore): Promise<{ readonly keys: readonly JWK[]; readonly secret: Uint8Array }> {
  const stored = await store.get<{ readonly keys: readonly JWK[]; readonly secret: readonly number[] }>('secrets')
  if (stored) return { keys: stored.keys, secret: Uint8Array.from(stored.secret) }
  const keys = await Promise.all(algorithms.map(makeKey))
  const secret = crypto.getRandomValues(new Uint8Array(32))
  await store.set('secrets', { keys, secret: [...secret] })
  return { keys, secret }
}

async function makeKey(alg: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(privateKey)), alg }
}
