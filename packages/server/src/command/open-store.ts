import type { AtomicStore } from '../storage/atomic-store.js'
import { memoryStore } from '../storage/memory-store.js'

/** @returns the store that `--store` names; its package is loaded when it is asked for. Throws a TypeError for another name. */
export async function openStore(where: string): Promise<AtomicStore> {
  const [kind = '', ...rest] = where.split(':')
  const place = rest.join(':')
  switch (kind) {
    case 'memory':
      return memoryStore()
    case 'sqlite':
      return (await import('../storage/sqlite-store.js')).sqliteStore({ file: place })
    case 'redis':
    case 'rediss':
      return (await import('../storage/redis-store.js')).redisStore({ redis: where })
    case 'memcached':
      return (await import('../storage/memcached-store.js')).memcachedStore({ servers: place })
    default:
      throw new TypeError('--store: expected memory, sqlite:<file>, redis://<host> or memcached:<host>:<port>')
  }
}
