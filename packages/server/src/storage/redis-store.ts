import KeyvRedis, { defaultReconnectStrategy } from '@keyv/redis'
import type { AtomicStore } from './atomic-store.js'
import type { ConnectedStore } from './connected-store.js'
import { keyvStore } from './keyv-store.js'
import { checkMembers, type MembersOf } from '../options/check-members.js'

type Connection = ConstructorParameters<typeof KeyvRedis>[0]

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /** Such as `redis://127.0.0.1:6379`, or a connected client of `@redis/client`. */
  readonly redis: Connection
  /** Prefix of the keys. Default `oauth2`. */
  readonly prefix?: string
  /** Milliseconds after which a request fails if Redis does not respond. Default 5000. */
  readonly timeout?: number
}

/** Creates a store in Redis, whose `SET … NX PX` is atomic between all processes. */
export function redisStore(options: RedisStoreOptions): ConnectedStore {
  checkMembers(options, { redis: true, prefix: true, timeout: true } satisfies MembersOf<RedisStoreOptions>, {
    name: 'redisStore',
  })
  const { redis, prefix = 'oauth2', timeout: limit } = options
  const timeout = Math.min(limit ?? 5000, MAX_TIMEOUT_MS)
  const limits = { throwOnConnectError: true, throwOnErrors: true, connectionTimeout: timeout }
  const adapter = new KeyvRedis(withTimeouts(redis, timeout), limits)
  const store = keyvStore(adapter, {
    prefix,
    async claim(key, ttl) {
      const client = await adapter.getClient()
      const condition = ttl === undefined ? { NX: true as const } : { NX: true as const, PX: Math.ceil(ttl) }
      return (await client.set(key, '1', condition)) !== null
    },
  })
  return { ...withTimeout(store, timeout), close: () => adapter.disconnect() }
}

/** The longest delay that timers take; a longer one fires at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

/** While Redis is unreachable, a command waits no longer than this, and is then dropped instead of being sent late. */
function withTimeouts(redis: Connection, timeout: number): Connection {
  if (typeof redis !== 'string') return redis
  const socket = { connectTimeout: timeout, reconnectStrategy: defaultReconnectStrategy }
  return { url: redis, socket, commandOptions: { timeout } }
}

/** The client's own limit ends once a command has been sent, so a Redis that never responds needs another one. */
function withTimeout(store: AtomicStore, timeout: number): AtomicStore {
  const limit = async <Value>(result: Promise<Value>): Promise<Value> => {
    let timer: NodeJS.Timeout | undefined
    const timedOut = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`Redis did not respond within ${timeout} ms`)), timeout)
    })
    try {
      return await Promise.race([result, timedOut])
    } finally {
      clearTimeout(timer)
    }
  }
  return {
    get: (key) => limit(store.get(key)),
    set: (key, value, expiresAt) => limit(store.set(key, value, expiresAt)),
    add: (key, value, expiresAt) => limit(store.add(key, value, expiresAt)),
    delete: (key) => limit(store.delete(key)),
  }
}
