import { clearStaleLock, STALE_AFTER } from './stale-lock.js'

/** What is asked of SQLite, whichever build of it is there. */
export interface SqliteDatabase {
  /** @returns how many rows were changed */
  run(sql: string, parameters: readonly (string | number | null)[]): number
  get(sql: string, parameters: readonly (string | number | null)[]): Readonly<Record<string, unknown>> | undefined
  close(): void
}

/** The part of `node:sqlite` that is used. */
interface BuiltInSqlite {
  readonly DatabaseSync: new (file: string) => {
    exec(sql: string): void
    prepare(sql: string): {
      run(...parameters: readonly (string | number | null)[]): { readonly changes: number | bigint }
      get(...parameters: readonly (string | number | null)[]): Readonly<Record<string, unknown>> | undefined
    }
    close(): void
  }
}

/**
 * Opens a file with the SQLite that Node brings (22.13 and later), else with one compiled to WebAssembly: neither needs a
 * compiler. All processes that share a file must be of the same kind.
 */
export async function openSqlite(file: string): Promise<SqliteDatabase> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type definitions of Node 20 do not know the module
  const builtIn = process.getBuiltinModule?.('node:sqlite') as BuiltInSqlite | undefined
  return builtIn ? openBuiltIn(builtIn, file) : openWasm(file)
}

function openBuiltIn({ DatabaseSync }: BuiltInSqlite, file: string): SqliteDatabase {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  const prepare = remember((sql: string) => database.prepare(sql))
  return {
    run: (sql, parameters) => Number(prepare(sql).run(...parameters).changes),
    get: (sql, parameters) => prepare(sql).get(...parameters),
    close: () => database.close(),
  }
}

async function openWasm(file: string): Promise<SqliteDatabase> {
  const { default: sqlite } = await import('node-sqlite3-wasm').catch(explainMissing)
  clearStaleLock(file)
  const database = new sqlite.Database(file)
  // No write-ahead log: it needs memory that processes share, which WebAssembly has not.
  const settings = 'PRAGMA busy_timeout = 500; PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = NORMAL'
  waitForLock(file, () => database.exec(settings))
  return {
    // Nothing is kept prepared: a statement of this build holds its lock until it is finalized (measured, 0.8.60).
    run: (sql, parameters) => waitForLock(file, () => database.run(sql, [...parameters]).changes),
    get: (sql, parameters) => waitForLock(file, () => database.get(sql, [...parameters]) ?? undefined),
    close: () => database.close(),
  }
}

/** The package is an optional peer dependency, because Node 22.13 and later have SQLite built in. */
function explainMissing(cause: unknown): never {
  const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND'
  if (!isMissing) throw cause
  const hint = 'Run: npm install node-sqlite3-wasm, or use Node 22.13 or later.'
  throw new Error(`sqliteStore() needs the package node-sqlite3-wasm on this version of Node. ${hint}`, { cause })
}

/** Asks again while another process is at work, and takes away a lock that nobody holds any more. */
function waitForLock<Answer>(file: string, ask: () => Answer): Answer {
  const deadline = Date.now() + STALE_AFTER + 1000
  for (;;) {
    try {
      return ask()
    } catch (error) {
      const isLocked = error instanceof Error && error.message.includes('database is locked')
      if (!isLocked || Date.now() > deadline) throw error
      clearStaleLock(file)
    }
  }
}

function remember<Statement>(prepare: (sql: string) => Statement): (sql: string) => Statement {
  const known = new Map<string, Statement>()
  return (sql) => {
    const statement = known.get(sql) ?? prepare(sql)
    known.set(sql, statement)
    return statement
  }
}
