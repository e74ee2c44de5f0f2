import { Keyv, type KeyvStoreAdapter } from 'keyv'
import type { AtomicStore } from './atomic-store.js'

/** How a Keyv adapter becomes a store of this server. */
export interface KeyvStoreOptions {
  /**
   * Writes a mark under a key that nobody else may write under any more: the one thing that Keyv itself cannot do. `SET NX`,
   * `add`, `INSERT … ON CONFLICT DO NOTHING`, by the name it has in the store at hand.
   *
   * @returns true for exactly one of any number of concurrent calls, in all processes
   */
  readonly claim?: (key: string, ttl: number | undefined) => Promise<boolean>
  /** Says that no other process uses this store: marks are then kept in order within this one. */
  readonly singleProcess?: boolean
  /** What keys begin with. Default `oauth2`. */
  readonly prefix?: string
  /** Milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number
}

/**
 * @param adapter a Keyv storage adapter, such as `new KeyvPostgres(…)`
 * @returns a store over it; throws a TypeError where single use of codes and refresh tokens would not hold
 */
export function keyvStore(adapter: KeyvStoreAdapter | Map<string, unknown>, options: KeyvStoreOptions = {}): AtomicStore {
  const { claim, singleProcess = false, prefix = 'oauth2', now = Date.now } = options
  if (!claim && !singleProcess) {
    throw new TypeError(
      'keyvStore: Keyv cannot add a key only where it is free, so that a code could be used twice; give "claim", or say "singleProcess: true"',
    )
  }
  // A store that cannot be reached must fail the request: "not found" would be a lie that ends sessions.
  const keyv = new Keyv({ store: adapter, namespace: prefix, throwOnErrors: true })
  const ttlOf = (expiresAt: number | undefined): number | undefined =>
    expiresAt === undefined ? undefined : Math.max(expiresAt - now(), 1)
  const set = async (key: string, value: unknown, expiresAt?: number): Promise<void> => {
    await keyv.set(key, value, ttlOf(expiresAt))
  }
  const take = claim ?? claimInProcess(keyv)
  return {
    get: (key) => keyv.get(key),
    set,
    async add(key, value, expiresAt) {
      if (!(await take(`${prefix}:claim:${key}`, ttlOf(expiresAt)))) return false
      await set(key, value, expiresAt)
      return true
    },
    async delete(key) {
      await keyv.delete(key)
    },
  }
}

/** Within one process, asking one after the other is enough. */
function claimInProcess(keyv: Keyv): (key: string, ttl: number | undefined) => Promise<boolean> {
  let last: Promise<unknown> = Promise.resolve()
  return (key, ttl) => {
    const claimed = last.then(async () => {
      if (await keyv.has(key)) return false
      await keyv.set(key, 1, ttl)
      return true
    })
    last = claimed.catch(() => undefined)
    return claimed
  }
}
