import type { AtomicStore } from './atomic-store.js'

/** A store whose operations wait before and after they take effect, and the order in which they continue. */
export interface SlowStore {
  readonly store: AtomicStore
  /** Runs tasks at the same time, whose store operations continue one by one in an order that the seed decides. */
  readonly race: <Results extends readonly unknown[]>(
    seed: number,
    tasks: { readonly [Index in keyof Results]: () => Promise<Results[Index]> },
  ) => Promise<Results>
}

/** Creates a slow store over another. Outside of `race`, it does not wait. No wall-clock time is spent. */
export function slowStore(inner: AtomicStore): SlowStore {
  let isRacing = false
  const waiting: (() => void)[] = []
  const turn = (): Promise<void> => (isRacing ? new Promise((resolve) => void waiting.push(resolve)) : Promise.resolve())
  const slow = async <Result>(operation: () => Promise<Result>): Promise<Result> => {
    await turn()
    const result = await operation()
    await turn()
    return result
  }
  return {
    store: {
      get: (key) => slow(() => inner.get(key)),
      set: (key, value, expiresAt) => slow(() => inner.set(key, value, expiresAt)),
      add: (key, value, expiresAt) => slow(() => inner.add(key, value, expiresAt)),
      delete: (key) => slow(() => inner.delete(key)),
    },
    race: async (seed, tasks) => {
      const random = randomOf(seed)
      isRacing = true
      const progress = { isDone: false }
      const results = Promise.all(tasks.map((task) => task())).finally(() => (progress.isDone = true))
      results.catch(() => undefined)
      while (!progress.isDone) {
        await new Promise((resolve) => void setImmediate(resolve))
        waiting.splice(Math.floor(random() * waiting.length), 1)[0]?.()
      }
      isRacing = false
      return (await results) as never
    },
  }
}

/** Mulberry32: the same seed gives the same order. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
