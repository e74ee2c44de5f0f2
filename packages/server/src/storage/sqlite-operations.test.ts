import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqlite } from './open-sqlite.js'
import type { SqliteDatabase } from './sqlite-database.js'
import { groupOperations } from './sqlite-operations.js'

let folder: string
let database: SqliteDatabase
let statements: string[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-operations-'))
  database = await openSqlite(join(folder, 'test.db'))
  database.run('CREATE TABLE t (n INTEGER PRIMARY KEY)', [])
  statements = []
})
afterEach(async () => {
  database.close()
  await rm(folder, { recursive: true })
})

const INSERT = 'INSERT INTO t (n) VALUES (?)'
const count = (): unknown => database.get('SELECT count(*) AS n FROM t', [])?.['n']

function operations(): ReturnType<typeof groupOperations> {
  const watched: SqliteDatabase = {
    ...database,
    run: (sql, parameters) => {
      statements.push(sql)
      return database.run(sql, parameters)
    },
    // As the WebAssembly build, whatever this Node has.
    locksToRead: true,
  }
  return groupOperations(() => Promise.resolve(watched))
}

describe('groupOperations()', () => {
  it('commits concurrent writes together, and returns the number of rows of each', async () => {
    const { run } = operations()
    const changes = await Promise.all([
      run(INSERT, [1]),
      run(INSERT, [2]),
      run('DELETE FROM t WHERE n < 3', []),
      run(INSERT, [3]),
    ])
    expect(changes).toEqual([1, 1, 2, 1])
    expect(statements.filter((sql) => sql === 'COMMIT')).toHaveLength(1)
    expect(count()).toBe(1)
  })

  it('stores nothing of a group that fails, rejects each write, and continues', async () => {
    const { run } = operations()
    const outcomes = await Promise.allSettled([run(INSERT, [1]), run(INSERT, [1])])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(count()).toBe(0)
    expect(await run(INSERT, [1])).toBe(1)
  })

  it('is settled when the last write is on disk', async () => {
    const { run, settled } = operations()
    const written = run(INSERT, [1])
    await settled()
    expect(count()).toBe(1)
    await written
  })

  it('reads in the transaction of the writes of the same turn', async () => {
    const { run, get } = operations()
    expect(await Promise.all([run(INSERT, [1]), get('SELECT count(*) AS n FROM t', [])])).toEqual([1, { n: 1 }])
    expect(statements).toEqual(['BEGIN IMMEDIATE', INSERT, 'COMMIT'])
  })

  it('reads what is stored if the writes of the same turn fail', async () => {
    const { run, get } = operations()
    await run(INSERT, [1])
    const [first, second, read] = await Promise.allSettled([
      run(INSERT, [2]),
      run(INSERT, [1]),
      get('SELECT count(*) AS n FROM t', []),
    ])
    expect([first.status, second.status]).toEqual(['rejected', 'rejected'])
    expect(read).toEqual({ status: 'fulfilled', value: { n: 1 } })
  })

  it('locks a file once for all reads of a turn', async () => {
    const { get } = operations()
    const reads = await Promise.all([1, 2, 3].map((n) => get('SELECT ? AS n', [n])))
    expect(reads).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
    expect(statements).toEqual(['BEGIN', 'COMMIT'])
  })
})
