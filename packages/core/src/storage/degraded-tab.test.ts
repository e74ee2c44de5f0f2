import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { OAuthClient } from '../client/client.js'
import type { Environment } from '../platform/environment.js'
import { settled } from '../platform/settled.fixture.js'
import { type RefreshLog, rotate } from '../refresh/rotating-server.fixture.js'
import { fakeLocks } from './fake-locks.fixture.js'
import { openSharedTabs, type SharedTabs } from './shared-storage.fixture.js'
import type { TokenStorage } from './token-storage.js'

type Change = (stored: unknown) => unknown

const full = (): DOMException => new DOMException('full', 'QuotaExceededError')

/** What happens to the operations of one tab. */
interface Failing {
  readonly read?: () => Promise<void>
  readonly write?: (next: unknown) => Promise<void>
}

interface Bench extends SharedTabs {
  readonly log: RefreshLog
  /** The tab whose storage fails once `fail` is set, and one whose storage works. */
  readonly tab: OAuthClient
  readonly other: OAuthClient
  readonly fail: (how: Failing | undefined) => void
}

async function twoTabs(shared: Partial<Environment> = {}): Promise<Bench> {
  const tabs = await openSharedTabs()
  onTestFinished(() => tabs.close())
  const { storage } = tabs
  let failure: Failing | undefined
  const environment = { locks: fakeLocks(), ...shared }
  const failing: TokenStorage = {
    ...storage,
    get: async (key) => {
      await failure?.read?.()
      return storage.get(key)
    },
    update: async (key: string, change: Change) => {
      await failure?.write?.(change(storage.values.get(key)))
      return storage.update(key, change)
    },
  }
  const tab = await tabs.open({ storage: failing, environment })
  await tab.login()
  const open: Bench['open'] = (options) => tabs.open({ environment, ...options })
  const other = await open()
  const log = rotate(tabs.server)
  return { ...tabs, open, log, tab, other, fail: (how) => (failure = how) }
}

/** No refresh token was sent twice. */
function expectNoReuse(log: RefreshLog): void {
  const sent = log.map((request) => request['refresh_token'])
  expect(sent).toEqual([...new Set(sent)])
}

/** Lets seconds of fake time pass; keys and messages need real turns. */
async function pass(seconds: number): Promise<void> {
  for (let tick = 0; tick < seconds * 2; tick++) {
    await settled()
    await vi.advanceTimersByTimeAsync(500)
  }
}

const expired = (client: OAuthClient): Promise<string> => client.getAccessToken().catch((error: Error) => error.name)

describe('a tab that cannot write the result of a refresh', () => {
  it.each([
    ['can delete', (next: unknown) => (next === undefined ? Promise.resolve() : Promise.reject(full()))],
    ['cannot delete', () => Promise.reject(full())],
  ])('keeps other tabs from using the refresh token that it has spent, and goes on: %s', async (_, write) => {
    const { fail, tab, other, log, advance, open } = await twoTabs()
    fail({ write })
    advance(400_000)
    await Promise.all([tab.getAccessToken(), expired(other)])
    expectNoReuse(log)
    await expect.poll(() => other.getSnapshot().status).toBe('signed-out')
    advance(400_000)
    await tab.getAccessToken()
    expect(log).toHaveLength(2)
    expectNoReuse(log)
    expect(tab.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
    await open()
    advance(400_000)
    await tab.getAccessToken()
    expectNoReuse(log)
  })

  it('shares the session again if the write was only slow', async () => {
    const { fail, tab, other, log, advance } = await twoTabs()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const slowly = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 6500))
    fail({ write: slowly })
    advance(400_000)
    const tokens = Promise.all([tab.getAccessToken(), other.getAccessToken()])
    await pass(30)
    expect(new Set(await tokens).size).toBe(1)
    expect(log).toHaveLength(1)
    fail(undefined)
    advance(400_000)
    await other.getAccessToken()
    expect(await tab.getAccessToken()).toBe(await other.getAccessToken())
    expect(log).toHaveLength(2)
  })
})

/** Fake time, in which operations that never settle are given up. */
function useFakeTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
}

const hang = (): Promise<never> => new Promise(() => undefined)

describe('a tab whose writes never settle, although it can read', () => {
  const none = { openChannel: undefined }
  it.each([
    ['tabs notify each other', {}],
    ['without BroadcastChannel', none],
  ])('keeps the session that it has refreshed, and no other tab sends the spent refresh token: %s', async (_, environment) => {
    useFakeTime()
    const { fail, tab, other, log, advance, open } = await twoTabs(environment)
    fail({ write: hang })
    for (let round = 1; round <= 3; round += 1) {
      advance(400_000)
      const token = tab.getAccessToken()
      await pass(15)
      expect(await token).toBe(`access-${round + 2}`)
      expect(await expired(other)).toBe('SessionError')
      expect(tab.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
      expect(log).toHaveLength(round)
    }
    expect(await expired(await open())).toBe('SessionError')
    expect(log).toHaveLength(3)
    expectNoReuse(log)
  })

  it('keeps it, though the refresh failed first and the record is gone by then', async () => {
    const { fail, tab, other, server, log, advance } = await twoTabs()
    fail({ read: () => Promise.reject(new Error('gone')) })
    advance(400_000)
    const { faults } = server
    server.faults = { ...faults, respond: () => new Response(null, { status: 500 }) }
    await expect(tab.getAccessToken()).rejects.toMatchObject({ code: 'server_error' })
    await expect.poll(() => other.getSnapshot().status).toBe('signed-out')
    server.faults = faults
    fail(undefined)
    expect(await tab.getAccessToken()).toBe('access-3')
    expectNoReuse(log)
  })

  it('goes on alone, where there is no other tab', async () => {
    useFakeTime()
    const { fail, tab, other, log, advance } = await twoTabs()
    await other.close()
    fail({ write: hang })
    for (let round = 1; round <= 2; round += 1) {
      advance(400_000)
      const token = tab.getAccessToken()
      await pass(15)
      expect(await token).toBe(`access-${round + 2}`)
    }
    expectNoReuse(log)
  })
})

describe('a tab that can neither write nor delete, where no other tab was open', () => {
  it.each([
    ['with messages', {}],
    ['without BroadcastChannel', { openChannel: undefined }],
  ])('keeps a tab that is opened later from using the refresh token that it has spent: %s', async (_, environment) => {
    const { fail, tab, other, log, advance, open } = await twoTabs(environment)
    await other.close()
    fail({ write: () => Promise.reject(full()) })
    advance(400_000)
    await tab.getAccessToken()
    const later = await open()
    expect(await expired(later)).toBe('SessionError')
    expect(later.getSnapshot().status).toBe('signed-out')
    expect(await later.getAccessToken({ scope: 'narrow' }).catch((error: Error) => error.name)).toBe('SessionError')
    advance(400_000)
    await tab.getAccessToken()
    expect(log).toHaveLength(2)
    expectNoReuse(log)
  })
})

describe('a tab that could not read its storage', () => {
  it('reads what another tab has refreshed before it sends a refresh token', async () => {
    const { fail, tab, other, log, advance } = await twoTabs()
    fail({ read: () => Promise.reject(new Error('gone')) })
    advance(400_000)
    await other.getAccessToken()
    // The message has arrived, and could not be acted on.
    await expect.poll(() => tab.getSnapshot().status).toBe('signed-in')
    fail(undefined)
    expect(await tab.getAccessToken()).toBe(await other.getAccessToken())
    expect(log).toHaveLength(1)
  })

  it('sends no refresh token that another tab may have spent, while it still cannot', async () => {
    const { fail, tab, other, log, advance } = await twoTabs()
    const reads = vi.fn(() => Promise.reject(new Error('gone')))
    fail({ read: reads })
    advance(400_000)
    await other.getAccessToken()
    await expect.poll(() => reads.mock.calls.length).toBeGreaterThan(0)
    await expect(tab.getAccessToken()).rejects.toMatchObject({ code: 'storage', retryable: true })
    expect(log).toHaveLength(1)
    expect(tab.getSnapshot().status).toBe('signed-in')
  })

  it('waits for a storage that is slow', async () => {
    const { fail, tab, other, log, advance } = await twoTabs()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    let isSlow = true
    fail({ read: () => (isSlow ? new Promise((resolve) => setTimeout(resolve, 6500)) : Promise.resolve()) })
    advance(400_000)
    const first = tab.getAccessToken().catch((error: unknown) => error)
    await pass(30)
    expect(await first).toMatchObject({ code: 'storage' })
    isSlow = false
    const token = await other.getAccessToken()
    expect(await tab.getAccessToken()).toBe(token)
    expect(log).toHaveLength(1)
  })

  it('falls back to memory if its storage has failed for good, and other tabs stop', async () => {
    const { fail, tab, other, log, advance } = await twoTabs()
    fail({ read: () => Promise.reject(new Error('gone')), write: () => Promise.reject(new Error('gone')) })
    advance(400_000)
    await tab.getAccessToken()
    await expired(other)
    await tab.refresh()
    expect(log).toHaveLength(2)
    expectNoReuse(log)
    expect(tab.getSnapshot().status).toBe('signed-in')
    expect(other.getSnapshot().status).toBe('signed-out')
  })
})

describe('a sign-out in a tab whose storage has failed', () => {
  it('signs out every tab, and stays one after a reload', async () => {
    const { fail, tab, other, open, advance } = await twoTabs()
    fail({
      write: (next) => (next === undefined ? Promise.resolve() : Promise.reject(full())),
      read: () => Promise.reject(full()),
    })
    advance(400_000)
    await tab.getAccessToken().catch(() => undefined)
    await tab.logout({ local: true, revoke: false })
    await expect.poll(() => other.getSnapshot().status).toBe('signed-out')
    expect((await open()).getSnapshot().status).toBe('signed-out')
  })
})
