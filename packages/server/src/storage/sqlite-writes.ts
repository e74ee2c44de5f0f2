import type { SqliteDatabase, SqliteValue } from './sqlite-database.js'

type Parameters = readonly SqliteValue[]

interface Write {
  readonly sql: string
  readonly parameters: Parameters
  readonly resolve: (changes: number) => void
  readonly reject: (error: unknown) => void
}

/** Writes that share transactions. */
export interface SqliteWrites {
  /** Returns the number of changed rows, once they are on disk. */
  readonly run: (sql: string, parameters: Parameters) => Promise<number>
  /** Resolves when no write is left. */
  readonly settled: () => Promise<void>
}

/**
 * Puts concurrent writes into one transaction, since the time goes to the sync, not to the rows. Each write resolves after the commit;
 * if that fails, all of them reject and nothing is stored.
 */
export function groupWrites(open: () => Promise<SqliteDatabase>): SqliteWrites {
  let waiting: Write[] = []
  let flushed: Promise<void> = Promise.resolve()
  const flush = async (): Promise<void> => {
    // Includes the writes of other requests in this turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
    const writes = waiting
    waiting = []
    try {
      const changes = commit(await open(), writes)
      for (const [index, { resolve }] of writes.entries()) resolve(changes[index] ?? 0)
    } catch (error) {
      for (const { reject } of writes) reject(error)
    }
  }
  return {
    run: (sql, parameters) =>
      new Promise((resolve, reject) => {
        waiting.push({ sql, parameters, resolve, reject })
        if (waiting.length === 1) flushed = flush()
      }),
    settled: () => flushed,
  }
}

function commit(database: SqliteDatabase, writes: readonly Write[]): readonly number[] {
  database.run('BEGIN IMMEDIATE', [])
  try {
    const changes = writes.map(({ sql, parameters }) => database.run(sql, parameters))
    database.run('COMMIT', [])
    return changes
  } catch (error) {
    database.run('ROLLBACK', [])
    throw error
  }
}
