import { KeyvMemcache } from '@keyv/memcache'
import type { ConnectedStore } from './connected-store.js'
import { keyvStore } from './keyv-store.js'
import { timeoutOf, withTimeout } from './time-limit.js'
import { checkMembers, type MembersOf } from '../options/check-members.js'

/** Options of {@link memcachedStore}. */
export interface MemcachedStoreOptions {
  /** Such as `127.0.0.1:11211`; several are separated by commas. */
  readonly servers: string
  /** Prefix of the keys. Default `oauth2`. */
  readonly prefix?: string | undefined
  /** Milliseconds after which a request fails if memcached does not respond. Default 5000. */
  readonly timeout?: number | undefined
}

/** Part of the limit of a request that an attempt may take: the client tries twice. */
const ATTEMPT = 0.4

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
  checkMembers(options, { servers: true, prefix: true, timeout: true } satisfies MembersOf<MemcachedStoreOptions>, {
    name: 'memcachedStore',
  })
  const { servers, prefix = 'oauth2' } = options
  const timeout = timeoutOf(options.timeout)
  const seconds = (timeout * ATTEMPT) / 1000
  // cspell:ignore conntimeout
  const adapter = new LongLivedMemcache(servers, { timeout: seconds, conntimeout: seconds, retry_delay: seconds / 10 })
  const store = keyvStore(adapter, {
    prefix,
    exactKeys: true,
    async claim(key, ttl) {
      const mark = crypto.randomUUID()
      if (await adapter.client.add(key, mark, ttl === undefined ? {} : { expires: secondsFor(ttl) })) return true
      // The client sends `add` again if the response is late, and then finds its own mark.
      const { value } = await adapter.client.get(key)
      return value?.toString() === mark
    },
  })
  const disconnect = (): Promise<void> => {
    // The client only ends its side, which a server that does not respond leaves open.
    const { servers: connections } = adapter.client as unknown as { readonly servers: readonly Connection[] }
    for (const connection of connections) connection.error(new Error('The memcached store is closed'))
    return Promise.resolve()
  }
  return withTimeout(store, { timeout, name: 'memcached', disconnect })
}

/** A connection of the client; an error closes it. */
interface Connection {
  error(error: Error): void
}

/** Rounds up: a used code must be kept until it expires. */
function secondsFor(ttl: number): number {
  const seconds = Math.ceil(ttl / 1000)
  return seconds > MAX_RELATIVE ? Math.ceil(Date.now() / 1000) + seconds : seconds
}
