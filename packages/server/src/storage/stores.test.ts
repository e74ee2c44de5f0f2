import { EventEmitter } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { KeyvStoreAdapter } from 'keyv'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { oauth1HooksContract } from '../features/oauth1/oauth1-contract.js'
import { storeHooks } from '../features/oauth1/store-hooks.js'
import { storeContract } from './store-contract.js'
import type { ConnectedStore } from './connected-store.js'
import type { AtomicStore } from './atomic-store.js'
import { keyvStore } from './keyv-store.js'
import { memcachedStore } from './memcached-store.js'
import { memoryStore } from './memory-store.js'
import { findProgram, startMemcached, startRedis, type RealServer } from './real-server.fixture.js'
import { redisStore } from './redis-store.js'
import { sqliteStore } from './sqlite-store.js'

function describeStore(name: string, open: () => Promise<AtomicStore | ConnectedStore>, close?: () => Promise<void>): void {
  describe(name, () => {
    let store: AtomicStore
    beforeAll(async () => {
      store = await open()
    })
    afterAll(async () => {
      if ('close' in store && typeof store.close === 'function') await store.close()
      await close?.()
    })
    for (const { name: title, run } of storeContract) {
      it(title, () => {
        // covers C-055, C-056, C-057, C-058, C-060, C-061, C-064, C-065, C-066
        return run(store)
      })
    }
    for (const { name: title, run } of oauth1HooksContract) {
      it(`OAuth 1.0a: ${title}`, () => {
        // covers E-005, E-023, E-025
        return run(storeHooks(store, crypto.getRandomValues(new Uint8Array(32))))
      })
    }
  })
}

describeStore('memoryStore()', () => Promise.resolve(memoryStore()))

describeStore('keyvStore() over a Map, one process', () =>
  Promise.resolve(keyvStore(new Map<string, unknown>(), { singleProcess: true })),
)

let folder = ''
describeStore(
  'sqliteStore(): SQL, embedded',
  async () => {
    folder = await mkdtemp(join(tmpdir(), 'latchkey-'))
    return sqliteStore({ file: join(folder, 'store.db') })
  },
  () => rm(folder, { recursive: true }),
)

const redis = findProgram('redis-server', 'redis-server')
describe.skipIf(redis === undefined)('with a real Redis', () => {
  let server: RealServer
  describeStore(
    'redisStore()',
    async () => {
      server = await startRedis(redis ?? '')
      return redisStore({ redis: `redis://127.0.0.1:${server.port}` })
    },
    () => server.stop(),
  )
})

const memcached = findProgram('memcached', 'memcached')
describe.skipIf(memcached === undefined)('with a real memcached', () => {
  let server: RealServer
  describeStore(
    'memcachedStore()',
    async () => {
      server = await startMemcached(memcached ?? '')
      return memcachedStore({ servers: `127.0.0.1:${server.port}` })
    },
    () => server.stop(),
  )
})

describe('memcachedStore()', () => {
  it.skipIf(memcached === undefined)('works again after a restart of memcached while it was idle', async () => {
    const first = await startMemcached(memcached ?? '')
    const store = memcachedStore({ servers: `127.0.0.1:${first.port}` })
    await store.set('a', 1, Date.now() + 60_000)
    await first.stop()
    const second = await startMemcached(memcached ?? '', first.port)
    await expect.poll(() => store.add('b', 1, Date.now() + 60_000).catch(() => undefined)).toBe(true)
    expect(await store.get('a')).toBeUndefined()
    await store.close()
    await second.stop()
  })
})

describe('keyvStore()', () => {
  it('keeps keys apart that differ in case only, in a store that ignores case', async () => {
    class MapIgnoringCase extends Map<string, unknown> {
      override get(key: string): unknown {
        return super.get(key.toLowerCase())
      }
      override set(key: string, value: unknown): this {
        return super.set(key.toLowerCase(), value)
      }
    }
    const store = keyvStore(new MapIgnoringCase(), { singleProcess: true })
    await store.set('client:app', 1)
    await store.set('client:App', 2)
    expect([await store.get('client:app'), await store.get('client:App')]).toEqual([1, 2])
  })

  it('does not end the process for an error that no request caused', () => {
    class Adapter extends EventEmitter {
      readonly opts = {}
      readonly get = (): undefined => undefined
      readonly set = (): boolean => true
      readonly delete = (): boolean => true
      readonly clear = (): undefined => undefined
    }
    const adapter = new Adapter()
    keyvStore(adapter as unknown as KeyvStoreAdapter, { singleProcess: true })
    expect(() => adapter.emit('error', new Error('down'))).not.toThrow()
  })

  it('refuses a store that cannot add atomically, and explains what to do', () => {
    expect(() => keyvStore(new Map())).toThrow(/singleProcess/)
  })

  it('fails if the store fails, instead of treating a token as unknown', async () => {
    class BrokenMap extends Map<string, unknown> {
      override get(): never {
        throw new Error('down')
      }
    }
    const broken = keyvStore(new BrokenMap(), { singleProcess: true })
    await expect(broken.get('x')).rejects.toThrow('down')
  })
})

describe('sqliteStore(): SQL, embedded', () => {
  it.each([{}, { file: '' }, { file: undefined }])('needs a file, or all would be lost at the next start: %o', (options) => {
    expect(() => sqliteStore(options as { file: string })).toThrow(/^sqliteStore: "file" is missing/)
  })

  it('keeps unexpired values across a restart', async () => {
    // covers C-065
    const place = await mkdtemp(join(tmpdir(), 'latchkey-'))
    let time = 1000
    const open = (): ConnectedStore => sqliteStore({ file: join(place, 'a.db'), now: () => time, sweepEvery: 10 })
    const first = open()
    await first.set('short', 1, 2000)
    await first.set('long', 2, 9000)
    await first.add('once', 3, 2000)
    await first.close()
    time = 5000
    const second = open()
    expect(await second.get('long')).toBe(2)
    expect(await second.get('short')).toBeUndefined()
    expect(await second.add('once', 4, 9000)).toBe(true)
    expect(await second.add('once', 5, 9000)).toBe(false)
    await second.close()
    await rm(place, { recursive: true })
  })
})

describe('memoryStore()', () => {
  it('stays as large as its valid entries', async () => {
    let time = 0
    const store = memoryStore({ now: () => time, sweepEvery: 1000 })
    for (let index = 0; index < 20_000; index += 1) {
      time += 10
      await store.set(`key-${index}`, index, time + 1000)
    }
    // 100 are valid at any time, and the last sweep may be a second ago.
    expect(store.size).toBeLessThan(300)
  })

  it('is not affected by later changes to a value', async () => {
    const store = memoryStore()
    const value = { list: [1] }
    await store.set('k', value)
    value.list.push(2)
    expect(await store.get('k')).toEqual({ list: [1] })
  })
})
