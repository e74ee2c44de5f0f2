import type { TokenStorage } from './token-storage.js'

/** Keeps the session in the memory of this page. It does not outlive a reload, and no other tab sees it. */
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
