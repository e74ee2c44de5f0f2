import { indexedDb } from '../storage/indexed-db.js'
import { memory } from '../storage/memory.js'
import type { TokenStorage } from '../storage/token-storage.js'

/**
 * The session in the memory of the worker, where no script of the page can reach it; it ends with the page. What a sign-in by
 * redirect needs to survive the way there and back (the transaction with its code verifier, server metadata, keys that cannot be
 * exported) is kept in IndexedDB, sealed: a script of the page can have it decrypted, but a code verifier is of no use without the
 * code, and is taken out before that is redeemed.
 *
 * @param databaseName default `latchkey`
 */
export function isolatedStorage(databaseName?: string): TokenStorage {
  const session = memory()
  const rest = indexedDb(databaseName)
  const placeOf = (key: string): TokenStorage => (key.endsWith('/session') ? session : rest)
  return {
    // No other tab sees this session, and none takes it over.
    persistent: false,
    keepsCryptoKeys: true,
    get: (key) => placeOf(key).get(key),
    update: (key, change) => placeOf(key).update(key, change),
    keys: async (prefix) => [...(await session.keys(prefix)), ...(await rest.keys(prefix))],
    close: () => rest.close?.(),
  }
}
