import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { memory } from '../storage/memory.js'
import { withLease } from './storage-lease.js'
import { createTabLock } from './tab-lock.js'

const TIMEOUT_MS = 35_000

/** A lock that another tab holds. */
function heldLock(): { readonly locks: LockManager; readonly stolen: string[] } {
  const stolen: string[] = []
  const request = (
    name: string,
    { signal, steal, ifAvailable }: LockOptions,
    work: (lock: unknown) => unknown,
  ): Promise<unknown> => {
    if (steal) stolen.push(name)
    if (steal ?? ifAvailable) return Promise.resolve(work({ name }))
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
  }
  return { locks: { request } as unknown as LockManager, stolen }
}

describe('a tab that waits for the lock', () => {
  it('steals it from a holder without a heartbeat, but not because its own page was busy', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const { locks, stolen } = heldLock()
    const lock = createTabLock({
      environment: { locks, openChannel: undefined, now: Date.now },
      storage: memory(),
      name: 'refresh',
      timeoutMs: TIMEOUT_MS,
      loadStorageLease: () => import('./storage-lease.js'),
    })
    const work = lock(async () => 'done')
    // The page did not run for longer than the timeout: its next timer is late, and the heartbeats are still to be read.
    await vi.advanceTimersToNextTimerAsync()
    expect(stolen).toEqual([])
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS)
    expect(await work).toBe('done')
    expect(stolen).toEqual(['refresh'])
  })
})

describe('a lease in the storage', () => {
  it('that lasts longer than any lease does not keep other tabs waiting', async () => {
    const storage = memory()
    await storage.update('latchkey/lease/refresh', () => ({ holder: 'planted', until: Number.MAX_SAFE_INTEGER }))
    const work = withLease(storage, 'refresh', { now: Date.now, leaseMs: TIMEOUT_MS }, async () => 'done')
    expect(await work).toBe('done')
  })
})
