import type { AtomicStore } from './atomic-store.js'
import { flatText } from './flat-text.js'
import { checkMembers, type MembersOf } from '../options/check-members.js'

/** When it expires, a separator, and the value as JSON: an object for each entry takes more memory. */
type Entry = `${number | ''}|${string}`

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Milliseconds since the epoch; default `Date.now`. */
  readonly now?: (() => number) | undefined
  /** Milliseconds between two sweeps of expired entries. Default 10,000. */
  readonly sweepEvery?: number | undefined
}

/** A store in this process's memory. Writes remove expired entries, so it does not grow beyond what is valid. */
export interface MemoryStore extends AtomicStore {
  /** The number of entries, including expired ones that are not removed yet. */
  readonly size: number
}

/** Creates an empty store. It is atomic since nothing else runs between its read and its write. */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  checkMembers(options, { now: true, sweepEvery: true } satisfies MembersOf<MemoryStoreOptions>, { name: 'memoryStore' })
  const now = options.now ?? Date.now
  const sweepEvery = options.sweepEvery ?? 10_000
  const entries = new Map<string, Entry>()
  let sweptAt = now()

  const isValid = (entry: Entry): boolean => {
    const time = entry.slice(0, entry.indexOf('|'))
    return time === '' || Number(time) > now()
  }
  const write = (key: string, value: unknown, expiresAt: number | undefined): void => {
    if (now() - sweptAt >= sweepEvery) {
      sweptAt = now()
      for (const [name, entry] of entries) if (!isValid(entry)) entries.delete(name)
    }
    // JSON copies the value: later changes by the caller have no effect, as in any other store.
    entries.set(flatText(key), flatText(`${expiresAt ?? ''}|${JSON.stringify(value)}`) as Entry)
  }
  const read = (key: string): Entry | undefined => {
    const entry = entries.get(key)
    return entry && isValid(entry) ? entry : undefined
  }

  return {
    get size(): number {
      return entries.size
    },
    get<Value>(key: string): Promise<Value | undefined> {
      const entry = read(key)
      return Promise.resolve(entry && (JSON.parse(entry.slice(entry.indexOf('|') + 1)) as Value))
    },
    set: (key, value, expiresAt) => Promise.resolve(write(key, value, expiresAt)),
    add: (key, value, expiresAt) => {
      if (read(key)) return Promise.resolve(false)
      write(key, value, expiresAt)
      return Promise.resolve(true)
    },
    delete: (key) => {
      entries.delete(key)
      return Promise.resolve()
    },
  }
}
