import KeyvRedis, { defaultReconnectStrategy } from '@keyv/redis'
import type { AtomicStore } from './atomic-store.js'
import type { ConnectedStore } from './connected-store.js'
import { keyvStore } from './keyv-store.js'

type Connection = ConstructorParameters<typeof KeyvRedis>[0]

export interface RedisStoreOptions {
  /** Such as `redis://127.0.0.1:6379`, or a connected client of `@redis/client`. */
  readonly redis: Connection
  /** What keys begin with. Default `oauth2`. */
  readonly prefix?: string
  /** Milliseconds after which a Redis that does not answer fails the request that waits for it. Default 5000. */
  readonly timeout?: number
}

/** @returns a store in Redis, by `SET … NX PX` atomic between all processes that share it */
export function redisStore({ redis, prefix = 'oauth2', timeout = 5000 }: RedisStoreOptions): ConnectedStore {
  const limits = { throwOnConnectError: true, throwOnErrors: true, connectionTimeout: timeout }
  const adapter = new KeyvRedis(withTimeouts(redis, timeout), limits)
  const store = keyvStore(adapter, {
    prefix,
    async claim(key, ttl) {
      const client = await adapter.getClient()
      const options = ttl === undefined ? { NX: true as const } : { NX: true as const, PX: Math.ceil(ttl) }
      return (await client.set(key, '1', options)) !== null
    },
  })
  return { ...inTime(store, timeout), close: () => adapter.disconnect() }
}

/** While Redis is away, a command waits for its return no longer than this, and is then forgotten instead of being sent late. */
function withTimeouts(redis: Connection, timeout: number): Connection {
  if (typeof redis !== 'string') return redis
  const socket = { connectTimeout: timeout, reconnectStrategy: defaultReconnectStrategy }
  return { url: redis, socket, commandOptions: { timeout } }
}

/** The client's own limit ends when a command has been sent: a Redis that took it and is silent would never be given up. */
function inTime(store: AtomicStore, timeout: number): AtomicStore {
  const limit = async <Value>(answer: Promise<Value>): Promise<Value> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`Redis did not answer within ${timeout} ms`)), timeout)
    })
    try {
      return await Promise.race([answer, late])
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
