import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { fileStore, prefixedStore } from './file-store.js'

async function emptyFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'latchkey-vite-'))
}

/** Changes are written once a turn is over. */
async function written(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
}

describe('fileStore()', () => {
  it('finds after a restart what was stored before it', async () => {
    const file = join(await emptyFolder(), 'deeper', 'state.json')
    const first = fileStore(file)
    await first.set('session', { user: 'ada' })
    await written()
    expect(await fileStore(file).get('session')).toEqual({ user: 'ada' })
  })

  it('lets only this account read the file', async () => {
    const file = join(await emptyFolder(), 'state.json')
    await fileStore(file).set('key', 1)
    await written()
    expect((await stat(file)).mode & 0o077).toBe(0)
  })

  it('says yes to exactly one of many who add the same key', async () => {
    const store = fileStore(join(await emptyFolder(), 'state.json'))
    const answers = await Promise.all([1, 2, 3, 4].map((value) => store.add('code', value)))
    expect(answers).toEqual([true, false, false, false])
    expect(await store.get('code')).toBe(1)
  })

  it('forgets what has expired, in memory and in the file', async () => {
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
    await written()
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ short: { value: 'b' } })
  })

  it('deletes', async () => {
    const file = join(await emptyFolder(), 'state.json')
    const store = fileStore(file)
    await store.set('key', 1)
    await store.delete('key')
    await written()
    expect(await fileStore(file).get('key')).toBeUndefined()
  })

  it('hands out copies: who changes one changes nothing in the store', async () => {
    const store = fileStore(join(await emptyFolder(), 'state.json'))
    const value = { users: ['ada'] }
    await store.set('key', value)
    value.users.push('alan')
    const read = await store.get<{ users: string[] }>('key')
    read?.users.push('grace')
    expect(await store.get('key')).toEqual({ users: ['ada'] })
  })

  it.each(['', '{"session": ', '[1, 2]', '{"session": 5}', 'null'])('begins anew where the file holds %j', async (content) => {
    const file = join(await emptyFolder(), 'state.json')
    await writeFile(file, content)
    const store = fileStore(file)
    expect(await store.get('session')).toBeUndefined()
    expect(await store.add('session', 1)).toBe(true)
  })

  it('goes on in memory, and says so once, where the file cannot be written', async () => {
    const folder = await emptyFolder()
    await writeFile(join(folder, 'in-the-way'), '')
    const onWriteFailed = vi.fn()
    const store = fileStore(join(folder, 'in-the-way', 'state.json'), { onWriteFailed })
    await store.set('key', 1)
    await written()
    await store.set('key', 2)
    await written()
    expect(await store.get('key')).toBe(2)
    expect(onWriteFailed).toHaveBeenCalledTimes(1)
  })
})

describe('prefixedStore()', () => {
  it('keeps the entries of two views apart', async () => {
    const store = fileStore(join(await emptyFolder(), 'state.json'))
    const [one, other] = [prefixedStore(store, 'one '), prefixedStore(store, 'other ')]
    await one.set('key', 1)
    expect(await other.add('key', 2)).toBe(true)
    await other.delete('key')
    expect(await one.get('key')).toBe(1)
    expect(await other.get('key')).toBeUndefined()
  })
})
