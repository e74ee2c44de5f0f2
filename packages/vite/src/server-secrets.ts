import { generateSigningKeys, type AtomicStore } from '@latchkey/server'

type SigningKeys = Awaited<ReturnType<typeof generateSigningKeys>>

/** What the authorization server must keep across restarts, so that tokens and sessions stay valid. */
export interface ServerSecrets {
  readonly keys: SigningKeys
  readonly secret: Uint8Array
}

/** Reads the private keys and the secret from the store. Generates and stores them the first time. */
export async function loadServerSecrets(store: AtomicStore): Promise<ServerSecrets> {
  const stored = await store.get<{ readonly keys: SigningKeys; readonly secret: readonly number[] }>('secrets')
  if (stored) return { keys: stored.keys, secret: Uint8Array.from(stored.secret) }
  const keys = await generateSigningKeys()
  const secret = crypto.getRandomValues(new Uint8Array(32))
  await store.set('secrets', { keys, secret: [...secret] })
  return { keys, secret }
}
