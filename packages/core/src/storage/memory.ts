import type { TokenStorage } from './token-storage.js'

/** Memory of this page: nothing outlives a reload, no other tab sees it. */
export function memory(): TokenStorage {
  const values = new Map<string, unknown>()
  return {
    persistent: false,
    get: (key) => Promise.resolve(values.get(key)),
    update(key, change) {
      const next = change(values.get(key))
      if (next === undefined) values.delete(key)
      else values.set(key, next)
      return Promise.resolve()
    },
    keys: (prefix) => Promise.resolve([...values.keys()].filter((key) => key.startsWith(prefix))),
  }
}
