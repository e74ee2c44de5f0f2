import { KeyvMemcache } from '@keyv/memcache'
import type { ConnectedStore } from './connected-store.js'
import { keyvStore } from './keyv-store.js'

export interface MemcachedStoreOptions {
  /** Such as `127.0.0.1:11211`; several with commas. */
  readonly servers: string
  /** What keys begin with. Default `oauth2`. */
  readonly prefix?: string
}

/** Seconds: memcached takes what is longer for a date. */
const LONGEST_RELATIVE = 2_592_000

/** Keyv's adapter, made to keep what lives for more than 30 days or for less than a second. */
class LongLivedMemcache extends KeyvMemcache {
  override set(key: string, value: unknown, ttl?: number): Promise<void> {
    return super.set(key, value, ttl === undefined ? undefined : secondsFor(ttl) * 1000)
  }
}

/** @returns a store in memcached, by `add` atomic between all processes that share it; memcached forgets when it is full */
export function memcachedStore({ servers, prefix = 'oauth2' }: MemcachedStoreOptions): ConnectedStore {
  const adapter = new LongLivedMemcache(servers)
  const store = keyvStore(adapter, {
    prefix,
    claim: (key, ttl) => adapter.client.add(key, '1', ttl === undefined ? {} : { expires: secondsFor(ttl) }),
  })
  return {
    ...store,
    close() {
      adapter.client.close()
      return Promise.resolve()
    },
  }
}

/** Rounded up: a used code must not be forgotten before it expires. */
function secondsFor(ttl: number): number {
  const seconds = Math.ceil(ttl / 1000)
  return seconds > LONGEST_RELATIVE ? Math.ceil(Date.now() / 1000) + seconds : seconds
}
