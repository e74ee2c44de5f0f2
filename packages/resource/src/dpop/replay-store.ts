/**
 * Remembers which DPoP proofs and logout tokens were used. Processes that serve one API share it, so that a proof is valid once among
 * them. Every store of `@latchkey/server` is one: `redisStore(client)`, for example.
 */
export interface ReplayStore {
  /**
   * Stores the key until a time, atomically.
   *
   * @param key at most 60 characters
   * @param value always 1
   * @param expiresAt milliseconds since the epoch
   * @returns true for exactly one of any number of concurrent calls with the same key
   */
  add(key: string, value: 1, expiresAt: number): Promise<boolean>
}

/** Options of {@link memoryReplayStore}. */
export interface MemoryReplayStoreOptions {
  /** Returns the time in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined
}

/** Milliseconds between two searches for expired keys. */
const CLEAN_INTERVAL = 10_000

/** Creates a replay store in memory: for an API that is one process. Only accepted requests store something, for two minutes. */
export function memoryReplayStore({ now = Date.now }: MemoryReplayStoreOptions = {}): ReplayStore {
  const keys = new Map<string, number>()
  let cleanedAt = 0
  return {
    add: (key, _value, expiresAt) => {
      const time = now()
      if (time - cleanedAt > CLEAN_INTERVAL) {
        for (const [each, until] of keys) if (until <= time) keys.delete(each)
        cleanedAt = time
      }
      const isFree = (keys.get(key) ?? 0) <= time
      if (isFree) keys.set(key, expiresAt)
      return Promise.resolve(isFree)
    },
  }
}
