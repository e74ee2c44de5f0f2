import { KeyvMemcache } from '@keyv/memcache'
import type { ConnectedStore } from './connected-store.js'
import { keyvStore } from './keyv-store.js'
import { checkMembers, type MembersOf } from '../options/check-members.js'

/** Options of {@link memcachedStore}. */
export interface MemcachedStoreOptions {
  /** Such as `127.0.0.1:11211`; several are separated by commas. */
  readonly servers: string
  /** Prefix of the keys. Default `oauth2`. */
  readonly prefix?: string | undefined
}

/** Seconds: memcached treats a larger number as a date. */
const MAX_RELATIVE = 2_592_000

/** Keyv's adapter, extended by lifetimes above 30 days or below a second. */
class LongLivedMemcache extends KeyvMemcache {
  override set(key: string, value: unknown, ttl?: number): Promise<void> {
    return super.set(key, value, ttl === undefined ? undefined : secondsFor(ttl) * 1000)
  }
}

/** Creates a store in memcached, whose `add` is atomic between all processes. A full memcached drops entries. */
export function memcachedStore(options: MemcachedStoreOptions): ConnectedStore {
  checkMembers(options, { servers: true, prefix: true } satisfies MembersOf<MemcachedStoreOptions>, { name: 'memcachedStore' })
  const { servers, prefix = 'oauth2' } = options
  const adapter = new LongLivedMemcache(servers)
  const store = keyvStore(adapter, {
    prefix,
    exactKeys: true,
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

/** Rounds up: a used code must be kept until it expires. */
function secondsFor(ttl: number): number {
  const seconds = Math.ceil(ttl / 1000)
  return seconds > MAX_RELATIVE ? Math.ceil(Date.now() / 1000) + seconds : seconds
}
