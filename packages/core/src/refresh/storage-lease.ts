import { startInterval } from '../platform/interval.js'
import { startTimer } from '../platform/timer.js'
import type { AtomicStorage } from '../storage/token-storage.js'

interface Lease {
  readonly holder: string
  /** Milliseconds since the epoch. */
  readonly until: number
}

const POLL_MS = 50

/**
 * Runs `work` under a lock for browsers without Web Locks: a record in the shared storage names the holder and when its lease ends. The
 * lease of a tab that dies ends by itself.
 */
export async function withLease<T>(
  storage: AtomicStorage,
  name: string,
  { now, leaseMs }: { readonly now: () => number; readonly leaseMs: number },
  work: () => Promise<T>,
): Promise<T> {
  const key = `latchkey/lease/${name}`
  const holder = crypto.randomUUID()
  for (;;) {
    let isMine = false
    await storage.update(key, (stored) => {
      const left = isLease(stored) ? stored.until - now() : 0
      // If more is left than a lease lasts, the clock was set back, or the lease is not ours.
      isMine = left <= 0 || left > leaseMs
      return isMine ? ({ holder, until: now() + leaseMs } satisfies Lease) : stored
    })
    if (isMine) break
    await new Promise<void>((resolve) => startTimer(resolve, POLL_MS))
  }
  // A holder extends its lease while its work takes longer. A tab that is frozen or closed does not.
  const renewal = startInterval(() => void extend(storage, key, { holder, until: now() + leaseMs }), leaseMs / 3)
  try {
    return await work()
  } finally {
    clearInterval(renewal)
    await storage.update(key, (stored) => (isLease(stored) && stored.holder === holder ? undefined : stored))
  }
}

async function extend(storage: AtomicStorage, key: string, lease: Lease): Promise<void> {
  const mine = (stored: unknown): unknown => (isLease(stored) && stored.holder === lease.holder ? lease : stored)
  await storage.update(key, mine).catch(() => undefined)
}

function isLease(stored: unknown): stored is Lease {
  return typeof stored === 'object' && stored !== null && 'holder' in stored && 'until' in stored
}
