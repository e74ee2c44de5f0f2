import type { AtomicStore } from './atomic-store.js'

/** The longest delay that timers take; a longer one fires at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

/** Returns the milliseconds of an option, or 5000. */
export function timeoutOf(timeout: number | undefined): number {
  return Math.min(timeout ?? 5000, MAX_TIMEOUT_MS)
}

/** Returns the store with a limit on every operation: a client's own limits end once a command has been sent. */
export function withTimeout(store: AtomicStore, timeout: number, name: string): AtomicStore {
  const limit = async <Value>(result: Promise<Value>): Promise<Value> => {
    let timer: NodeJS.Timeout | undefined
    const timedOut = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${name} did not respond within ${timeout} ms`)), timeout)
    })
    try {
      return await Promise.race([result, timedOut])
    } finally {
      clearTimeout(timer)
    }
  }
  return {
    get: (key) => limit(store.get(key)),
    set: (key, value, expiresAt) => limit(store.set(key, value, expiresAt)),
    add: (key, value, expiresAt) => limit(store.add(key, value, expiresAt)),
    delete: (key) => limit(store.delete(key)),
  }
}
