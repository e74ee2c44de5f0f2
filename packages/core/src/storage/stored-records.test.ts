import { calculateJwkThumbprint, exportJWK } from 'jose'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { OAuthClient } from '../client/client.js'
import { createAuthorizationUrl, exchange } from '../client/authorization-url.js'
import { issuer } from '../protocol/test-server.fixture.js'
import { rotate } from '../refresh/rotating-server.fixture.js'
import { RECORD_VERSION } from './record-version.js'
import type { StoredRecord } from './record-store.js'
import { openSharedTabs, type SharedTabs } from './shared-storage.fixture.js'

async function sharedTabs(): Promise<SharedTabs> {
  const tabs = await openSharedTabs()
  onTestFinished(() => tabs.close())
  return tabs
}

const planted = { accessToken: 'planted', refreshToken: 'planted', tokenType: 'bearer', claims: { sub: 'mallory' } }
const unsealed = { version: RECORD_VERSION, revision: 'r', at: 0, data: planted } satisfies StoredRecord

const isSignedIn = (client: OAuthClient): boolean => client.getSnapshot().status === 'signed-in'

describe('a record that this client did not write', () => {
  it.each([
    ['of this release', unsealed],
    ['of an earlier release', { ...unsealed, version: 0 }],
    ['with an empty initialization vector', { ...unsealed, iv: undefined }],
  ])('signs no user in without encryption: %s', async (_, record) => {
    const { storage, sessionKey, open } = await sharedTabs()
    storage.values.set(sessionKey, record)
    const client = await open()
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out' })
    expect(storage.values.has(sessionKey)).toBe(false)
  })

  it('replaces no session in an open tab', async () => {
    const { storage, sessionKey, open } = await sharedTabs()
    const [tab, other] = [await open(), await open()]
    await tab.login()
    await expect.poll(() => isSignedIn(other)).toBe(true)
    storage.values.set(sessionKey, unsealed)
    await other.refresh().catch(() => undefined)
    expect(other.getSnapshot().claims?.sub).not.toBe('mallory')
    expect(await open().then((later) => later.getSnapshot().status)).toBe('signed-out')
  })

  it('signs no user in from the copy in memory after the storage has failed', async () => {
    const { storage, sessionKey, open } = await sharedTabs()
    storage.values.set(sessionKey, unsealed)
    let isBroken = false
    const failing = { ...storage, update: async () => Promise.reject(new DOMException('full', 'QuotaExceededError')) }
    const get = (key: string): Promise<unknown> => (isBroken ? Promise.reject(new Error('gone')) : storage.get(key))
    const client = await open({ storage: { ...failing, get } })
    isBroken = true
    await client.start()
    expect(client.getSnapshot().status).toBe('signed-out')
  })

  it('signs no user in that is sealed under a key that its author can export', async () => {
    const { storage, sessionKey, open } = await sharedTabs()
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt'])
    storage.values.set('latchkey/sealing-key', key)
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const additionalData = new TextEncoder().encode(sessionKey)
    const text = new TextEncoder().encode(JSON.stringify(planted))
    const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, text)
    storage.values.set(sessionKey, { ...unsealed, iv, data })
    const client = await open()
    expect(isSignedIn(client)).toBe(false)
    await client.login()
    expect((storage.values.get('latchkey/sealing-key') as CryptoKey).extractable).toBe(false)
    expect(isSignedIn(await open())).toBe(true)
  })

  it('is written without encryption and read again while the storage has failed', async () => {
    const { open, storage } = await sharedTabs()
    const fail = (): Promise<never> => Promise.reject(new DOMException('blocked', 'SecurityError'))
    const client = await open({ storage: { persistent: true, keepsCryptoKeys: true, get: fail, update: fail, keys: fail } })
    await client.login()
    expect(isSignedIn(client)).toBe(true)
    expect((await client.refresh()).accessToken).toBeTypeOf('string')
    expect([...storage.values]).toEqual([])
  })
})

describe('site data that is deleted while tabs are open', () => {
  it('does not fail the next sign-in by redirect', async () => {
    const { open, storage, server } = await sharedTabs()
    const page = await open()
    await page.login()
    storage.values.clear()
    const { url, state } = await createAuthorizationUrl(page)
    const response = new URL(page.options.redirectUri ?? '')
    response.search = String(new URLSearchParams({ code: 'code-1', state, iss: issuer }))
    server.nonce = url.searchParams.get('nonce') ?? undefined
    // The page after the redirect has none of the memory of the one before it.
    const after = await open()
    await exchange(after, response)
    expect(isSignedIn(after)).toBe(true)
    expect(isSignedIn(page)).toBe(true)
  })

  it('does not leave the DPoP key of an authorization request behind', async () => {
    const { open, storage } = await sharedTabs()
    const page = await open({ dpop: true })
    await page.login()
    storage.values.clear()
    const { url } = await createAuthorizationUrl(page)
    const [, pair] = [...storage.values].find(([key]) => key.includes('dpop-key')) ?? []
    const key = await exportJWK((pair as CryptoKeyPair).publicKey)
    expect(url.searchParams.get('dpop_jkt')).toBe(await calculateJwkThumbprint(key))
  })

  it('leaves the new session to every tab, also to those that were open', async () => {
    const { open, storage, sessionKey, advance } = await sharedTabs()
    const [before, other] = [await open(), await open()]
    await before.login()
    await expect.poll(() => isSignedIn(other)).toBe(true)
    storage.values.clear()
    advance(10_000)
    // A tab without the former key in its memory signs in.
    const fresh = await open()
    await fresh.login()
    await expect.poll(() => before.getTokenSet()?.signedInAt).toBe(fresh.getTokenSet()?.signedInAt)
    expect(isSignedIn(before)).toBe(true)
    expect(storage.values.has(sessionKey)).toBe(true)
    expect(isSignedIn(await open())).toBe(true)
  })

  it('leaves a session that an open tab stores to tabs that are opened later', async () => {
    const { open, storage } = await sharedTabs()
    const before = await open()
    await before.login()
    storage.values.clear()
    await before.login()
    const later = await open()
    expect(isSignedIn(later)).toBe(true)
    await later.refresh()
    await expect.poll(() => before.getTokenSet()?.receivedAt).toBe(later.getTokenSet()?.receivedAt)
  })

  it('does not delete a record that another tab may be able to read', async () => {
    const { open, storage, sessionKey } = await sharedTabs()
    const before = await open()
    await before.login()
    const record = storage.values.get(sessionKey)
    storage.values.delete('latchkey/sealing-key')
    const later = await open()
    expect(later.getSnapshot().status).toBe('signed-out')
    expect(storage.values.get(sessionKey)).toBe(record)
    // The tab that knows the key stores it again with its next write.
    await before.refresh()
    await expect.poll(() => isSignedIn(later)).toBe(true)
  })
})

describe('a record of a newer release', () => {
  async function withNewerRecord(): Promise<{
    readonly tabs: SharedTabs
    readonly older: OAuthClient
    readonly newer: StoredRecord
  }> {
    const tabs = await sharedTabs()
    const older = await tabs.open()
    await older.login()
    const { iv, data, at } = tabs.storage.values.get(tabs.sessionKey) as StoredRecord
    const newer = { version: RECORD_VERSION + 1, revision: 'newer', at, iv, data } as StoredRecord
    tabs.storage.values.set(tabs.sessionKey, newer)
    return { tabs, older, newer }
  }

  it('stops the refresh of an older release, which keeps its session and requests a reload', async () => {
    const { tabs, older, newer } = await withNewerRecord()
    const log = rotate(tabs.server)
    const [failures, degraded]: string[][] = [[], []]
    older.on('refresh-failed', ({ error }) => failures?.push(error.code))
    older.on('storage-degraded', ({ error }) => degraded?.push(error.code))
    tabs.advance(400_000)
    await expect(older.getAccessToken()).rejects.toMatchObject({
      code: 'reload_required',
      hint: expect.stringMatching(/reload/i) as string,
    })
    await expect(older.refresh()).rejects.toMatchObject({ code: 'reload_required' })
    await expect(older.getAccessToken({ scope: 'openid' })).rejects.toMatchObject({ code: 'reload_required' })
    expect(log).toEqual([])
    expect(older.getSnapshot()).toMatchObject({ status: 'signed-in', error: { code: 'reload_required' } })
    expect(new Set(failures)).toEqual(new Set(['reload_required']))
    expect(degraded).toEqual(['reload_required'])
    expect(tabs.storage.values.get(tabs.sessionKey)).toBe(newer)
  })

  it('is not replaced by a sign-in of an older release', async () => {
    const { tabs, older, newer } = await withNewerRecord()
    await expect(older.login()).rejects.toMatchObject({ code: 'reload_required' })
    expect(tabs.storage.values.get(tabs.sessionKey)).toBe(newer)
  })

  it('is shown as the reason why no user is signed in when an older release starts', async () => {
    const { tabs } = await withNewerRecord()
    const page = await tabs.open()
    await expect.poll(() => page.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'reload_required' } })
  })

  it('is deleted by a sign-out', async () => {
    const { tabs, older } = await withNewerRecord()
    await older.logout({ local: true, revoke: false })
    expect(tabs.storage.values.has(tabs.sessionKey)).toBe(false)
  })
})

describe('a page that is busy', () => {
  it('does not take its storage for a broken one: a late timer counts once', async () => {
    const { open, storage } = await sharedTabs()
    await (await open()).login()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    let respond: () => void = () => undefined
    const responded = new Promise<void>((resolve) => (respond = resolve))
    const get = (key: string): Promise<unknown> => responded.then(() => storage.get(key))
    const degraded: unknown[] = []
    const opening = open({ storage: { ...storage, get } })
    // The main thread was busy for longer than any limit: every timer of the page is due, the responses wait behind them.
    await vi.advanceTimersToNextTimerAsync()
    respond()
    const client = await opening
    client.on('storage-degraded', ({ error }) => degraded.push(error))
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
    expect(degraded).toEqual([])
  })

  it('waits no longer than ten timers for a storage that does not respond', async () => {
    const { open, storage } = await sharedTabs()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const opening = open({ storage: { ...storage, get: () => new Promise(() => undefined) } })
    await vi.advanceTimersByTimeAsync(6000)
    expect((await opening).getSnapshot().status).toBe('signed-out')
  })
})
