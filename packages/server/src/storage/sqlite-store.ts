import type { ConnectedStore } from './connected-store.js'
import { openSqlite } from './open-sqlite.js'
import { safeKey } from './safe-key.js'
import type { SqliteDatabase } from './sqlite-database.js'
import { groupOperations } from './sqlite-operations.js'
import { checkMembers, type MembersOf } from '../options/check-members.js'

/** Options of {@link sqliteStore}. */
export interface SqliteStoreOptions {
  /** Path of the database file; it is created if it does not exist. */
  readonly file: string
  /** Milliseconds since the epoch; default `Date.now`. */
  readonly now?: (() => number) | undefined
  /** Milliseconds between two sweeps of expired rows. Default 60,000. */
  readonly sweepEvery?: number | undefined
}

const TABLE = `CREATE TABLE IF NOT EXISTS latchkey (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires_at REAL) WITHOUT ROWID`
const INDEX = `CREATE INDEX IF NOT EXISTS latchkey_expires_at ON latchkey (expires_at)`
const GET = `SELECT value FROM latchkey WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)`
const SET = `INSERT INTO latchkey (key, value, expires_at) VALUES (?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`
/** One statement, so that only one of two processes changes a row. */
const ADD = `${SET} WHERE latchkey.expires_at <= ?`
const DELETE = `DELETE FROM latchkey WHERE key = ?`
const SWEEP = `DELETE FROM latchkey WHERE expires_at <= ?`

/**
 * Creates a store in a file, which survives a restart and which several processes of one machine may share. The first request
 * creates the file and its table.
 */
export function sqliteStore(options: SqliteStoreOptions): ConnectedStore {
  checkMembers(options, { file: true, now: true, sweepEvery: true } satisfies MembersOf<SqliteStoreOptions>, {
    name: 'sqliteStore',
  })
  const { file, now = Date.now, sweepEvery = 60_000 } = options
  // Without a name, SQLite opens a database that it deletes at the end.
  if (typeof file !== 'string' || file === '')
    throw new TypeError('sqliteStore: "file" is missing: expected the path of the database file, such as "latchkey.db"')
  let opened: Promise<SqliteDatabase> | undefined
  let sweptAt = now()
  const database = (): Promise<SqliteDatabase> => {
    opened ??= open(file).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
  const operations = groupOperations(database)
  const write: typeof operations.run = (sql, parameters) => {
    if (now() - sweptAt >= sweepEvery) {
      sweptAt = now()
      // If a sweep fails because another process is writing, the next one does its work.
      operations.run(SWEEP, [now()]).catch(() => undefined)
    }
    return operations.run(sql, parameters)
  }
  return {
    async get<Value>(key: string): Promise<Value | undefined> {
      const row = await operations.get(GET, [keyOf(key), now()])
      return row && (JSON.parse(String(row['value'])) as Value)
    },
    async set(key, value, expiresAt) {
      await write(SET, [keyOf(key), JSON.stringify(value), expiresAt ?? null])
    },
    async add(key, value, expiresAt) {
      return (await write(ADD, [keyOf(key), JSON.stringify(value), expiresAt ?? null, now()])) === 1
    },
    async delete(key) {
      await write(DELETE, [keyOf(key)])
    },
    async close() {
      await operations.settled()
      ;(await opened)?.close()
    },
  }
}

/** SQLite ends text at a NUL. */
function keyOf(key: string): string {
  return safeKey(key, { ignoresCase: false })
}

async function open(file: string): Promise<SqliteDatabase> {
  const database = await openSqlite(file)
  database.run(TABLE, [])
  database.run(INDEX, [])
  return database
}
