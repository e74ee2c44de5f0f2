import { memory } from './memory.js'
import type { TokenStorage } from './token-storage.js'

const TIMEOUT_MS = 5000

/** A storage that never rejects. After the first failure it falls back to memory, with everything that this page has read or written. */
export class ResilientStorage implements TokenStorage {
  #isDegraded = false
  #isReported = false
  readonly #primary: TokenStorage
  readonly #fallback: TokenStorage = memory()
  readonly #onError: (cause: unknown) => void

  /**
   * @param primary may be missing, blocked, full, slow or corrupt
   * @param onError called once, with the first failure
   */
  constructor(primary: TokenStorage, onError: (cause: unknown) => void) {
    this.#primary = primary
    this.#onError = onError
  }

  get persistent(): boolean {
    return this.#primary.persistent && !this.#isDegraded
  }

  get isDegraded(): boolean {
    return this.#isDegraded
  }

  /** Notifies the app (once in all), without falling back. */
  report(cause: unknown): void {
    if (this.#isReported) return
    this.#isReported = true
    this.#onError(cause)
  }

  /** Notifies the app and falls back to memory. */
  degrade(cause: unknown): void {
    this.#isDegraded = true
    this.report(cause)
  }

  /** Mirrors what is read and written, so that the session continues unchanged if the primary fails. */
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
      return await withTimeout(onPrimary())
    } catch (cause) {
      this.degrade(cause)
      return onFallback()
    }
  }
}

/** Private windows and crashed storage services hang without an error, so a database that does not respond is treated as missing. */
function withTimeout<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`storage did not respond within ${TIMEOUT_MS} ms`)), TIMEOUT_MS)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
