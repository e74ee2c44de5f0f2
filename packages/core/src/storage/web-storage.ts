import type { TokenStorage } from './token-storage.js'

/**
 * `sessionStorage` or `localStorage`. Tokens lie there as plain text, readable by every script of the origin, and `update` is only
 * atomic within this tab (browsers hand `localStorage` writes on to other tabs late): prefer `indexedDb`.
 */
export function webStorage(area: Storage): TokenStorage {
  const read = (key: string): unknown => {
    const text = area.getItem(key)
    return text === null ? undefined : (JSON.parse(text) as unknown)
  }
  return {
    persistent: true,
    get: async (key) => read(key),
    async update(key, change) {
      const next = change(read(key))
      if (next === undefined) area.removeItem(key)
      else area.setItem(key, JSON.stringify(next))
    },
    keys: async (prefix) => Object.keys(area).filter((key) => key.startsWith(prefix)),
  }
}
