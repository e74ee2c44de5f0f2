import { lstat, mkdtemp, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { fileStore, prefixedStore } from './file-store.js'

async function emptyFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'latchkey-vite-'))
}

/** Waits for the write at the end of this turn of the event loop. */
async function waitForWrite(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
}

describe('fileStore()', () => {
  it('returns stored values after a restart', async () => {
    const file = join(await emptyFolder(), 'deeper', 'state.json')
    const first = fileStore(file)
    await first.set('session', { user: 'ada' })
    await waitForWrite()
    expect(await fileStore(file).get('session')).toEqual({ user: 'ada' })
  })

  it('returns the same members before and after a restart', async () => {
    const store = fileStore(join(await emptyFolder(), 'state.json'))
    await store.set('set', { user: 'ada', scope: undefined })
    await store.add('added', { user: 'ada', scope: undefined })
    for (const key of ['set', 'added']) expect(Object.keys((await store.get(key)) ?? {})).toEqual(['user'])
  })

  it('creates a file that only this account can read', async () => {
    const file = join(await emptyFolder(), 'state.json')
    await fileStore(file).set('key', 1)
    await waitForWrite()
    expect((await stat(file)).mode & 0o077).toBe(0)
  })

  it('writes through no file that another account has put there', async () => {
    const folder = await emptyFolder()
    const file = join(folder, 'state.json')
    await writeFile(join(folder, 'elsewhere'), '', { mode: 0o644 })
    for (const name of [file, `${file}.new`]) await symlink(join(folder, 'elsewhere'), name)
    await fileStore(file).add('key', 1)
    expect(await readFile(join(folder, 'elsewhere'), 'utf8')).toBe('')
    expect((await lstat(file)).mode & 0o170_077).toBe(0o100_000)
  })

  it('lets exactly one of several concurrent calls add a key', async () => {
    const store = fileStore(join(await emptyFolder(), 'state.json'))
    const results = await Promise.all([1, 2, 3, 4].map((value) => store.add('code', value)))
    expect(results).toEqual([true, false, false, false])
    expect(await store.get('code')).toBe(1)
  })

  it('drops expired entries from memory and from the file', async () => {
    const file = join(await emptyFolder(), 'state.json')
    let now = 1000
    const store = fileStore(file, { now: () => now })
    await store.set('short', 'a', 1500)
    now = 1499
    expect(await store.get('short')).toBe('a')
    now = 1500
    expect(await store.get('short')).toBeUndefined()
    expect(await store.add('short', 'b')).toBe(true)
    await store.set('old', 'c', 1400)
    await waitForWrite()
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ short: { value: 'b' } })
  })

  it('deletes an entry', async () => {
    const file = join(await emptyFolder(), 'state.json')
    const store = fileStore(file)
    await store.set('key', 1)
    await store.delete('key')
    await waitForWrite()
    expect(await fileStore(file).get('key')).toBeUndefined()
  })

  it('returns copies, so that changing one does not change the store', async () => {
    const store = fileStore(join(await emptyFolder(), 'state.json'))
    const value = { users: ['ada'] }
    await store.set('key', value)
    value.users.push('alan')
    const read = await store.get<{ users: string[] }>('key')
    read?.users.push('grace')
    expect(await store.get('key')).toEqual({ users: ['ada'] })
  })

  it.each(['', '{"session": ', '[1, 2]', '{"session": 5}', 'null'])('starts empty if the file contains %j', async (content) => {
    const file = join(await emptyFolder(), 'state.json')
    await writeFile(file, content)
    const store = fileStore(file)
    expect(await store.get('session')).toBeUndefined()
    expect(await store.add('session', 1)).toBe(true)
  })

  it('falls back to memory and reports it once if the file cannot be written', async () => {
    const folder = await emptyFolder()
    await writeFile(join(folder, 'in-the-way'), '')
    const onWriteFailed = vi.fn()
    const store = fileStore(join(folder, 'in-the-way', 'state.json'), { onWriteFailed })
    await store.set('key', 1)
    await waitForWrite()
    await store.set('key', 2)
    await waitForWrite()
    expect(await store.get('key')).toBe(2)
    expect(onWriteFailed).toHaveBeenCalledTimes(1)
  })
})

describe('fileStore() in two processes', () => {
  it('keeps the entries that the other one has written since, and sees them', async () => {
    const file = join(await emptyFolder(), 'state.json')
    const [one, other] = [fileStore(file), fileStore(file)]
    await one.set('one', 1)
    await waitForWrite()
    await other.set('other', 2)
    await waitForWrite()
    expect([await one.get('other'), await other.get('one')]).toEqual([2, 1])
    await other.delete('one')
    await waitForWrite()
    expect(await one.get('one')).toBeUndefined()
    expect(Object.keys(JSON.parse(await readFile(file, 'utf8')) as object)).toEqual(['other'])
  })

  it('lets exactly one of them add a key', async () => {
    const file = join(await emptyFolder(), 'state.json')
    const stores = [fileStore(file), fileStore(file), fileStore(file)]
    const results = await Promise.all(stores.flatMap((store) => [store.add('code', 1), store.add('code', 2)]))
    expect(results.filter(Boolean)).toHaveLength(1)
  })

  it('removes the lock of a process that has ended', async () => {
    const file = join(await emptyFolder(), 'state.json')
    await writeFile(`${file}.lock`, '')
    await utimes(`${file}.lock`, 0, 0)
    expect(await fileStore(file).add('key', 1)).toBe(true)
  })

  it('keeps the folder out of a repository', async () => {
    const folder = join(await emptyFolder(), 'deeper')
    await fileStore(join(folder, 'state.json')).add('key', 1)
    expect(await readFile(join(folder, '.gitignore'), 'utf8')).toBe('*\n')
  })
})

describe('prefixedStore()', () => {
  it('keeps the entries of two views separate', async () => {
    const store = fileStore(join(await emptyFolder(), 'state.json'))
    const [one, other] = [prefixedStore(store, 'one '), prefixedStore(store, 'other ')]
    await one.set('key', 1)
    expect(await other.add('key', 2)).toBe(true)
    await other.delete('key')
    expect(await one.get('key')).toBe(1)
    expect(await other.get('key')).toBeUndefined()
  })
})
