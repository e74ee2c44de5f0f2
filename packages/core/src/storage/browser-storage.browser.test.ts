import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createClientBench } from '../client/client.fixture.js'
import { clientKey } from '../client/resolve-options.js'
import { createOAuthClient } from '../client/create-client.js'
import { issuer } from '../protocol/test-server.fixture.js'
import { indexedDb } from './indexed-db.js'
import { memory } from './memory.js'
import { describeTokenStorage } from './token-storage.contract.js'
import { webStorage } from './web-storage.js'

const freshName = (): string => `test-${crypto.randomUUID()}`

describeTokenStorage('indexedDb()', () => indexedDb(freshName()))
describeTokenStorage('webStorage(sessionStorage)', () => {
  sessionStorage.clear()
  return webStorage(sessionStorage)
})

describe('a client', () => {
  it.each([
    ['indexedDb()', () => indexedDb(freshName())],
    ['webStorage(sessionStorage)', () => webStorage(sessionStorage)],
    ['webStorage(localStorage)', () => webStorage(localStorage)],
    ['memory()', () => memory()],
  ])('signs in, and is restored and signs out, with %s (invariant 1)', async (_, create) => {
    const storage = create()
    const name = crypto.randomUUID()
    const { client } = await createClientBench({ storage, name })
    await client.start()
    await client.login()
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
    const later = createOAuthClient(client.options)
    await later.start()
    expect(later.getSnapshot().status).toBe('signed-in')
    await later.logout({ local: true })
    await expect.poll(() => client.getSnapshot().status).toBe('signed-out')
    const left = await storage.keys(`latchkey/${clientKey(issuer, 'client-1', name)}/`)
    expect(left.filter((key) => /session|transaction/.test(key))).toEqual([])
    await Promise.all([client.close(), later.close()])
  })
})

describe('indexedDb()', () => {
  it('shares its records with another connection', async () => {
    const name = freshName()
    await indexedDb(name).update('a', () => 1)
    expect(await indexedDb(name).get('a')).toBe(1)
  })

  it('does not block another tab that upgrades the database, and reopens afterwards', async () => {
    const name = freshName()
    const storage = indexedDb(name)
    await storage.update('a', () => 1)
    await new Promise<void>((resolve, reject) => {
      const deletion = indexedDB.deleteDatabase(name)
      deletion.addEventListener('success', () => resolve())
      deletion.addEventListener('blocked', () => reject(new Error('blocked by an open connection')))
    })
    expect(await storage.get('a')).toBeUndefined()
    await storage.update('a', () => 2)
    expect(await storage.get('a')).toBe(2)
  })

  it('repeats a transaction that the browser aborts because it deletes the site data', async () => {
    const storage = indexedDb(freshName())
    await storage.update('a', () => 1)
    const get = vi.spyOn(IDBObjectStore.prototype, 'get')
    onTestFinished(() => get.mockRestore())
    get.mockImplementationOnce(function (this: IDBObjectStore, key) {
      const request = this.getKey(key as IDBValidKey)
      this.transaction.abort()
      return request
    })
    await storage.update('a', (stored) => Number(stored) + 1)
    expect(await storage.get('a')).toBe(2)
  })

  it('opens one connection, for all calls that find the old one closed', async () => {
    const name = freshName()
    const storage = indexedDb(name)
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction')
    const open = vi.spyOn(IDBFactory.prototype, 'open')
    onTestFinished(() => void vi.restoreAllMocks())
    await storage.update('a', () => 1)
    const [database] = transaction.mock.contexts as readonly IDBDatabase[]
    database?.close()
    expect(await Promise.all([storage.get('a'), storage.get('a'), storage.get('a')])).toEqual([1, 1, 1])
    expect(open).toHaveBeenCalledTimes(2)
  })

  it('works after close()', async () => {
    const storage = indexedDb(freshName())
    await storage.update('a', () => 1)
    storage.close?.()
    expect(await storage.get('a')).toBe(1)
  })

  it('keeps a CryptoKey that cannot be exported', async () => {
    const storage = indexedDb(freshName())
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt'])
    await storage.update('key', () => key)
    const kept = (await storage.get('key')) as CryptoKey
    await expect(crypto.subtle.exportKey('raw', kept)).rejects.toThrow()
  })
})
