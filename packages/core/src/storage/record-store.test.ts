import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { memory } from './memory.js'
import { migrateValue } from './migrations.js'
import { recordCalls } from './record-calls.js'
import { aesGcmSeal, RecordStore, type StoredRecord } from './record-store.js'
import { ResilientStorage } from './resilient-storage.js'
import { RECORD_VERSION } from './record-version.js'
import { sealValue } from './write-record.js'
import type { TokenStorage } from './token-storage.js'

interface Bench {
  readonly primary: TokenStorage
  readonly storage: ResilientStorage
  readonly records: RecordStore
  readonly troubles: unknown[]
}

function bench(primary: TokenStorage = memory(), now: () => number = () => 1000): Bench {
  const troubles: unknown[] = []
  const storage = new ResilientStorage(primary, (cause) => troubles.push(cause))
  return {
    primary,
    storage,
    records: new RecordStore({
      storage,
      seal: aesGcmSeal(primary),
      now,
      own: new WeakSet(),
      load: async () => recordCalls,
      loadRareCalls: async () => recordCalls,
    }),
    troubles,
  }
}

const failing = (name: string): TokenStorage => {
  const fail = (): Promise<never> => Promise.reject(new DOMException('refused', name))
  return { persistent: true, get: fail, update: fail, keys: fail }
}

describe('RecordStore - invariant 6: at rest, tokens are ciphertext', () => {
  it('stores nothing that can be read', async () => {
    const { primary, records } = bench()
    await records.write('session', { accessToken: 'very-secret' })
    const stored = (await primary.get('session')) as StoredRecord
    const bytes = new TextDecoder('latin1').decode(stored.data as ArrayBuffer)
    expect(bytes + JSON.stringify(stored)).not.toContain('very-secret')
    expect(await records.read('session')).toMatchObject({ value: { accessToken: 'very-secret' } })
  })

  it('seals under a key that cannot be exported', async () => {
    const { primary, records } = bench()
    await records.write('session', 1)
    const key = (await primary.get('latchkey/sealing-key')) as CryptoKey
    expect(key.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow()
  })

  it('does not open a record that was moved to another place', async () => {
    const { primary, records, troubles } = bench()
    await records.write('a/session', 'a')
    const moved = await primary.get('a/session')
    await primary.update('b/session', () => moved)
    expect(await records.read('b/session')).toBe('unreadable')
    expect(troubles).toHaveLength(1)
  })

  it('uses another initialization vector for every write', async () => {
    const { primary, records } = bench()
    await records.write('a', 1)
    const first = (await primary.get('a')) as StoredRecord
    await records.write('a', 1)
    const second = (await primary.get('a')) as StoredRecord
    expect(second.iv).not.toEqual(first.iv)
  })
})

describe('RecordStore - revisions', () => {
  it('writes when the record is still the one that was read', async () => {
    const { records } = bench()
    const revision = await records.write('a', 1)
    expect(await records.write('a', 2, revision)).toBeDefined()
    expect(await records.read('a')).toMatchObject({ value: 2 })
  })

  it('does not write over another tab’s record, nor bring back one that was cleared', async () => {
    const { records } = bench()
    const revision = await records.write('a', 1)
    await records.write('a', 'other tab')
    expect(await records.write('a', 2, revision)).toBeUndefined()
    await records.take('a')
    expect(await records.write('a', 3, revision)).toBeUndefined()
    expect(await records.read('a')).toBeUndefined()
  })
})

describe('RecordStore - invariant 11: storage that fails degrades', () => {
  it.each(['SecurityError', 'QuotaExceededError', 'InvalidStateError', 'UnknownError'])(
    'falls back to memory after %s and notifies once',
    async (name) => {
      const { records, storage, troubles } = bench(failing(name))
      await records.write('a', 1)
      expect(await records.read('a')).toMatchObject({ value: 1 })
      await records.take('a')
      expect(await records.read('a')).toBeUndefined()
      expect(troubles).toHaveLength(1)
      expect(storage.persistent).toBe(false)
    },
  )

  it('continues with what it read if the storage fails later', async () => {
    const primary = memory()
    let isBroken = false
    const flaky: TokenStorage = {
      persistent: true,
      get: (key) => (isBroken ? Promise.reject(new Error('gone')) : primary.get(key)),
      update: (key, change) => (isBroken ? Promise.reject(new Error('full')) : primary.update(key, change)),
      keys: (prefix) => primary.keys(prefix),
    }
    const { records } = bench(flaky)
    await records.write('session', 'kept')
    isBroken = true
    expect(await records.read('session')).toMatchObject({ value: 'kept' })
    await records.write('session', 'newer')
    expect(await records.read('session')).toMatchObject({ value: 'newer' })
  })

  it.each([['a text'], [42], [{ some: 'object' }], [{ version: 1, revision: 'r', at: 0, data: 'not sealed' }]])(
    'throws a damaged record away and stays with the storage: %j',
    async (damaged) => {
      const { primary, records, storage, troubles } = bench()
      await primary.update('session', () => damaged)
      expect(await records.read('session')).toBe('unreadable')
      expect(await primary.get('session')).toBeUndefined()
      expect(troubles).toHaveLength(1)
      expect(storage.isDegraded).toBe(false)
    },
  )

  it('finds a record sealed under a lost key unreadable', async () => {
    const { primary, records } = bench()
    await records.write('session', 1)
    await primary.update('latchkey/sealing-key', () => undefined)
    expect(await bench(primary).records.read('session')).toBe('unreadable')
  })

  it('keeps a sealed record that it cannot open: another tab may have the key', async () => {
    const { primary, records, storage, troubles } = bench()
    const damaged = { version: 1, revision: 'r', at: 0, iv: new Uint8Array(12), data: new ArrayBuffer(8) }
    await primary.update('session', () => damaged)
    expect(await records.read('session')).toBe('unreadable')
    expect(await primary.get('session')).toBe(damaged)
    expect(troubles).toHaveLength(1)
    expect(storage.isDegraded).toBe(false)
  })

  it('does not touch the record of a newer release, and stays with the storage', async () => {
    const { primary, records, storage } = bench()
    const newer = { version: RECORD_VERSION + 1, revision: 'r', at: 0, data: 'x' }
    await primary.update('session', () => newer)
    expect(await records.read('session')).toBe('newer')
    expect(storage.isDegraded).toBe(false)
    expect(await records.write('session', 'mine')).toBeUndefined()
    expect(await primary.get('session')).toBe(newer)
  })

  it('falls back from a storage that does not respond', async () => {
    const never = (): Promise<never> => new Promise(() => undefined)
    const { records, troubles } = bench({ persistent: true, get: never, update: never, keys: never })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const reading = records.read('session')
    await vi.advanceTimersByTimeAsync(6000)
    expect(await reading).toBeUndefined()
    expect(troubles).toHaveLength(1)
  })
})

describe('RecordStore - migration between schema versions', () => {
  it('updates a session of an older version', async () => {
    const { primary, records } = bench()
    const sealed = await sealValue(aesGcmSeal(primary), 'session', { accessToken: 'a', expiresAt: 1_700_000_000_500 })
    await primary.update('session', () => ({ version: 0, revision: 'r', at: 0, ...sealed }))
    expect(await records.read('session')).toMatchObject({ revision: 'r', value: { accessToken: 'a', expiresAt: 1_700_000_000 } })
  })

  it('leaves a record of the present version as it is', async () => {
    const { records } = bench()
    await records.write('session', { expiresAt: 1_700_000_000 })
    expect(await records.read('session')).toMatchObject({ value: { expiresAt: 1_700_000_000 } })
  })

  it('runs the steps in order, from the record’s own version on', () => {
    const steps = [
      (value: unknown) => `${String(value)}a`,
      (value: unknown) => `${String(value)}b`,
      (value: unknown) => `${String(value)}c`,
    ]
    expect(migrateValue('', 0, steps)).toBe('abc')
    expect(migrateValue('', 2, steps)).toBe('c')
    expect(migrateValue('', 3, steps)).toBe('')
  })
})
