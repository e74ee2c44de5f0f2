import { mkdirSync, readdirSync, utimesSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clearStaleLock } from './stale-lock.js'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-lock-'))
  file = join(folder, 'test.db')
  mkdirSync(`${file}.lock`)
})
afterEach(() => rm(folder, { recursive: true }))

/** Makes the lock look a minute old. */
const age = (): void => utimesSync(`${file}.lock`, Date.now() / 1000 - 60, Date.now() / 1000 - 60)

describe('clearStaleLock()', () => {
  it('keeps a lock that may be in use and removes it once it is stale', () => {
    expect(clearStaleLock(file)).toBe(false)
    expect(readdirSync(folder)).toEqual(['test.db.lock'])
    age()
    expect(clearStaleLock(file)).toBe(true)
    expect(readdirSync(folder)).toEqual([])
  })

  it('keeps a lock that another process is clearing', () => {
    age()
    expect(clearStaleLock(file)).toBe(true)
    expect(clearStaleLock(file)).toBe(false)
  })
})
