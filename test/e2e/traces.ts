import type { Page } from 'playwright-core'
import type { User } from '../harness/users.js'

/** @returns the places in the page (document, storages, query cache) that still contain user data */
export async function readTraces(page: Page, user: User): Promise<string[]> {
  const places = await page.evaluate(async () => {
    const { queryClient } = window as unknown as {
      queryClient: { getQueryCache(): { getAll(): Array<{ queryKey: unknown; state: { data: unknown } }> } }
    }
    return {
      document: document.documentElement.outerHTML,
      url: location.href,
      localStorage: JSON.stringify(Object.entries(localStorage)),
      sessionStorage: JSON.stringify(Object.entries(sessionStorage)),
      cookies: document.cookie,
      queryCache: JSON.stringify(
        queryClient
          .getQueryCache()
          .getAll()
          .map(({ queryKey, state }) => [queryKey, state.data]),
      ),
      indexedDb: JSON.stringify(await dump(), bytesAsText),
    }

    async function dump(): Promise<unknown[]> {
      const databases = await indexedDB.databases()
      const stores = databases.map(async ({ name }) => {
        const database = await settled(indexedDB.open(name ?? ''))
        const names = [...database.objectStoreNames]
        const records = names.map((store) => {
          const all = database.transaction(store).objectStore(store)
          return Promise.all([settled(all.getAllKeys()), settled(all.getAll())])
        })
        const contents = await Promise.all(records)
        database.close()
        return contents
      })
      return Promise.all(stores)
    }

    function bytesAsText(_key: string, value: unknown): unknown {
      const isBytes = value instanceof ArrayBuffer || ArrayBuffer.isView(value)
      return isBytes ? new TextDecoder('latin1').decode(value) : value
    }

    function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
      return new Promise((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result))
        request.addEventListener('error', () => reject(request.error))
      })
    }
  })
  const marks = [user.sub, user.name, user.email]
  return Object.entries(places)
    .filter(([, content]) => marks.some((mark) => content.includes(mark)))
    .map(([place]) => place)
}
