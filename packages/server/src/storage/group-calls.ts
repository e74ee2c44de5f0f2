interface Call<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/** Calls that run together at most. */
const MAX_CALLS = 500

/**
 * Runs the calls of one turn of the event loop together, those of other requests included: a database takes about as long for one
 * statement with many rows as for one with a single row. If they fail, all of them reject.
 *
 * @param run returns one result for each item, in the same order
 * @param maxRuns runs at the same time. While they last, calls are collected for the next one
 */
export function groupCalls<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  maxRuns: number = Infinity,
): (item: Item) => Promise<Result> {
  let waiting: Call<Item, Result>[] = []
  let running = 0
  const flush = async (): Promise<void> => {
    const calls = waiting.splice(0, MAX_CALLS)
    running += 1
    try {
      const results = await run(calls.map(({ item }) => item))
      for (const [index, { resolve }] of calls.entries()) resolve(results[index] as Result)
    } catch (error) {
      for (const { reject } of calls) reject(error)
    } finally {
      running -= 1
      // Those that have just got their result make their next calls first.
      if (waiting.length > 0) setImmediate(flushNext)
    }
  }
  const flushNext = (): void => {
    if (waiting.length > 0 && running < maxRuns) void flush()
  }
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (waiting.length === 1) setImmediate(flushNext)
      if (waiting.length === MAX_CALLS) flushNext()
    })
}
