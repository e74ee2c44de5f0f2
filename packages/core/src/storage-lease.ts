import type { TokenStorage } from './storage/token-storage.js'

interface Lease {
  readonly holder: string
  /** Milliseconds since the epoch. */
  readonly until: number
}

const POLL_MS = 50

/**
 * A lock for browsers without Web Locks: a record in the shared storage names who may work and until when. A tab that dies leaves
 * a lease that ends by itself.
 */
export async function withLease<T>(
  storage: TokenStorage,
  name: string,
  { now, leaseMs }: { readonly now: () => number; readonly leaseMs: number },
  work: () => Promise<T>,
): Promise<T> {
  const key = `latchkey/lease/${name}`
  const holder = crypto.randomUUID()
  for (;;) {
    let isMine = false
    await storage.update(key, (stored) => {
      isMine = !isLease(stored) || stored.until <= now()
      return isMine ? ({ holder, until: now() + leaseMs } satisfies Lease) : stored
    })
    if (isMine) break
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  try {
    return await work()
  } finally {
    await storage.update(key, (stored) => (isLease(stored) && stored.holder === holder ? undefined : stored))
  }
}

function isLease(stored: unknown): stored is Lease {
  return typeof stored === 'object' && stored !== null && 'holder' in stored && 'until' in stored
}
