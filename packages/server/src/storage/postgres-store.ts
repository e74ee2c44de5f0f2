import { Socket } from 'node:net'
import { Pool } from 'pg'
import { checkMembers, type MembersOf } from '../options/check-members.js'
import type { ConnectedStore } from './connected-store.js'
import { groupCalls } from './group-calls.js'
import { endPool, openSockets } from './open-sockets.js'
import { prepareStatements } from './prepare-statements.js'
import { sqlStore, tableName, type SqlStoreOptions, type SqlTable, type SqlValue } from './sql-store.js'
import { timeoutOf, withTimeout } from './time-limit.js'

/** The part of a `Pool` of the package `pg` that is used. */
export interface PostgresPool {
  /** Runs a statement. */
  query(
    text: string,
    values: (SqlValue | readonly SqlValue[])[],
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
  const sockets = typeof postgres === 'string' ? openSockets() : undefined
  const stream = (): Socket => sockets?.add(new Socket()) ?? new Socket()
  const pool: PostgresPool =
    typeof postgres === 'string'
      ? preparing(new Pool({ connectionString: postgres, connectionTimeoutMillis: timeout, query_timeout: timeout, stream }))
      : postgres
  // The pool emits the end of an idle connection, as at a restart of the database, and replaces it. Unheard, it would end the process.
  pool.on('error', () => undefined)
  // A statement of a host's own pool may have no time limit: two that never end must not stop all others.
  const maxRuns = typeof postgres === 'string' ? MAX_RUNS : Infinity
  const store = sqlStore(postgresTable(pool, tableName(options), maxRuns), options)
  return withTimeout(store, { timeout, name: 'PostgreSQL', disconnect: (limit) => endPool(limit(pool.end()), sockets) })
}

function preparing(pool: Pool): PostgresPool {
  return {
    query: prepareStatements(pool),
    on: (event, listener) => pool.on(event, listener),
    end: () => pool.end(),
  }
}

/** Statements of a kind at the same time: the more rows in one, the fewer commits. A second one, so that no locked row stops all others. */
const MAX_RUNS = 2

interface Row {
  readonly key: string
  readonly value: string
  readonly expiresAt: number | null
}

function postgresTable(pool: PostgresPool, table: string, maxRuns: number): SqlTable {
  const query = (sql: string, values: Parameters<PostgresPool['query']>[1]): ReturnType<PostgresPool['query']> =>
    pool.query(sql, values)
  // Statements that create wait for open transactions, also if there is nothing to create, and need rights that a server may lack.
  const create = async (): Promise<void> => {
    const look = 'SELECT to_regclass($1)::text AS "table", to_regclass($2)::text AS "index"'
    const [known] = (await query(look, [table, `${table}_expires_at`])).rows
    if (known?.['table'] && known['index']) return
    const columns = 'key TEXT COLLATE "C" PRIMARY KEY, value TEXT NOT NULL, expires_at DOUBLE PRECISION'
    await query(`CREATE TABLE IF NOT EXISTS ${table} (${columns})`, [])
    await query(`CREATE INDEX IF NOT EXISTS ${table}_expires_at ON ${table} (expires_at)`, [])
  }
  const insert = `INSERT INTO ${table} (key, value, expires_at)
    SELECT * FROM unnest($1::text[], $2::text[], $3::double precision[])
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`
  const read = groupCalls(async (reads: readonly { readonly key: string; readonly now: number }[]) => {
    const sql = `SELECT key, value, expires_at FROM ${table} WHERE key = ANY($1::text[])`
    const { rows } = await query(sql, [[...new Set(reads.map(({ key }) => key))]])
    const byKey = new Map(rows.map((row) => [row['key'], row]))
    return reads.map(({ key, now }) => valueAt(byKey.get(key), now))
  }, maxRuns)
  const write = groupCalls(async (writes: readonly Row[]) => {
    await query(insert, columnsOf(writes))
    return writes.map(() => undefined)
  }, maxRuns)
  const add = groupCalls(async (adds: readonly (Row & { readonly now: number })[]) => {
    // Of several for one key, the first is tried.
    const first = new Map(adds.toReversed().map((row) => [row.key, row]))
    const now = Math.min(...adds.map((row) => row.now))
    const sql = `${insert} WHERE ${table}.expires_at <= $4 RETURNING key`
    const { rows } = await query(sql, [...columnsOf([...first.values()]), now])
    const added = new Set(rows.map((row) => row['key']))
    return adds.map((row) => first.get(row.key) === row && added.has(row.key))
  }, maxRuns)
  return {
    // Two processes that create the same table at the same time conflict in the catalog; the second attempt finds it.
    create: () => create().catch(create),
    get: (key, now) => read({ key, now }),
    set: (key, value, expiresAt) => write({ key, value, expiresAt }),
    add: (row) => add(row),
    async delete(key) {
      await query(`DELETE FROM ${table} WHERE key = $1`, [key])
    },
    async sweep(now) {
      // A statement that writes several rows could wait for this one, and this one for that one: a deadlock fails all of its requests.
      const expired = `SELECT key FROM ${table} WHERE expires_at <= $1 FOR UPDATE SKIP LOCKED`
      await query(`DELETE FROM ${table} WHERE key IN (${expired})`, [now])
    },
  }
}

function valueAt(row: Readonly<Record<string, unknown>> | undefined, now: number): string | undefined {
  const expiresAt = row?.['expires_at'] ?? null
  const isValid = row !== undefined && (expiresAt === null || Number(expiresAt) > now)
  return isValid ? String(row['value']) : undefined
}

/** One row for each key, the last one, since a statement changes a row once; in one order, so that no two statements wait for each other. */
function columnsOf(rows: readonly Row[]): [string[], string[], (number | null)[]] {
  const last = [...new Map(rows.map((row) => [row.key, row])).values()].toSorted((one, other) => (one.key < other.key ? -1 : 1))
  return [last.map(({ key }) => key), last.map(({ value }) => value), last.map(({ expiresAt }) => expiresAt)]
}
