import { EventEmitter } from 'node:events'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { oauth1HooksContract } from '../features/oauth1/oauth1-contract.js'
import { storeHooks } from '../features/oauth1/store-hooks.js'
import type { ConnectedStore } from './connected-store.js'
import { mysqlStore, type MysqlPool } from './mysql-store.js'
import { postgresStore, type PostgresPool } from './postgres-store.js'
import { buildRaceWorker, expectSingleUse, removeRaceWorker } from './race.fixture.js'
import { createMariadb, createPostgres, findPostgres, findProgram, type RealDatabase } from './real-server.fixture.js'
import { sqlStore, tableName, type SqlTable } from './sql-store.js'
import { storeContract } from './store-contract.js'

class FakePool extends EventEmitter implements PostgresPool {
  readonly statements: string[] = []
  query(text: string): Promise<{ rows: []; rowCount: number }> {
    this.statements.push(text)
    return Promise.resolve({ rows: [], rowCount: 1 })
  }
  end(): Promise<void> {
    return Promise.resolve()
  }
}

describe('sqlStore()', () => {
  const table = (swept: number[]): SqlTable => ({
    create: () => Promise.resolve(),
    get: () => Promise.resolve(undefined),
    set: () => Promise.resolve(),
    add: () => Promise.resolve(true),
    delete: () => Promise.resolve(),
    sweep: (now) => (swept.push(now), Promise.reject(new Error('locked'))),
  })

  it('sweeps expired rows between writes, and ignores that a sweep fails', async () => {
    const swept: number[] = []
    let time = 0
    const store = sqlStore(table(swept), { now: () => time, sweepEvery: 1000 })
    for (time of [0, 999, 1000, 1500, 2000, 2001]) await store.set('k', 1)
    for (time of [3000, 3001]) await store.add('k', 1)
    expect(swept).toEqual([1000, 2000, 3000])
  })

  it('creates the table again if that failed', async () => {
    let attempts = 0
    const create = (): Promise<void> => (++attempts === 1 ? Promise.reject(new Error('down')) : Promise.resolve())
    const store = sqlStore({ ...table([]), create }, {})
    await expect(store.get('k')).rejects.toThrow('down')
    await store.set('k', 1)
    await store.delete('k')
    expect(attempts).toBe(2)
  })

  it('refuses names of tables that would need quotes', () => {
    expect(tableName({})).toBe('latchkey')
    for (const name of ['a b', 'a"; DROP TABLE b; --', '1a', '', 'ä'])
      expect(() => tableName({ table: name })).toThrow(/^table: /)
  })
})

describe('postgresStore()', () => {
  it('survives the end of an idle connection, which its pool emits', async () => {
    const pool = new FakePool()
    const store = postgresStore({ postgres: pool })
    // Without a listener, emit() throws.
    expect(() => pool.emit('error', new Error('terminating connection due to administrator command'))).not.toThrow()
    await store.set('k', 1)
    expect(pool.statements.join()).toContain('COLLATE "C"')
    await store.close()
  })
})

describe('a table that exists', () => {
  it('is not created again by PostgreSQL, which would wait for open transactions', async () => {
    const created = async (known: Readonly<Record<string, string | null>>): Promise<number> => {
      const pool = new FakePool()
      const query = pool.query.bind(pool)
      pool.query = (text) => (/to_regclass/.test(text) ? Promise.resolve({ rows: [known] as never, rowCount: 1 }) : query(text))
      await postgresStore({ postgres: pool }).set('k', 1)
      return pool.statements.filter((text) => text.startsWith('CREATE')).length
    }
    expect(await created({ table: 'latchkey', index: 'latchkey_expires_at' })).toBe(0)
    expect(await created({ table: 'latchkey', index: null })).toBe(2)
    expect(await created({ table: null, index: null })).toBe(2)
  })

  it('is not created again by MySQL, whose user may have no right to', async () => {
    const created = async (code?: string): Promise<number> => {
      const statements: string[] = []
      const execute = (sql: string): Promise<[unknown]> => {
        statements.push(sql)
        const fails = code !== undefined && sql.startsWith('SELECT id')
        return fails ? Promise.reject(Object.assign(new Error(code), { code })) : Promise.resolve([{ affectedRows: 1 }])
      }
      await mysqlStore({ mysql: { execute, end: () => Promise.resolve() } }).set('k', 1)
      return statements.filter((text) => text.startsWith('CREATE')).length
    }
    expect([await created(), await created('ER_NO_SUCH_TABLE')]).toEqual([0, 1])
    await expect(created('ER_ACCESS_DENIED_ERROR')).rejects.toThrow('DENIED')
  })
})

describe('mysqlStore()', () => {
  const failing = (code: string, times: number): { pool: MysqlPool; calls: string[] } => {
    const calls: string[] = []
    const execute = (sql: string): Promise<[unknown]> => {
      if (!sql.startsWith('INSERT')) return Promise.resolve([{}])
      calls.push(sql)
      return calls.length <= times
        ? Promise.reject(Object.assign(new Error(code), { code }))
        : Promise.resolve([{ affectedRows: 1 }])
    }
    return { calls, pool: { execute, end: () => Promise.resolve() } }
  }

  it('repeats a statement that a deadlock undid, and gives up in the end', async () => {
    const { pool, calls } = failing('ER_LOCK_DEADLOCK', 2)
    expect(await mysqlStore({ mysql: pool }).add('k', 1)).toBe(true)
    expect(calls).toHaveLength(3)
    await expect(mysqlStore({ mysql: failing('ER_LOCK_DEADLOCK', 99).pool }).set('k', 1)).rejects.toThrow('DEADLOCK')
  })

  it('does not treat another failure as a key that is taken', async () => {
    expect(await mysqlStore({ mysql: failing('ER_DUP_ENTRY', 99).pool }).add('k', 1)).toBe(false)
    await expect(mysqlStore({ mysql: failing('ER_DATA_TOO_LONG', 99).pool }).add('k', 1)).rejects.toThrow('TOO_LONG')
  })
})

interface Place {
  readonly kind: 'postgres' | 'mysql'
  readonly create: () => Promise<RealDatabase>
  readonly open: (url: string) => ConnectedStore
}

/** With `npm run more:stores`: real databases take a while to start. */
function realDatabases(): readonly Place[] {
  if (import.meta.env.MODE !== 'all') return []
  const [postgres, mariadb] = [findPostgres(), findProgram('mariadbd', 'mariadb-server')]
  const places: Place[] = []
  if (postgres !== undefined)
    places.push({ kind: 'postgres', create: () => createPostgres(postgres), open: (url) => postgresStore({ postgres: url }) })
  if (mariadb !== undefined)
    places.push({ kind: 'mysql', create: () => createMariadb(mariadb), open: (url) => mysqlStore({ mysql: url }) })
  return places
}

for (const { kind, create, open } of realDatabases()) {
  describe(`with a real database: ${kind}`, () => {
    let database: RealDatabase
    let store: ConnectedStore
    let folder = ''
    beforeAll(async () => {
      ;[database, folder] = await Promise.all([create(), buildRaceWorker()])
      await database.start()
      store = open(database.url)
    }, 180_000)
    afterAll(async () => {
      await store.close()
      await database.stop()
      database.remove()
      await removeRaceWorker(folder)
    })

    for (const { name, run } of storeContract) it(name, () => run(store))
    for (const { name, run } of oauth1HooksContract)
      it(`OAuth 1.0a: ${name}`, () => run(storeHooks(store, crypto.getRandomValues(new Uint8Array(32)))))

    it('lets two processes use each of 200 codes, refresh tokens and requests once', async () => {
      await expectSingleUse(store, { kind, place: database.url }, { codes: 200 })
    }, 180_000)

    it('is created by two processes at the same time', async () => {
      const stores = Array.from({ length: 4 }, () => open(database.url))
      await Promise.all(stores.map((one, index) => one.set(`same-time-${index}`, index)))
      expect(await stores[0]?.get('same-time-3')).toBe(3)
      await Promise.all(stores.map((one) => one.close()))
    })

    it.runIf(kind === 'postgres')('starts while a transaction of another process is open', async () => {
      await store.set('first', 1)
      const pool = new Pool({ connectionString: database.url })
      const other = await pool.connect()
      onTestFinished(async () => {
        other.release(true)
        await pool.end()
      })
      await other.query('BEGIN')
      await other.query('LOCK TABLE latchkey IN ROW EXCLUSIVE MODE')
      const started = open(database.url)
      expect(await started.get('first')).toBe(1)
      await started.close()
    })

    it.runIf(kind === 'postgres')('sweeps without waiting for rows that a request writes', async () => {
      const pool = new Pool({ connectionString: database.url })
      const expired = Date.now() - 1000
      let isSweeping = false
      const sweeping = postgresStore({ postgres: pool, now: () => (isSweeping ? Date.now() : 0), sweepEvery: 1 })
      await Promise.all(['locked', 'swept-1', 'swept-2'].map((key) => sweeping.set(key, 1, expired)))
      const request = await pool.connect()
      onTestFinished(async () => {
        request.release(true)
        await pool.end()
      })
      isSweeping = true
      await request.query('BEGIN')
      await request.query(`UPDATE latchkey SET value = '2' WHERE key = 'locked'`)
      await sweeping.set('other', 1)
      const sql = 'SELECT key FROM latchkey WHERE expires_at = $1'
      await expect.poll(async () => (await pool.query(sql, [expired])).rows).toEqual([{ key: 'locked' }])
    })

    it('works again after a restart of the database while it was idle', async () => {
      await store.set('before', 1, Date.now() + 600_000)
      await Promise.all(Array.from({ length: 8 }, (_, index) => store.get(`idle-${index}`)))
      await database.stop()
      await expect(store.get('before')).rejects.toThrow()
      await database.start()
      await expect.poll(() => store.get('before').catch((error: unknown) => error)).toBe(1)
      expect(await store.add('after', 1, Date.now() + 60_000)).toBe(true)
    }, 120_000)
  })
}
