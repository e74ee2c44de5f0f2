import type { Database, Statement } from 'node-sqlite3-wasm'
import type { SqliteDatabase } from './sqlite-database.js'
import { clearStaleLock, STALE_AFTER } from './stale-lock.js'

/** Opens a file with SQLite compiled to WebAssembly. Throws if `node-sqlite3-wasm` is not installed. */
export async function openWasmSqlite(file: string): Promise<SqliteDatabase> {
  const { default: sqlite } = await import('node-sqlite3-wasm').catch(explainMissing)
  clearStaleLock(file)
  const database = new sqlite.Database(file)
  // No write-ahead log: it needs memory shared between processes, which WebAssembly does not have.
  const settings = 'PRAGMA busy_timeout = 500; PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = NORMAL'
  waitForLock(file, () => database.exec(settings))
  const { use, finalize } = keepStatements(database)
  return {
    locksToRead: true,
    run: (sql, parameters) => waitForLock(file, () => use(sql, (statement) => statement.run([...parameters]).changes)),
    // Reads to the end: a statement with a row left holds the lock (measured, 0.8.60).
    get: (sql, parameters) => waitForLock(file, () => use(sql, (statement) => statement.all([...parameters])[0])),
    close: () => {
      finalize()
      database.close()
    },
  }
}

interface KeptStatements {
  /** Prepares the statement at its first use; a failed one is prepared anew, since its error would fail the next use as well. */
  readonly use: <Result>(sql: string, run: (statement: Statement) => Result) => Result
  /** Releases all statements, whose memory is not collected. */
  readonly finalize: () => void
}

function keepStatements(database: Database): KeptStatements {
  const prepared = new Map<string, Statement>()
  return {
    use(sql, run) {
      const statement = prepared.get(sql) ?? database.prepare(sql)
      prepared.set(sql, statement)
      try {
        return run(statement)
      } catch (error) {
        prepared.delete(sql)
        finalizeFailed(statement)
        throw error
      }
    },
    finalize() {
      for (const statement of prepared.values()) statement.finalize()
      prepared.clear()
    },
  }
}

/** Throws the error of the last use again, after the statement is released. */
function finalizeFailed(statement: Statement): void {
  try {
    statement.finalize()
  } catch {
    // Known already.
  }
}

/** The package is an optional peer dependency, because Node 22.13 and later have SQLite built in. */
function explainMissing(cause: unknown): never {
  const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND'
  if (!isMissing) throw cause
  const hint = 'Run: npm install node-sqlite3-wasm, or use Node 22.13 or later.'
  throw new Error(`sqliteStore() needs the package node-sqlite3-wasm on this version of Node. ${hint}`, { cause })
}

/** Retries while another process holds the lock, and clears a lock whose process was killed. */
function waitForLock<Result>(file: string, operation: () => Result): Result {
  const deadline = Date.now() + STALE_AFTER + 1000
  for (;;) {
    try {
      return operation()
    } catch (error) {
      const isLocked = error instanceof Error && error.message.includes('database is locked')
      if (!isLocked || Date.now() > deadline) throw error
      clearStaleLock(file)
    }
  }
}
