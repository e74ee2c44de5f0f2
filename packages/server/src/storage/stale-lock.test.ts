import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, utimesSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sqliteStore } from './sqlite-store.js'
import { clearStaleLock } from './stale-lock.js'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-lock-'))
  file = join(folder, 'test.db')
})
afterEach(() => rm(folder, { recursive: true }))

/** Makes the lock look as if it had been there for a minute. */
const age = (): void => utimesSync(`${file}.lock`, Date.now() / 1000 - 60, Date.now() / 1000 - 60)

/** A process that is killed half way through a transaction: after the write, before the commit. */
function killInTransaction(): void {
  const script = `
    const { Database } = require(${JSON.stringify(createRequire(import.meta.url).resolve('node-sqlite3-wasm'))})
    const database = new Database(${JSON.stringify(file)})
    database.exec('PRAGMA journal_mode = TRUNCATE; PRAGMA cache_size = 1; BEGIN IMMEDIATE')
    database.exec("UPDATE latchkey SET value = '\\"half\\"'")
    process.kill(process.pid, 'SIGKILL')`
  expect(spawnSync(process.execPath, ['-e', script]).signal).toBe('SIGKILL')
}

describe('clearStaleLock()', () => {
  it('lets a store go on after a process was killed in the middle of a write, with what was committed', async () => {
    // covers C-065
    const first = sqliteStore({ file })
    await first.set('kept', 'whole')
    await first.close()
    killInTransaction()
    expect(existsSync(`${file}.lock`)).toBe(true)
    age()
    const second = sqliteStore({ file })
    expect(await second.get('kept')).toBe('whole')
    await second.set('more', 1)
    expect(await second.get('more')).toBe(1)
    await second.close()
  })

  it('frees a store that is open when another process is killed', async () => {
    // covers C-065
    const store = sqliteStore({ file })
    await store.set('kept', 'whole')
    killInTransaction()
    age()
    expect(await store.get('kept')).toBe('whole')
    await store.close()
  })

  it('leaves the lock of somebody who may be at work', () => {
    mkdirSync(`${file}.lock`)
    expect(clearStaleLock(file)).toBe(false)
    expect(readdirSync(folder)).toEqual(['test.db.lock'])
    age()
    expect(clearStaleLock(file)).toBe(true)
    expect(readdirSync(folder)).toEqual([])
  })

  it('leaves a lock that another process is clearing', () => {
    mkdirSync(`${file}.lock`)
    age()
    expect(clearStaleLock(file)).toBe(true)
    expect(clearStaleLock(file)).toBe(false)
  })
})
