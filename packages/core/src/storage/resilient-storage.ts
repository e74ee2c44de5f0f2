import { memory } from './memory.js'
import type { AtomicStorage, TokenStorage } from './token-storage.js'

const TIMED_OUT = new DOMException('storage did not respond in time', 'TimeoutError')

const TICK_MS = 500
const TICKS = 10

/**
 * A storage that never rejects. After the first failure it falls back to memory, with everything that this page has read or written,
 * until the storage works again.
 */
export class ResilientStorage implements AtomicStorage {
  /** Whether values are in memory only. Set to false when the storage works again: what is in memory is lost. */
  isDegraded = false
  /** The storage itself, with a time limit. */
  readonly primary: Omit<AtomicStorage, 'persistent'>
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
    return this.#storage.persistent && !this.isDegraded
  }

  /** Notifies the app (once in all), without falling back. */
  report(cause: unknown): void {
    this.#onError?.(cause)
    this.#onError = undefined
  }

  /** Notifies the app and falls back to memory. */
  degrade(cause: unknown): void {
    this.isDegraded = true
    this.report(cause)
  }

  /** Mirrors what is read and written, so that the session continues unchanged if the primary fails. */
  get(key: string): Promise<unknown> {
    return this.#attempt(async (storage) => {
      const value = await storage.get(key)
      await this.#fallback.update(key, () => value)
      return value
    })
  }

  update(key: string, change: (stored: unknown) => unknown): Promise<void> {
    return this.#attempt(async (storage) => {
      let next: unknown
      await storage.update(key, (stored) => (next = change(stored)))
      await this.#fallback.update(key, () => next)
    })
  }

  /** Rejects if the storage fails. */
  keys(prefix: string): Promise<readonly string[]> {
    return withTimeout(this.#storage.keys(prefix))
  }

  close(): void {
    this.#storage.close?.()
  }

  async #attempt<T>(work: (storage: Omit<AtomicStorage, 'persistent'>) => Promise<T>): Promise<T> {
    if (!this.isDegraded) {
      try {
        return await work(this.primary)
      } catch (cause) {
        this.degrade(cause)
      }
    }
    return work(this.#fallback)
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
      timer = setTimeout(() => (ticks ? wait(ticks - 1) : reject(TIMED_OUT)), TICK_MS)
    }
    wait(TICKS)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
