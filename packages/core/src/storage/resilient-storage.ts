import { memory } from './memory.js'
import type { TokenStorage } from './token-storage.js'

const TICK_MS = 500
const TICKS = 10

/**
 * A storage that never rejects. After the first failure it falls back to memory, with everything that this page has read or written,
 * until `recover` is called.
 */
export class ResilientStorage implements TokenStorage {
  #isDegraded = false
  /** The storage itself, with a time limit. */
  readonly primary: Pick<TokenStorage, 'get' | 'update'>
  readonly #storage: TokenStorage
  readonly #fallback: TokenStorage = memory()
  #onError: ((cause: unknown) => void) | undefined

  /**
   * @param storage may be missing, blocked, full, slow or corrupt
   * @param onError called once, with the first failure
   */
  constructor(storage: TokenStorage, onError: (cause: unknown) => void) {
    this.#storage = storage
    this.#onError = onError
    this.primary = {
      get: (key) => withTimeout(storage.get(key)),
      update: (key, change) => withTimeout(storage.update(key, change)),
    }
  }

  get persistent(): boolean {
    return this.#storage.persistent && !this.#isDegraded
  }

  get isDegraded(): boolean {
    return this.#isDegraded
  }

  /** Notifies the app (once in all), without falling back. */
  report(cause: unknown): void {
    this.#onError?.(cause)
    this.#onError = undefined
  }

  /** Notifies the app and falls back to memory. */
  degrade(cause: unknown): void {
    this.#isDegraded = true
    this.report(cause)
  }

  /** Uses the storage again. What is in memory only is lost. */
  recover(): void {
    this.#isDegraded = false
  }

  /** Mirrors what is read and written, so that the session continues unchanged if the primary fails. */
  get(key: string): Promise<unknown> {
    const read = async (): Promise<unknown> => {
      const value = await this.primary.get(key)
      await this.#fallback.update(key, () => value)
      return value
    }
    return this.#attempt(read, () => this.#fallback.get(key))
  }

  update(key: string, change: (stored: unknown) => unknown): Promise<void> {
    const write = async (): Promise<void> => {
      let next: unknown
      await this.primary.update(key, (stored) => (next = change(stored)))
      await this.#fallback.update(key, () => next)
    }
    return this.#attempt(write, () => this.#fallback.update(key, change))
  }

  keys(prefix: string): Promise<readonly string[]> {
    return this.#attempt(
      () => withTimeout(this.#storage.keys(prefix)),
      () => this.#fallback.keys(prefix),
    )
  }

  close(): void {
    this.#storage.close?.()
  }

  async #attempt<T>(onPrimary: () => Promise<T>, onFallback: () => Promise<T>): Promise<T> {
    if (this.#isDegraded) return onFallback()
    try {
      return await onPrimary()
    } catch (cause) {
      this.degrade(cause)
      return onFallback()
    }
  }
}

/**
 * Private windows and crashed storage services hang without an error, so a database that does not respond is treated as missing. Time in
 * which the page itself could not run does not count: however late it is, a tick is one tick.
 */
function withTimeout<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout>
    const wait = (ticks: number): void => {
      timer = setTimeout(() => (ticks ? wait(ticks - 1) : reject(new Error('storage did not respond in time'))), TICK_MS)
    }
    wait(TICKS)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
