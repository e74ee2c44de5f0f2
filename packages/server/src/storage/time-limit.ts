import type { AtomicStore } from './atomic-store.js'
import type { ConnectedStore } from './connected-store.js'

/** The longest delay that timers take; a longer one fires at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

/** Returns the milliseconds of an option, or 5000. */
export function timeoutOf(timeout: number | undefined): number {
  return Math.min(timeout ?? 5000, MAX_TIMEOUT_MS)
}

/** The limit of a store, and how its connection is closed once no operation is in flight. */
export interface StoreLimit {
  /** Milliseconds. */
  readonly timeout: number
  /** Of the store, in messages. */
  readonly name: string
  /** Closes the connection. @param limit ends work that the server does not respond to */
  readonly disconnect: (limit: Limit) => Promise<void>
}

/** Returns the store with a limit on every operation: a client's own limits end once a command has been sent. */
export function withTimeout(store: AtomicStore, { timeout, name, disconnect }: StoreLimit): ConnectedStore {
  const { limit, whenIdle } = createLimit(timeout, () => new Error(`${name} did not respond within ${timeout} ms`))
  let closing: Promise<void> | undefined
  // A client would connect again for an operation after its end, and keep the process alive.
  const run = <Value>(operation: () => Promise<Value>): Promise<Value> =>
    closing ? Promise.reject(new Error(`The ${name} store is closed`)) : limit(operation())
  return {
    get: <Value>(key: string) => run(() => store.get<Value>(key)),
    set: (key, value, expiresAt) => run(() => store.set(key, value, expiresAt)),
    add: (key, value, expiresAt) => run(() => store.add(key, value, expiresAt)),
    delete: (key) => run(() => store.delete(key)),
    close: () => (closing ??= whenIdle().then(() => disconnect(limit))),
  }
}

interface Pending {
  readonly endsAt: number
  readonly reject: (error: Error) => void
}

/** Rejects if the work takes longer than the limit. */
export type Limit = <Value>(work: Promise<Value>) => Promise<Value>

/** All operations have the same limit, so they reach it in the order in which they began: one timer is enough for all. */
function createLimit(
  timeout: number,
  createTimeoutError: () => Error,
): { readonly limit: Limit; readonly whenIdle: () => Promise<void> } {
  const pending = new Set<Pending>()
  let onIdle: (() => void) | undefined
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
      if (pending.size === 0) onIdle?.()
    }
  }
  const wait = (milliseconds: number): void => {
    // What is waited for keeps the process alive, and the timer outlives it.
    timer = setTimeout(rejectLate, Math.ceil(milliseconds))
    timer.unref?.()
  }
  // `Promise.race` would create three more promises for each operation.
  const limit: Limit = (work) =>
    new Promise((resolve, reject) => {
      const operation: Pending = { endsAt: performance.now() + timeout, reject }
      pending.add(operation)
      if (!timer) wait(timeout)
      const end = (): void => {
        pending.delete(operation)
        if (pending.size === 0) onIdle?.()
      }
      work.then(
        (value) => {
          end()
          return resolve(value)
        },
        (error: unknown) => {
          end()
          return reject(error)
        },
      )
    })
  const whenIdle = (): Promise<void> =>
    pending.size === 0 ? Promise.resolve() : new Promise((resolve) => void (onIdle = resolve))
  return { limit, whenIdle }
}
