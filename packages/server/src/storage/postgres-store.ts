import { Pool } from 'pg'
import { checkMembers, type MembersOf } from '../options/check-members.js'
import type { ConnectedStore } from './connected-store.js'
import { sqlStore, tableName, type SqlStoreOptions, type SqlTable, type SqlValue } from './sql-store.js'
import { timeoutOf, withTimeout } from './time-limit.js'

/** The part of a `Pool` of the package `pg` that is used. */
export interface PostgresPool {
  /** Runs a statement. */
  query(
    text: string,
    values: SqlValue[],
  ): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[]; readonly rowCount: number | null }>
  /** Adds a listener. */
  on(event: 'error', listener: (error: Error) => void): unknown
  /** Closes all connections. */
  end(): Promise<void>
}

/** Options of {@link postgresStore}. */
export interface PostgresStoreOptions extends SqlStoreOptions {
  /** Such as `postgres://user:password@host:5432/database`, or a `Pool` of the package `pg`. */
  readonly postgres: string | PostgresPool
}

const OPTIONS: MembersOf<PostgresStoreOptions> = { postgres: true, table: true, timeout: true, now: true, sweepEvery: true }

/** Creates a store in PostgreSQL, whose `INSERT … ON CONFLICT` is atomic between all processes. The first request creates its table. */
export function postgresStore(options: PostgresStoreOptions): ConnectedStore {
  checkMembers(options, OPTIONS, { name: 'postgresStore' })
  const timeout = timeoutOf(options.timeout)
  const { postgres } = options
  const pool: PostgresPool =
    typeof postgres === 'string'
      ? new Pool({ connectionString: postgres, connectionTimeoutMillis: timeout, query_timeout: timeout })
      : postgres
  // The pool emits the end of an idle connection, as at a restart of the database, and replaces it. Unheard, it would end the process.
  pool.on('error', () => undefined)
  const store = sqlStore(postgresTable(pool, tableName(options)), options)
  return { ...withTimeout(store, timeout, 'PostgreSQL'), close: () => pool.end() }
}

function postgresTable(pool: PostgresPool, table: string): SqlTable {
  const run = async (sql: string, values: SqlValue[]): Promise<number> => (await pool.query(sql, values)).rowCount ?? 0
  const insert = `INSERT INTO ${table} (key, value, expires_at) VALUES ($1, $2, $3)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`
  const create = async (): Promise<void> => {
    await run(
      `CREATE TABLE IF NOT EXISTS ${table} (key TEXT COLLATE "C" PRIMARY KEY, value TEXT NOT NULL, expires_at DOUBLE PRECISION)`,
      [],
    )
    await run(`CREATE INDEX IF NOT EXISTS ${table}_expires_at ON ${table} (expires_at)`, [])
  }
  return {
    // Two processes that create the same table at the same time conflict in the catalog; the second attempt finds it.
    create: () => create().catch(create),
    async get(key, now) {
      const sql = `SELECT value FROM ${table} WHERE key = $1 AND (expires_at IS NULL OR expires_at > $2)`
      const [row] = (await pool.query(sql, [key, now])).rows
      return row && String(row['value'])
    },
    async set(key, value, expiresAt) {
      await run(insert, [key, value, expiresAt])
    },
    async add({ key, value, expiresAt, now }) {
      return (await run(`${insert} WHERE ${table}.expires_at <= $4`, [key, value, expiresAt, now])) === 1
    },
    async delete(key) {
      await run(`DELETE FROM ${table} WHERE key = $1`, [key])
    },
    async sweep(now) {
      await run(`DELETE FROM ${table} WHERE expires_at <= $1`, [now])
    },
  }
}
