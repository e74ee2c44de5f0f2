import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqlite } from './open-sqlite.js'
import type { SqliteDatabase } from './sqlite-database.js'
import { groupWrites } from './sqlite-writes.js'

let folder: string
let database: SqliteDatabase
let statements: string[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-writes-'))
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

function writes(): ReturnType<typeof groupWrites> {
  const watched: SqliteDatabase = {
    ...database,
    run: (sql, parameters) => {
      statements.push(sql)
      return database.run(sql, parameters)
    },
  }
  return groupWrites(() => Promise.resolve(watched))
}

describe('groupWrites()', () => {
  it('commits concurrent writes together, and returns the number of rows of each', async () => {
    const { run } = writes()
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
    const { run } = writes()
    const outcomes = await Promise.allSettled([run(INSERT, [1]), run(INSERT, [1])])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(count()).toBe(0)
    expect(await run(INSERT, [1])).toBe(1)
  })

  it('is settled when the last write is on disk', async () => {
    const { run, settled } = writes()
    const written = run(INSERT, [1])
    await settled()
    expect(count()).toBe(1)
    await written
  })
})
