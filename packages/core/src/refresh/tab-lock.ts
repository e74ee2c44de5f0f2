import type { Channel, Environment } from '../platform/environment.js'
import { startInterval } from '../platform/interval.js'
import { startTimer, type Timer } from '../platform/timer.js'
import { attempt } from '../storage/tab-storage.js'
import type { AtomicStorage } from '../storage/token-storage.js'

/** Runs `work` while no other tab of this origin runs work under the same name. */
export type TabLock = <T>(work: () => Promise<T>) => Promise<T>

/** What a lock between tabs is made of. */
export interface TabLockOptions {
  readonly environment: Pick<Environment, 'locks' | 'openChannel' | 'now'>
  /** Shared by the tabs; the lock of browsers without Web Locks is kept there. */
  readonly storage: AtomicStorage
  readonly name: string
  /** Milliseconds without a heartbeat after which a holder is considered frozen, and its lock is stolen. */
  readonly timeoutMs: number
  readonly loadStorageLease: () => Promise<Pick<typeof import('./storage-lease.js'), 'withLease'>>
}

const HEARTBEAT_MS = 1000
/** A page that was busy must see the heartbeats that it missed before it steals the lock, so a late timer counts once. */
const TICKS = 10

/**
 * Creates a lock between tabs: a Web Lock or, if the browser has none, a lease in the shared storage. Without shared storage no other
 * tab uses the session; then the work of this client under the same name runs one after the other.
 */
export function createTabLock({ environment, storage, name, timeoutMs, loadStorageLease }: TabLockOptions): TabLock {
  return async (work) => {
    const { locks, openChannel } = environment
    let isGranted = false
    const granted = (): ReturnType<typeof work> => {
      isGranted = true
      return work()
    }
    try {
      if (locks) return await withWebLock({ locks, openChannel, name, timeoutMs }, granted)
    } catch (cause) {
      // If site data is blocked, Web Locks reject the request.
      if (isGranted) throw cause
    }
    if (!storage.persistent) return runInTurn(storage, name, work)
    const { withLease } = await loadStorageLease()
    return withLease(storage, name, { now: environment.now, leaseMs: timeoutMs }, work)
  }
}

const lastOf = new WeakMap<AtomicStorage, Map<string, Promise<unknown>>>()

function runInTurn<T>(storage: AtomicStorage, name: string, work: () => Promise<T>): Promise<T> {
  const last = lastOf.get(storage) ?? new Map<string, Promise<unknown>>()
  lastOf.set(storage, last)
  const turn = (last.get(name) ?? Promise.resolve()).then(work, work)
  last.set(name, turn)
  const forget = (): unknown => last.get(name) === turn && last.delete(name)
  turn.then(forget, forget)
  return turn
}

interface WebLock {
  readonly locks: LockManager
  readonly openChannel: Environment['openChannel']
  readonly name: string
  readonly timeoutMs: number
}

/**
 * Runs `work` under a Web Lock. The browser releases the lock of a tab that closes or crashes, but not of one that is frozen. So a
 * holder sends heartbeats to the tabs that wait, however long its work takes, and the lock of a holder without a heartbeat is stolen by
 * one of them; the others continue to wait for that one. Work whose lock was stolen still ends; its late result is refused because the
 * stored record has another revision.
 *
 * @see Web Locks API, section 4.2 (`steal`)
 */
async function withWebLock<T>(lock: WebLock, work: () => Promise<T>, hasWaitedForThief = false): Promise<T> {
  const { locks, name, timeoutMs } = lock
  // Without a channel there are no heartbeats: a holder has `timeoutMs` for its work.
  const channel = attempt(() => lock.openChannel?.(name))
  const timedOut = new AbortController()
  let timer: Timer | undefined
  let running: Promise<T> | undefined
  const wait = (ticks: number): void => {
    timer = startTimer(() => (ticks > 1 ? wait(ticks - 1) : timedOut.abort()), timeoutMs / TICKS)
  }
  const restartTimer = (): void => {
    clearTimeout(timer)
    if (!running) wait(TICKS)
  }
  const granted = (): Promise<T> => {
    clearTimeout(timer)
    running = withHeartbeat(channel, work)
    return running
  }
  channel?.addEventListener('message', restartTimer)
  restartTimer()
  try {
    return await locks.request(name, { signal: timedOut.signal }, granted)
  } catch (cause) {
    // The lock was stolen from this tab, or the work failed: in both cases the work has its own result.
    if (running) return await running
    if (!timedOut.signal.aborted) throw cause
    const result = await stealLock(lock, hasWaitedForThief, granted)
    return result ? result.value : await withWebLock(lock, work, true)
  } finally {
    clearTimeout(timer)
    channel?.close()
  }
}

/** @returns undefined if another tab is stealing the lock at this moment, unless that tab has timed out as well */
async function stealLock<T>(
  { locks, name }: WebLock,
  hasWaitedForThief: boolean,
  granted: () => Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  const options = hasWaitedForThief ? { steal: true } : { ifAvailable: true }
  return await locks.request(`${name}/steal`, options, async (turn) =>
    turn ? { value: await locks.request(name, { steal: true }, granted) } : undefined,
  )
}

async function withHeartbeat<T>(channel: Channel | undefined, work: () => Promise<T>): Promise<T> {
  const beat = (): void => channel?.postMessage('alive')
  beat()
  const timer = startInterval(beat, HEARTBEAT_MS)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
