import { closeSync, openSync } from 'node:fs'
import type { SqliteDatabase, SqliteValue } from './sqlite-database.js'

/** The part of `node:sqlite` that is used. The type definitions of Node 20 do not contain the module. */
interface BuiltInSqlite {
  readonly DatabaseSync: new (file: string) => {
    exec(sql: string): void
    prepare(sql: string): {
      run(...parameters: readonly SqliteValue[]): { readonly changes: number | bigint }
      get(...parameters: readonly SqliteValue[]): Readonly<Record<string, unknown>> | undefined
    }
    close(): void
  }
}

/** Returns the SQLite of this Node (22.13 and later), or undefined. */
export function findBuiltInSqlite(): BuiltInSqlite | undefined {
  return process.getBuiltinModule?.('node:sqlite') as BuiltInSqlite | undefined
}

/** Opens a file with the SQLite of this Node. */
export function openBuiltInSqlite({ DatabaseSync }: BuiltInSqlite, file: string): SqliteDatabase {
  createPrivately(file)
  const database = new DatabaseSync(file)
  database.exec('PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  const prepare = memoize((sql: string) => database.prepare(sql))
  return {
    // Readers of a write-ahead log do not wait for the writer.
    locksToRead: false,
    run: (sql, parameters) => Number(prepare(sql).run(...parameters).changes),
    get: (sql, parameters) => prepare(sql).get(...parameters),
    close: () => database.close(),
  }
}

/** SQLite itself lets all accounts read a new file, as far as the umask does. It gives its write-ahead log the mode of the file. */
function createPrivately(file: string): void {
  const isInMemory = file === '' || file === ':memory:' || file.startsWith('file:')
  if (!isInMemory) closeSync(openSync(file, 'a', 0o600))
}

function memoize<Statement>(prepare: (sql: string) => Statement): (sql: string) => Statement {
  const prepared = new Map<string, Statement>()
  return (sql) => {
    const statement = prepared.get(sql) ?? prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
}
