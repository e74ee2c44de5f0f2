import { generateSigningKeys, type AtomicStore } from '@latchkey/server'

const KEY = 'secrets'

type SigningKeys = Awaited<ReturnType<typeof generateSigningKeys>>

/** What the authorization server must keep across restarts, so that tokens and sessions stay valid. */
export interface ServerSecrets {
  readonly keys: SigningKeys
  readonly secret: Uint8Array
}

interface StoredSecrets {
  readonly keys: SigningKeys
  readonly secret: readonly number[]
}

/** Reads the private keys and the secret from the store. Generates and stores them the first time. */
export async function loadServerSecrets(store: AtomicStore): Promise<ServerSecrets> {
  const { keys, secret } = (await store.get<StoredSecrets>(KEY)) ?? (await createSecrets(store))
  return { keys, secret: Uint8Array.from(secret) }
}

/** Two dev servers that start at the same time use the secrets of the faster one. */
async function createSecrets(store: AtomicStore): Promise<StoredSecrets> {
  const created = { keys: await generateSigningKeys(), secret: [...crypto.getRandomValues(new Uint8Array(32))] }
  const isFirst = await store.add(KEY, created)
  return (isFirst ? undefined : await store.get<StoredSecrets>(KEY)) ?? created
}
