import KeyvRedis from '@keyv/redis'
import type { ConnectedStore } from './connected-store.js'
import { keyvStore } from './keyv-store.js'

export interface RedisStoreOptions {
  /** Such as `redis://127.0.0.1:6379`, or a connected client of `@redis/client`. */
  readonly redis: ConstructorParameters<typeof KeyvRedis>[0]
  /** What keys begin with. Default `oauth2`. */
  readonly prefix?: string
}

/** @returns a store in Redis, by `SET … NX PX` atomic between all processes that share it */
export function redisStore({ redis, prefix = 'oauth2' }: RedisStoreOptions): ConnectedStore {
  const adapter = new KeyvRedis(redis, { throwOnConnectError: true, throwOnErrors: true })
  const store = keyvStore(adapter, {
    prefix,
    async claim(key, ttl) {
      const client = await adapter.getClient()
      const options = ttl === undefined ? { NX: true as const } : { NX: true as const, PX: Math.ceil(ttl) }
      return (await client.set(key, '1', options)) !== null
    },
  })
  return { ...store, close: () => adapter.disconnect() }
}
