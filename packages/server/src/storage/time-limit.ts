import type { AtomicStore } from './atomic-store.js'

/** The longest delay that timers take; a longer one fires at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

/** Returns the milliseconds of an option, or 5000. */
export function timeoutOf(timeout: number | undefined): number {
  return Math.min(timeout ?? 5000, MAX_TIMEOUT_MS)
}

/** Returns the store with a limit on every operation: a client's own limits end once a command has been sent. */
export function withTimeout(store: AtomicStore, timeout: number, name: string): AtomicStore {
  const limit = createLimit(timeout, () => new Error(`${name} did not respond within ${timeout} ms`))
  return {
    get: (key) => limit(store.get(key)),
    set: (key, value, expiresAt) => limit(store.set(key, value, expiresAt)),
    add: (key, value, expiresAt) => limit(store.add(key, value, expiresAt)),
    delete: (key) => limit(store.delete(key)),
  }
}

interface Pending {
  readonly endsAt: number
  readonly reject: (error: Error) => void
}

type Limit = <Value>(work: Promise<Value>) => Promise<Value>

/** All operations have the same limit, so they reach it in the order in which they began: one timer is enough for all. */
function createLimit(timeout: number, createTimeoutError: () => Error): Limit {
  const pending = new Set<Pending>()
  let timer: NodeJS.Timeout | undefined
  const rejectLate = (): void => {
    timer = undefined
    const now = performance.now()
    for (const operation of pending) {
      if (operation.endsAt > now) {
        wait(operation.endsAt - now)
        return
      }
      pending.delete(operation)
      operation.reject(createTimeoutError())
    }
  }
  const wait = (milliseconds: number): void => {
    // What is waited for keeps the process alive, and the timer outlives it.
    timer = setTimeout(rejectLate, Math.ceil(milliseconds))
    timer.unref?.()
  }
  return async (work) => {
    let operation: Pending | undefined
    const timedOut = new Promise<never>((_, reject) => {
      operation = { endsAt: performance.now() + timeout, reject }
      pending.add(operation)
      if (!timer) wait(timeout)
    })
    try {
      return await Promise.race([work, timedOut])
    } finally {
      if (operation) pending.delete(operation)
    }
  }
}
