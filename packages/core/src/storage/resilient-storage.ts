import { memory } from './memory.js'
import type { TokenStorage } from './token-storage.js'

/** A storage that never rejects: what failed once is left alone, and memory takes over with all that this page knows. */
export interface ResilientStorage extends TokenStorage {
  readonly isDegraded: boolean
  /** Tells the app (once in all) what is wrong, without giving the storage up. */
  report(cause: unknown): void
  /** Tells the app and goes on in memory. */
  degrade(cause: unknown): void
}

const PATIENCE_MS = 5000

/**
 * @param primary may be missing, blocked, full, slow or corrupt
 * @param onDegraded told once, with the first failure
 */
export function resilientStorage(primary: TokenStorage, onDegraded: (cause: unknown) => void): ResilientStorage {
  const fallback = memory()
  let isDegraded = false
  let isReported = false

  function report(cause: unknown): void {
    if (isReported) return
    isReported = true
    onDegraded(cause)
  }

  function degrade(cause: unknown): void {
    isDegraded = true
    report(cause)
  }

  async function attempt<T>(onPrimary: () => Promise<T>, onFallback: () => Promise<T>): Promise<T> {
    if (isDegraded) return onFallback()
    try {
      return await withPatience(onPrimary())
    } catch (cause) {
      degrade(cause)
      return onFallback()
    }
  }

  return {
    get persistent() {
      return primary.persistent && !isDegraded
    },
    get isDegraded() {
      return isDegraded
    },
    report,
    degrade,
    // What was read or written is mirrored, so that the session goes on where it stood when the primary fails.
    get: (key) =>
      attempt(
        async () => {
          const value = await primary.get(key)
          await fallback.update(key, () => value)
          return value
        },
        () => fallback.get(key),
      ),
    async update(key, change) {
      let next: unknown
      await attempt(
        async () => {
          await primary.update(key, (stored) => (next = change(stored)))
          await fallback.update(key, () => next)
        },
        () => fallback.update(key, change),
      )
    },
    keys: (prefix) =>
      attempt(
        () => primary.keys(prefix),
        () => fallback.keys(prefix),
      ),
    close: () => primary.close?.(),
  }
}

/** A database that does not answer is as good as none: private windows and crashed storage services hang without an error. */
function withPatience<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`storage did not answer within ${PATIENCE_MS} ms`)), PATIENCE_MS)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
