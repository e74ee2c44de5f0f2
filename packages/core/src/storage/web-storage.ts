import { refuseOtherKind } from '../errors/unknown-options.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import type { TokenStorage } from './token-storage.js'

/**
 * Keeps the session in `sessionStorage` or `localStorage`, as plain text that every script of the origin can read. `update` is atomic
 * within this tab only, because other tabs see `localStorage` writes late. Prefer `indexedDb`.
 */
export function webStorage(area: Storage): TokenStorage {
  if (IS_DEVELOPMENT) refuseOtherKind('webStorage()', 'area', [area, 'object', 'required'])
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
