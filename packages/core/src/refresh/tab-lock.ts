import type { Environment } from '../platform/environment.js'
import type { TokenStorage } from '../storage/token-storage.js'
import { withWebLock } from './web-lock.js'

/** Runs `work` while no other tab of this origin runs work under the same name. */
export type CrossTabLock = <T>(work: () => Promise<T>) => Promise<T>

/**
 * A Web Lock, or where there are none a lease in the shared storage. Without shared storage there are no tabs to agree with: then
 * what this client does under the same name is done one after the other.
 *
 * @param patienceMs after so long without a sign of life a holder counts as frozen, and is overtaken
 */
export function createCrossTabLock(
  environment: Environment,
  storage: TokenStorage,
  name: string,
  patienceMs: number,
): CrossTabLock {
  return async (work) => {
    const { locks, openChannel } = environment
    let isGranted = false
    const granted = (): ReturnType<typeof work> => {
      isGranted = true
      return work()
    }
    try {
      if (locks) return await withWebLock({ locks, openChannel, name, patienceMs }, granted)
    } catch (cause) {
      // Where site data is blocked locks are refused, which is as good as none.
      if (isGranted) throw cause
    }
    if (!storage.persistent) return inTurn(storage, name, work)
    const { withLease } = await import('./storage-lease.js')
    return withLease(storage, name, { now: environment.now, leaseMs: patienceMs }, work)
  }
}

const lastOf = new WeakMap<TokenStorage, Map<string, Promise<unknown>>>()

function inTurn<T>(storage: TokenStorage, name: string, work: () => Promise<T>): Promise<T> {
  const last = lastOf.get(storage) ?? new Map<string, Promise<unknown>>()
  lastOf.set(storage, last)
  const turn = (last.get(name) ?? Promise.resolve()).then(work, work)
  last.set(name, turn)
  return turn
}
