import { indexedDb } from './indexed-db.js'
import { memory } from './memory.js'
import type { TokenStorage } from './token-storage.js'

/**
 * Creates a storage for a client in a worker. The session is in the worker's memory, where no script in the page can read it, and ends
 * with the page. What a redirect needs (the transaction with its code verifier, server metadata, non-extractable keys) is encrypted
 * in IndexedDB. A script in the page could decrypt it, but a code verifier is useless without the code, and is deleted before the code
 * is redeemed.
 *
 * @param databaseName name of the IndexedDB database. Default `latchkey`
 */
export function isolatedStorage(databaseName?: string): TokenStorage {
  const session = memory()
  const database = indexedDb(databaseName)
  const placeOf = (key: string): TokenStorage => (key.endsWith('/session') ? session : database)
  return {
    // Other tabs cannot read this session.
    persistent: false,
    keepsCryptoKeys: true,
    get: (key) => placeOf(key).get(key),
    update: (key, change) => placeOf(key).update(key, change),
    keys: async (prefix) => [...(await session.keys(prefix)), ...(await database.keys(prefix))],
    close: () => database.close?.(),
  }
}
