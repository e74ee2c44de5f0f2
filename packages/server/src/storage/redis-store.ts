import KeyvRedis, { defaultReconnectStrategy } from '@keyv/redis'
import type { ConnectedStore } from './connected-store.js'
import { keyvStore } from './keyv-store.js'
import { timeoutOf, withTimeout } from './time-limit.js'
import { checkMembers, type MembersOf } from '../options/check-members.js'

type Connection = ConstructorParameters<typeof KeyvRedis>[0]

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /** Such as `redis://127.0.0.1:6379`, or a connected client of `@redis/client`. */
  readonly redis: Connection
  /** Prefix of the keys. Default `oauth2`. */
  readonly prefix?: string | undefined
  /** Milliseconds after which a request fails if Redis does not respond. Default 5000. */
  readonly timeout?: number | undefined
}

/** Creates a store in Redis, whose `SET … NX PX` is atomic between all processes. */
export function redisStore(options: RedisStoreOptions): ConnectedStore {
  checkMembers(options, { redis: true, prefix: true, timeout: true } satisfies MembersOf<RedisStoreOptions>, {
    name: 'redisStore',
  })
  const { redis, prefix = 'oauth2', timeout: limit } = options
  const timeout = timeoutOf(limit)
  const limits = { throwOnConnectError: true, throwOnErrors: true, connectionTimeout: timeout }
  const adapter = new KeyvRedis(withTimeouts(redis, timeout), limits)
  const store = keyvStore(adapter, {
    prefix,
    exactKeys: true,
    async claim(key, ttl) {
      const client = await adapter.getClient()
      const condition = ttl === undefined ? { NX: true as const } : { NX: true as const, PX: Math.ceil(ttl) }
      return (await client.set(key, '1', condition)) !== null
    },
  })
  return { ...withTimeout(store, timeout, 'Redis'), close: () => adapter.disconnect() }
}

/** While Redis is unreachable, a command waits no longer than this, and is then dropped instead of being sent late. */
function withTimeouts(redis: Connection, timeout: number): Connection {
  if (typeof redis !== 'string') return redis
  const socket = { connectTimeout: timeout, reconnectStrategy: defaultReconnectStrategy }
  return { url: redis, socket, commandOptions: { timeout } }
}
