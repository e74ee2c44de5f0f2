import type { Duplex } from 'node:stream'
import { createPool } from 'mysql2/promise'
import { checkMembers, type MembersOf } from '../options/check-members.js'
import type { ConnectedStore } from './connected-store.js'
import { endPool, openSockets, type OpenSockets } from './open-sockets.js'
import { sqlStore, tableName, type SqlStoreOptions, type SqlTable, type SqlValue } from './sql-store.js'
import { timeoutOf, withTimeout } from './time-limit.js'

/** The part of a pool of `mysql2/promise` that is used. */
export interface MysqlPool {
  /** Runs a prepared statement. Returns rows, or an object with `affectedRows`, first. */
  execute(sql: string, values: SqlValue[]): Promise<readonly [unknown, ...unknown[]]>
  /** Closes all connections. */
  end(): Promise<void>
}

/** Options of {@link mysqlStore}. */
export interface MysqlStoreOptions extends SqlStoreOptions {
  /** Such as `mysql://user:password@host:3306/database`, or a pool of `mysql2/promise`. */
  readonly mysql: string | MysqlPool
}

const OPTIONS: MembersOf<MysqlStoreOptions> = { mysql: true, table: true, timeout: true, now: true, sweepEvery: true }

/** Creates a store in MySQL or MariaDB, whose primary key is unique between all processes. The first request creates its table. */
export function mysqlStore(options: MysqlStoreOptions): ConnectedStore {
  checkMembers(options, OPTIONS, { name: 'mysqlStore' })
  const timeout = timeoutOf(options.timeout)
  const { mysql } = options
  const sockets = typeof mysql === 'string' ? openSockets() : undefined
  const pool = typeof mysql === 'string' ? connect(mysql, timeout, sockets) : mysql
  const store = sqlStore(mysqlTable(pool, tableName(options)), options)
  return withTimeout(store, { timeout, name: 'MySQL', disconnect: (limit) => endPool(limit(pool.end()), sockets) })
}

function connect(uri: string, connectTimeout: number, sockets: OpenSockets | undefined): MysqlPool {
  const pool = createPool({ uri, connectTimeout })
  // The types of `mysql2` leave the stream out.
  pool.on('connection', (connection) => void sockets?.add((connection as unknown as { readonly stream: Duplex }).stream))
  return pool
}

/** The table does not exist. */
const NO_TABLE = 'ER_NO_SUCH_TABLE'
/** The row exists. */
const DUPLICATE = 'ER_DUP_ENTRY'
/** Another connection changes the same rows; the statement had no effect. */
const DEADLOCK: ReadonlySet<unknown> = new Set(['ER_LOCK_DEADLOCK', 'ER_CHECKREAD'])

function mysqlTable(pool: MysqlPool, table: string): SqlTable {
  const run = async (sql: string, values: SqlValue[], attempts = 5): Promise<unknown> => {
    try {
      const [result] = await pool.execute(sql, values)
      return result
    } catch (error) {
      if (attempts > 1 && DEADLOCK.has(codeOf(error))) return run(sql, values, attempts - 1)
      throw error
    }
  }
  const insert = `INSERT INTO ${table} (id, value, expires_at) VALUES (?, ?, ?)`
  const tryInsert = (values: SqlValue[]): Promise<boolean> =>
    run(insert, values).then(
      () => true,
      (error: unknown) => {
        if (codeOf(error) === DUPLICATE) return false
        throw error
      },
    )
  return {
    create: () => createTable(run, table),
    async get(key, now) {
      const rows = await run(`SELECT value FROM ${table} WHERE id = ? AND (expires_at IS NULL OR expires_at > ?)`, [key, now])
      const row: unknown = Array.isArray(rows) ? rows[0] : undefined
      return typeof row === 'object' && row !== null && 'value' in row ? String(row.value) : undefined
    },
    async set(key, value, expiresAt) {
      await run(`${insert} ON DUPLICATE KEY UPDATE value = VALUES(value), expires_at = VALUES(expires_at)`, [
        key,
        value,
        expiresAt,
      ])
    },
    async add({ key, value, expiresAt, now }) {
      const values = [key, value, expiresAt]
      if (await tryInsert(values)) return true
      // Of several processes that delete the expired row and insert theirs, the primary key lets one insert.
      await run(`DELETE FROM ${table} WHERE id = ? AND expires_at <= ?`, [key, now])
      return tryInsert(values)
    },
    async delete(key) {
      await run(`DELETE FROM ${table} WHERE id = ?`, [key])
    },
    async sweep(now) {
      await run(`DELETE FROM ${table} WHERE expires_at <= ?`, [now])
    },
  }
}

async function createTable(run: (sql: string, values: SqlValue[]) => Promise<unknown>, table: string): Promise<void> {
  // The statement that creates it needs rights that a server may lack, also if there is nothing to create.
  const isMissing = await run(`SELECT id FROM ${table} LIMIT 0`, []).then(
    () => false,
    (error: unknown) => {
      if (codeOf(error) === NO_TABLE) return true
      throw error
    },
  )
  if (!isMissing) return
  // Binary keys: the default collation compares without case, accents and trailing spaces.
  const columns = `id VARBINARY(255) PRIMARY KEY, value LONGTEXT CHARACTER SET utf8mb4 NOT NULL, expires_at DOUBLE`
  await run(`CREATE TABLE IF NOT EXISTS ${table} (${columns}, INDEX ${table}_expires_at (expires_at)) ENGINE = InnoDB`, [])
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
