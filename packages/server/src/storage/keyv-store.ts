import { Keyv, type KeyvStoreAdapter } from 'keyv'
import type { AtomicStore } from './atomic-store.js'
import { checkMembers, type MembersOf } from '../options/check-members.js'
import { safeKey } from './safe-key.js'

/** How a Keyv adapter becomes a store of this server. */
export interface KeyvStoreOptions {
  /**
   * Writes a mark under a key if the key is free, which Keyv itself cannot do: `SET NX`, `add` or `INSERT … ON CONFLICT DO NOTHING`,
   * depending on the store.
   *
   * @returns true for exactly one of any number of concurrent calls, in all processes
   */
  readonly claim?: ((key: string, ttl: number | undefined) => Promise<boolean>) | undefined
  /** Set to true if no other process uses this store: marks are then atomic within this process. */
  readonly singleProcess?: boolean | undefined
  /**
   * Set to true if the store compares keys byte by byte, as Redis does: keys then stay readable. By default those with capital letters
   * are stored as digests, since many databases compare text without case.
   */
  readonly exactKeys?: boolean | undefined
  /** Prefix of the keys. Default `oauth2`. */
  readonly prefix?: string | undefined
  /** Milliseconds since the epoch; default `Date.now`. */
  readonly now?: (() => number) | undefined
}

const OPTIONS: MembersOf<KeyvStoreOptions> = { claim: true, singleProcess: true, exactKeys: true, prefix: true, now: true }

/**
 * Creates a store over a Keyv adapter. Throws a TypeError if codes and refresh tokens could be used twice.
 *
 * @param adapter a Keyv storage adapter, such as `new KeyvMongo(…)`
 */
export function keyvStore(adapter: KeyvStoreAdapter | Map<string, unknown>, options: KeyvStoreOptions = {}): AtomicStore {
  checkMembers(options, OPTIONS, { name: 'keyvStore' })
  const { claim, singleProcess = false, exactKeys = false, prefix = 'oauth2', now = Date.now } = options
  if (!claim && !singleProcess) {
    throw new TypeError(
      'keyvStore: Keyv cannot add a key only if it is free, so a code could be used twice. Pass "claim", or "singleProcess: true".',
    )
  }
  // An unreachable store must fail the request: "not found" would end sessions.
  const keyv = new Keyv({ store: adapter, namespace: prefix, throwOnErrors: true })
  // An error without a listener would end the process, also one that no request caused.
  keyv.on('error', () => undefined)
  const keyOf = (key: string): string => safeKey(key, { ignoresCase: !exactKeys })
  const ttlOf = (expiresAt: number | undefined): number | undefined =>
    expiresAt === undefined ? undefined : Math.max(expiresAt - now(), 1)
  const set = async (key: string, value: unknown, expiresAt?: number): Promise<void> => {
    await keyv.set(keyOf(key), value, ttlOf(expiresAt))
  }
  const take = claim ?? claimInProcess(keyv)
  return {
    get: (key) => keyv.get(keyOf(key)),
    set,
    async add(key, value, expiresAt) {
      if (!(await take(`${prefix}:claim:${keyOf(key)}`, ttlOf(expiresAt)))) return false
      await set(key, value, expiresAt)
      return true
    },
    async delete(key) {
      await keyv.delete(keyOf(key))
    },
  }
}

/** Within one process, one call after the other is enough. */
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
