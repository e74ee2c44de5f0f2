import { memory } from './memory.js'
import type { TokenStorage } from './token-storage.js'

const PATIENCE_MS = 5000

/** A storage that never rejects: what failed once is left alone, and memory takes over with all that this page knows. */
export class ResilientStorage implements TokenStorage {
  #isDegraded = false
  #isReported = false
  readonly #primary: TokenStorage
  readonly #fallback: TokenStorage = memory()
  readonly #onTrouble: (cause: unknown) => void

  /**
   * @param primary may be missing, blocked, full, slow or corrupt
   * @param onTrouble told once, with the first failure
   */
  constructor(primary: TokenStorage, onTrouble: (cause: unknown) => void) {
    this.#primary = primary
    this.#onTrouble = onTrouble
  }

  get persistent(): boolean {
    return this.#primary.persistent && !this.#isDegraded
  }

  get isDegraded(): boolean {
    return this.#isDegraded
  }

  /** Tells the app (once in all) what is wrong, without giving the storage up. */
  report(cause: unknown): void {
    if (this.#isReported) return
    this.#isReported = true
    this.#onTrouble(cause)
  }

  /** Tells the app and goes on in memory. */
  degrade(cause: unknown): void {
    this.#isDegraded = true
    this.report(cause)
  }

  /** What was read or written is mirrored, so that the session goes on where it stood when the primary fails. */
  get(key: string): Promise<unknown> {
    const read = async (): Promise<unknown> => {
      const value = await this.#primary.get(key)
      await this.#fallback.update(key, () => value)
      return value
    }
    return this.#attempt(read, () => this.#fallback.get(key))
  }

  update(key: string, change: (stored: unknown) => unknown): Promise<void> {
    const write = async (): Promise<void> => {
      let next: unknown
      await this.#primary.update(key, (stored) => (next = change(stored)))
      await this.#fallback.update(key, () => next)
    }
    return this.#attempt(write, () => this.#fallback.update(key, change))
  }

  keys(prefix: string): Promise<readonly string[]> {
    return this.#attempt(
      () => this.#primary.keys(prefix),
      () => this.#fallback.keys(prefix),
    )
  }

  close(): void {
    this.#primary.close?.()
  }

  async #attempt<T>(onPrimary: () => Promise<T>, onFallback: () => Promise<T>): Promise<T> {
    if (this.#isDegraded) return onFallback()
    try {
      return await withPatience(onPrimary())
    } catch (cause) {
      this.degrade(cause)
      return onFallback()
    }
  }
}

/** A database that does not answer is as good as none: private windows and crashed storage services hang without an error. */
function withPatience<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`storage did not answer within ${PATIENCE_MS} ms`)), PATIENCE_MS)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
