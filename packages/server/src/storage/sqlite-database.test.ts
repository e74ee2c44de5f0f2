import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findBuiltInSqlite, openBuiltInSqlite } from './built-in-sqlite.js'
import type { SqliteDatabase } from './sqlite-database.js'
import { openWasmSqlite } from './wasm-sqlite.js'

/** One build of SQLite. Both processes of a test use the same one: the two builds lock a file in different ways. */
interface Build {
  readonly name: string
  readonly open: (file: string) => Promise<SqliteDatabase>
  /** JavaScript that opens `file` as `database` in another process. */
  readonly script: string
}

const WASM: Build = {
  name: 'node-sqlite3-wasm',
  open: openWasmSqlite,
  script: `
    const { Database } = require(${JSON.stringify(createRequire(import.meta.url).resolve('node-sqlite3-wasm'))})
    const database = new Database(file)
    database.exec('PRAGMA journal_mode = TRUNCATE')`,
}
const builtIn = findBuiltInSqlite()
const BUILDS: readonly Build[] = builtIn
  ? [
      WASM,
      {
        name: 'node:sqlite',
        open: (file) => Promise.resolve(openBuiltInSqlite(builtIn, file)),
        script: `
    const { DatabaseSync } = require('node:sqlite')
    const database = new DatabaseSync(file)
    database.exec('PRAGMA journal_mode = WAL')`,
      },
    ]
  : [WASM]

const SELECT = 'SELECT value FROM entries WHERE key = 1'

describe.each(BUILDS)('a database of $name', ({ name, open, script }) => {
  let folder: string
  let file: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'latchkey-sqlite-'))
    file = join(folder, 'test.db')
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('is created for this account alone, with the files beside it', async () => {
    const database = await openWithEntry()
    const names = readdirSync(folder)
    expect(names).toContain('test.db')
    expect(names.filter((one) => (statSync(join(folder, one)).mode & 0o077) !== 0 && !one.endsWith('.lock'))).toEqual([])
    database.close()
  })

  async function openWithEntry(): Promise<SqliteDatabase> {
    const database = await open(file)
    database.run('CREATE TABLE entries (key INTEGER PRIMARY KEY, value TEXT)', [])
    database.run('INSERT INTO entries VALUES (1, ?)', ['committed'])
    return database
  }

  /** Runs a process that is killed in a transaction, after the write and before the commit. */
  function killInTransaction(): void {
    const transaction = `
      database.exec('PRAGMA cache_size = 1; BEGIN IMMEDIATE')
      database.exec("UPDATE entries SET value = 'half'")
      process.kill(process.pid, 'SIGKILL')`
    const child = spawnSync(process.execPath, ['-e', `const file = ${JSON.stringify(file)}\n${script}\n${transaction}`])
    expect(child.signal, child.stderr.toString()).toBe('SIGKILL')
    if (name !== WASM.name) return
    // The WebAssembly build leaves its lock behind. Make it look a minute old.
    expect(existsSync(`${file}.lock`)).toBe(true)
    utimesSync(`${file}.lock`, Date.now() / 1000 - 60, Date.now() / 1000 - 60)
  }

  it('opens with the committed rows after a process was killed in the middle of a write', async () => {
    // covers C-065
    const first = await openWithEntry()
    first.close()
    killInTransaction()
    const second = await open(file)
    expect(second.get(SELECT, [])).toEqual({ value: 'committed' })
    expect(second.run('UPDATE entries SET value = ?', ['later'])).toBe(1)
    expect(second.get(SELECT, [])).toEqual({ value: 'later' })
    second.close()
  })

  it('stays usable while it is open when another process is killed in the middle of a write', async () => {
    // covers C-065
    const database = await openWithEntry()
    killInTransaction()
    expect(database.get(SELECT, [])).toEqual({ value: 'committed' })
    expect(database.run('UPDATE entries SET value = ?', ['later'])).toBe(1)
    database.close()
  })
})
