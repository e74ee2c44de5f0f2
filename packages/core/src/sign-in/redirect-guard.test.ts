import { describe, expect, it } from 'vitest'
import { explained } from '../errors/explained.fixture.js'
import { TabStorage } from '../storage/tab-storage.js'
import { RedirectGuard } from './redirect-guard.js'
import { awaitedState } from './response-url.js'
import { storageArea } from '../storage/storage-area.fixture.js'

const tabOf = (sessionStorage: Storage, key = 'k'): TabStorage => new TabStorage({ sessionStorage }, `latchkey/${key}/`)

const awaitedAt = (tab: TabStorage, now: number): string | undefined => awaitedState({ tab, environment: { now: () => now } })

describe('RedirectGuard - invariant 9: no loop', () => {
  it('stops the fourth redirect within a minute and names likely causes', () => {
    const guard = new RedirectGuard(tabOf(storageArea()), () => 0)
    for (let redirect = 0; redirect < 3; redirect += 1) guard.beforeRedirect('s')
    expect(explained(() => guard.beforeRedirect('s'))).toMatchObject({
      code: 'redirect_loop',
      message: expect.stringContaining('Stopped after 3 sign-ins') as string,
      hint: expect.stringContaining('redirect URI') as string,
    })
  })

  it('allows a sign-in a minute later', () => {
    let now = 0
    const guard = new RedirectGuard(tabOf(storageArea()), () => now)
    for (let redirect = 0; redirect < 3; redirect += 1) guard.beforeRedirect('s')
    now = 60_000
    expect(() => guard.beforeRedirect('s')).not.toThrow()
  })

  it('starts counting again after a reset', () => {
    const guard = new RedirectGuard(tabOf(storageArea()), () => 0)
    for (let redirect = 0; redirect < 3; redirect += 1) guard.beforeRedirect('s')
    guard.reset()
    expect(() => guard.beforeRedirect('s')).not.toThrow()
  })

  it('never stops one that the user starts', () => {
    const guard = new RedirectGuard(tabOf(storageArea()), () => 0)
    for (let redirect = 0; redirect < 20; redirect += 1) guard.beforeRedirect('s', 'user')
    for (let redirect = 0; redirect < 3; redirect += 1) guard.beforeRedirect('s', 'user')
    expect(() => guard.beforeRedirect('s', 'user')).not.toThrow()
  })

  it.each([
    ['leaves, also if the app started it', 'app', true, 10],
    ['may have cancelled', 'any', false, 10],
    ['cannot have cancelled', 'app', false, 3],
  ] as const)('allows few redirects within a minute that the user %s', (_what, by, isByUser, allowed) => {
    const guard = new RedirectGuard(tabOf(storageArea()), () => 0)
    for (let count = 0; count < allowed; count += 1) {
      guard.beforeRedirect('s', by)
      guard.noteCancelled(isByUser)
    }
    expect(() => guard.beforeRedirect('s', by)).toThrow(expect.objectContaining({ code: 'redirect_loop' }))
  })

  it('counts the redirects of the app between those of the user', () => {
    const guard = new RedirectGuard(tabOf(storageArea()), () => 0)
    for (let redirect = 0; redirect < 3; redirect += 1) {
      guard.beforeRedirect('s', 'user')
      guard.beforeRedirect('s', 'app')
    }
    expect(() => guard.beforeRedirect('s')).toThrow(expect.objectContaining({ code: 'redirect_loop' }))
    // The user may sign in all the same.
    expect(() => guard.beforeRedirect('s', 'user')).not.toThrow()
  })

  it('is not blocked by times of a clock that was wrong', () => {
    let now = 1e9
    const guard = new RedirectGuard(tabOf(storageArea()), () => now)
    for (let redirect = 0; redirect < 3; redirect += 1) guard.beforeRedirect('s')
    now = 0
    expect(() => guard.beforeRedirect('s')).not.toThrow()
  })

  it('stores which response this tab waits for, for ten minutes only', () => {
    const storage = storageArea()
    const tab = tabOf(storage)
    const guard = new RedirectGuard(tab, () => 0)
    expect(awaitedAt(tab, 0)).toBeUndefined()
    guard.beforeRedirect('s')
    expect(awaitedAt(tab, 599_999)).toBe('s')
    expect(awaitedAt(tab, 600_000)).toBeUndefined()
    expect(awaitedAt(tabOf(storage, 'other client'), 0)).toBeUndefined()
    guard.stopWaiting()
    expect(awaitedAt(tab, 0)).toBeUndefined()
  })

  it('works without storage', () => {
    const tab = new TabStorage(undefined, 'latchkey/k/')
    const guard = new RedirectGuard(tab, () => 0)
    expect(() => guard.beforeRedirect('s')).not.toThrow()
    expect(awaitedAt(tab, 0)).toBeUndefined()
  })
})
