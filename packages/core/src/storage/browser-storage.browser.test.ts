import { describe, expect, it } from 'vitest'
import { indexedDb } from './indexed-db.js'
import { describeTokenStorage } from './token-storage.contract.js'
import { webStorage } from './web-storage.js'

const freshName = (): string => `test-${crypto.randomUUID()}`

describeTokenStorage('indexedDb()', () => indexedDb(freshName()))
describeTokenStorage('webStorage(sessionStorage)', () => {
  sessionStorage.clear()
  return webStorage(sessionStorage)
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

  it('goes on after close()', async () => {
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
