import { describe, expect, it } from 'vitest'
import { explained } from '../errors/explained.fixture.js'
import { memory } from '../storage/memory.js'
import { recordCalls } from '../storage/record-calls.js'
import { noSeal, RecordStore } from '../storage/record-store.js'
import { ResilientStorage } from '../storage/resilient-storage.js'
import { TabStorage } from '../storage/tab-storage.js'
import type { TokenStorage } from '../storage/token-storage.js'
import { webStorage } from '../storage/web-storage.js'
import { type Transaction, TRANSACTION_LIFETIME_MS, TransactionStore, type TransactionStoreParts } from './transaction-store.js'
import { sweepTransactions, TRANSACTION_RETENTION_MS } from './sweep-transactions.js'

/** A `Storage` with room for so many entries. */
function area(room = Infinity): Storage & Record<string, unknown> {
  const values = new Map<string, string>()
  const methods = {
    getItem: (key: string) => values.get(key) ?? null,
    setItem(key: string, value: string) {
      if (values.size >= room) throw new DOMException('full', 'QuotaExceededError')
      values.set(key, value)
    },
    removeItem: (key: string) => void values.delete(key),
  }
  // `Object.keys` of a `Storage` are its entries.
  return new Proxy(methods, {
    ownKeys: () => [...values.keys()],
    getOwnPropertyDescriptor: (_, key) => ({ configurable: true, enumerable: true, value: values.get(String(key)) }),
  }) as unknown as Storage & Record<string, unknown>
}

const clock = { now: 1_000_000 }

function storeOver(primary: TokenStorage, page: Storage | undefined): TransactionStore {
  return new TransactionStore(partsOver(primary, page))
}

function partsOver(primary: TokenStorage, page: Storage | undefined): TransactionStoreParts {
  const storage = new ResilientStorage(primary, () => undefined)
  const records = new RecordStore({
    storage,
    seal: noSeal,
    now: () => clock.now,
    own: new WeakSet(),
    load: async () => recordCalls,
    loadRareCalls: async () => recordCalls,
  })
  const window = { sessionStorage: page } as Window & typeof globalThis
  const config = { key: 'c', environment: { now: () => clock.now, window }, tab: new TabStorage(window, 'latchkey/c/') }
  return { config, records, storage }
}

const transaction = (state: string, transport = 'redirect'): Transaction => ({
  state,
  transport,
  codeVerifier: 'verifier',
  redirectUri: 'https://app.example/',
  responseType: 'code',
  createdAt: clock.now,
})

describe('a transaction', () => {
  it.each([
    ['memory()', () => memory()],
    ['webStorage(sessionStorage)', (page: Storage) => webStorage(page)],
    ['another storage', () => webStorage(area())],
  ])('is found once, with %s (invariant 1)', async (_, create) => {
    // covers A-005, B-018
    const page = area()
    const storage = create(page)
    const store = storeOver(storage, page)
    await store.write(transaction('s'))
    const taken = await Promise.all([store.take('s'), store.take('s'), store.take('other')])
    expect(taken.filter(Boolean)).toEqual([transaction('s')])
    expect(await store.take('s')).toBeUndefined()
    expect(Object.keys(page)).toEqual([])
    expect(await storage.keys('')).toEqual([])
  })

  it('survives a redirect if the storage does not', async () => {
    const page = area()
    await storeOver(memory(), page).write(transaction('s'))
    expect(await storeOver(memory(), page).take('s')).toEqual(transaction('s'))
    expect(Object.keys(page)).toEqual([])
  })

  it('is not found if it is too old', async () => {
    const store = storeOver(memory(), area())
    await store.write(transaction('s'))
    clock.now += TRANSACTION_LIFETIME_MS
    expect(await store.take('s')).toBeUndefined()
  })

  it('is not found in a damaged entry', async () => {
    const page = area()
    await storeOver(memory(), page).write(transaction('s'))
    for (const key of Object.keys(page)) page.setItem(key, '{ broken')
    expect(await storeOver(memory(), page).take('s')).toBeUndefined()
  })
})

describe('a tab’s storage that is full (invariant 11)', () => {
  it('is not needed by a popup, a frame or a custom transport', async () => {
    const store = storeOver(memory(), area(0))
    await store.write(transaction('s', 'popup'))
    expect(await store.take('s')).toEqual(transaction('s', 'popup'))
  })

  it.each([
    ['full', area(0)],
    ['missing', undefined],
  ])('prevents a redirect whose response could not be handled, with a hint: %s', async (_, page) => {
    const failure: unknown = await storeOver(memory(), page)
      .write(transaction('s'))
      .catch((cause: unknown) => cause)
    const thrown = (): never => {
      throw failure
    }
    expect(explained(thrown)).toMatchObject({ code: 'storage', hint: expect.stringContaining('sign in by popup') as string })
  })

  it('is not needed by a redirect if the storage outlives the page', async () => {
    const primary = webStorage(area())
    await storeOver(primary, area(0)).write(transaction('s'))
    expect(await storeOver(primary, area(0)).take('s')).toEqual(transaction('s'))
  })
})

describe('sweepTransactions()', () => {
  it('deletes the transactions without a response in both storages, and nothing else', async () => {
    // covers B-018
    const page = area()
    page.setItem('latchkey/c/block-silent-sign-in', 'logout')
    page.setItem('app', 'its own')
    const primary = memory()
    const storage = new ResilientStorage(primary, () => undefined)
    const records = new RecordStore({
      storage,
      seal: noSeal,
      now: () => clock.now,
      own: new WeakSet(),
      load: async () => recordCalls,
      loadRareCalls: async () => recordCalls,
    })
    await records.write('latchkey/c/session', 'kept')
    const store = storeOver(primary, page)
    await store.write(transaction('old'))
    clock.now += TRANSACTION_RETENTION_MS / 2
    await store.write(transaction('young'))
    clock.now += TRANSACTION_RETENTION_MS / 2 + 1
    await sweepTransactions(partsOver(primary, page))
    const left = [...Object.keys(page), ...(await primary.keys(''))]
    expect(left.filter((key) => key.endsWith('old'))).toEqual([])
    expect(left.filter((key) => key.endsWith('young'))).toHaveLength(2)
    expect(left).toEqual(expect.arrayContaining(['latchkey/c/block-silent-sign-in', 'app', 'latchkey/c/session']))
    expect(await storeOver(memory(), page).takeAny('young')).toBeDefined()
  })
})
