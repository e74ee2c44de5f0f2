import type { SqliteDatabase, SqliteValue } from './sqlite-database.js'

type Parameters = readonly SqliteValue[]
type Row = Readonly<Record<string, unknown>>

interface Operation {
  readonly kind: 'get' | 'run'
  readonly sql: string
  readonly parameters: Parameters
  readonly resolve: (result: never) => void
  readonly reject: (error: unknown) => void
}

/** Operations that share transactions. */
export interface SqliteOperations {
  /** Returns the first row. */
  readonly get: (sql: string, parameters: Parameters) => Promise<Row | undefined>
  /** Returns the number of changed rows, once they are on disk. */
  readonly run: (sql: string, parameters: Parameters) => Promise<number>
  /** Resolves when no operation is left. */
  readonly settled: () => Promise<void>
}

/**
 * Puts concurrent operations into one transaction, since the time goes to the sync and the lock of a file, not to the rows. Each write
 * resolves after the commit; if that fails, all of them reject and nothing is stored. Reads are then repeated without the writes.
 */
export function groupOperations(open: () => Promise<SqliteDatabase>): SqliteOperations {
  let waiting: Operation[] = []
  let flushed: Promise<void> = Promise.resolve()
  const flush = async (): Promise<void> => {
    // Includes the operations of other requests in this turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
    const operations = waiting
    waiting = []
    try {
      transact(await open(), operations)
    } catch (error) {
      for (const { reject } of operations) reject(error)
    }
  }
  const add = <Result>(kind: Operation['kind'], sql: string, parameters: Parameters): Promise<Result> =>
    new Promise((resolve, reject) => {
      waiting.push({ kind, sql, parameters, resolve, reject })
      if (waiting.length === 1) flushed = flush()
    })
  return {
    async get(sql, parameters) {
      const database = await open()
      return database.locksToRead ? add('get', sql, parameters) : database.get(sql, parameters)
    },
    run: (sql, parameters) => add('run', sql, parameters),
    settled: () => flushed,
  }
}

/** Settles the operations, or throws if all of them failed. */
function transact(database: SqliteDatabase, operations: readonly Operation[]): void {
  const reads = operations.filter(({ kind }) => kind === 'get')
  const writes = operations.filter(({ kind }) => kind === 'run')
  try {
    const results = execute(database, operations, writes.length > 0 ? 'BEGIN IMMEDIATE' : 'BEGIN')
    for (const [index, { resolve }] of operations.entries()) resolve(results[index] as never)
  } catch (error) {
    if (reads.length === 0 || writes.length === 0) throw error
    for (const { reject } of writes) reject(error)
    transact(database, reads)
  }
}

function execute(database: SqliteDatabase, operations: readonly Operation[], begin: string): readonly unknown[] {
  const results: unknown[] = []
  database.run(begin, [])
  try {
    for (const { kind, sql, parameters } of operations) results.push(database[kind](sql, parameters))
    database.run('COMMIT', [])
    return results
  } catch (error) {
    database.run('ROLLBACK', [])
    throw error
  }
}
