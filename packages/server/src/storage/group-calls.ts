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
 */
export function groupCalls<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  let waiting: Call<Item, Result>[] = []
  const flush = async (): Promise<void> => {
    const calls = waiting
    waiting = []
    try {
      const results = await run(calls.map(({ item }) => item))
      for (const [index, { resolve }] of calls.entries()) resolve(results[index] as Result)
    } catch (error) {
      for (const { reject } of calls) reject(error)
    }
  }
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (waiting.length === 1) setImmediate(() => void (waiting.length > 0 && flush()))
      if (waiting.length === MAX_CALLS) void flush()
    })
}
