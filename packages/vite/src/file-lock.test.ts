import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { withFileLock } from './file-lock.js'

async function lockFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-lock-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, 'state.json.lock')
}

/** Calls back whenever a waiting process has looked at the lock and compares its age: another process may run at that moment. */
function onAgeCheck(callback: (count: number) => void): void {
  const now = Date.now.bind(Date)
  let count = 0
  const spy = vi.spyOn(Date, 'now').mockImplementation(() => {
    count++
    callback(count)
    return now()
  })
  onTestFinished(() => spy.mockRestore())
}

describe('withFileLock()', () => {
  it('removes the lock of a process that has ended, and leaves nothing', async () => {
    const file = await lockFile()
    await writeFile(file, '')
    await utimes(file, 0, 0)
    expect(await withFileLock(file, () => readdirSync(join(file, '..')))).toEqual(['state.json.lock'])
    expect(await readdir(join(file, '..'))).toEqual([])
  })

  it('waits for another process that has removed the same stale lock a moment before', async () => {
    const file = await lockFile()
    await writeFile(file, '')
    await utimes(file, 0, 0)
    const events: string[] = []
    onAgeCheck((count) => {
      if (count === 1) {
        rmSync(file)
        writeFileSync(file, 'other', { flag: 'wx' })
      }
      if (count === 3) {
        events.push(existsSync(file) ? 'other still holds it' : 'lost')
        rmSync(file, { force: true })
      }
    })
    await withFileLock(file, () => void events.push('runs'))
    expect(events).toEqual(['other still holds it', 'runs'])
  })

  it('does not remove the lock of a process that has taken over its own', async () => {
    const file = await lockFile()
    await withFileLock(file, () => {
      rmSync(file)
      writeFileSync(file, 'other', { flag: 'wx' })
    })
    expect(existsSync(file)).toBe(true)
  })

  it('releases the lock if the function throws', async () => {
    const file = await lockFile()
    const fail = (): never => {
      throw new Error('full')
    }
    await expect(withFileLock(file, fail)).rejects.toThrow('full')
    expect(existsSync(file)).toBe(false)
  })
})
