import { createStore, promisifyRequest, type UseStore } from 'idb-keyval'
import { refuseOtherKind } from '../errors/unknown-options.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import type { TokenStorage } from './token-storage.js'

/**
 * Keeps the session in IndexedDB, which all tabs share. Opened on first use.
 *
 * @param databaseName default `latchkey`
 */
export function indexedDb(databaseName = 'latchkey'): TokenStorage {
  if (IS_DEVELOPMENT) refuseOtherKind('indexedDb()', 'databaseName', [databaseName, 'string'])
  let open: UseStore | undefined
  let database: IDBDatabase | undefined

  async function run<T>(mode: IDBTransactionMode, body: (store: IDBObjectStore) => Promise<T>, isRetry = false): Promise<T> {
    const opened = (open ??= createStore(databaseName, 'records'))
    try {
      return await opened(mode, (store) => {
        database = store.transaction.db
        // Another tab upgrades or deletes the database. An open connection would block it without end.
        database.onversionchange = close
        return body(store)
      })
    } catch (cause) {
      // The browser closes connections (versionchange, deleted site data, storage pressure, a crashed storage service): the transaction in
      // progress is aborted, and the next one throws. Reopen once.
      if (isRetry) throw cause
      // Another call may have reopened it meanwhile: a second connection would never be closed.
      if (open === opened) close()
      return run(mode, body, true)
    }
  }

  function close(): void {
    database?.close()
    database = open = undefined
  }

  return {
    persistent: true,
    keepsCryptoKeys: true,
    get: (key) => run('readonly', (store) => promisifyRequest(store.get(key) as IDBRequest<unknown>)),
    update: (key, change) => run('readwrite', (store) => readThenWrite(store, key, change)),
    keys: (prefix) =>
      run('readonly', async (store) => {
        const keys = await promisifyRequest(store.getAllKeys(IDBKeyRange.bound(prefix, `${prefix}\uffff`)))
        return keys.filter((key) => typeof key === 'string')
      }),
    close,
  }
}

/** Uses one IndexedDB transaction, so that another tab's transaction on the same store waits until it is done. */
function readThenWrite(store: IDBObjectStore, key: string, change: (stored: unknown) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const reading = store.get(key) as IDBRequest<unknown>
    reading.addEventListener('error', () => reject(reading.error))
    reading.addEventListener('success', () => {
      try {
        const next = change(reading.result)
        if (next === undefined) store.delete(key)
        else if (next !== reading.result) store.put(next, key)
        resolve(promisifyRequest<void>(store.transaction))
      } catch (cause) {
        store.transaction.abort()
        reject(cause)
      }
    })
  })
}
