import type { Environment } from './environment.js'
import type { TokenStorage } from './storage/token-storage.js'

/** Runs `work` while no other tab of this origin runs work under the same name. */
export type CrossTabLock = <T>(work: () => Promise<T>) => Promise<T>

/**
 * A Web Lock is released by the browser when its tab closes or crashes. A tab that is frozen in the middle is overtaken after
 * `patienceMs`: its late result loses against the revision of the stored record.
 *
 * Without Web Locks a lease in the shared storage does the same job; without shared storage there is nobody to share with.
 */
export function createCrossTabLock(
  environment: Environment,
  storage: TokenStorage,
  name: string,
  patienceMs: number,
): CrossTabLock {
  return async (work) => {
    if (environment.locks) return withWebLock(environment.locks, name, patienceMs, work)
    if (!storage.persistent) return work()
    const { withLease } = await import('./storage-lease.js')
    return withLease(storage, name, { now: environment.now, leaseMs: patienceMs }, work)
  }
}

async function withWebLock<T>(locks: LockManager, name: string, patienceMs: number, work: () => Promise<T>): Promise<T> {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), patienceMs)
  const granted = (): Promise<T> => {
    clearTimeout(timer)
    return work()
  }
  try {
    return await locks.request(name, { signal: patience.signal }, granted)
  } catch (cause) {
    if (!patience.signal.aborted) throw cause
    return await locks.request(name, { steal: true }, work)
  } finally {
    clearTimeout(timer)
  }
}
