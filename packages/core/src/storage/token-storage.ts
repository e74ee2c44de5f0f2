/** What locks and records need of a storage. */
export type AtomicStorage = Pick<TokenStorage, 'persistent' | 'get' | 'update'>

/**
 * Where sessions, transactions and server metadata are kept. It has three methods, so a custom storage takes a few lines.
 * Values are structured-cloneable (only `webStorage` needs JSON). Any method may reject: the client then falls back to memory.
 */
export interface TokenStorage {
  /** True if values outlive the page. Otherwise transactions of a redirect are kept in `sessionStorage`. */
  readonly persistent: boolean
  /** True if a `CryptoKey` can be stored: records are then sealed (AES-GCM under a non-extractable key). */
  readonly keepsCryptoKeys?: boolean | undefined
  /** Reads a value. @returns undefined if there is no value under the key */
  get(key: string): Promise<unknown>
  /**
   * Reads and writes in one step that no other tab can interrupt.
   *
   * @param change gets the stored value and returns the value to store; `undefined` deletes. Synchronous; may be called more than once.
   */
  update(key: string, change: (stored: unknown) => unknown): Promise<void>
  /** Lists keys. @returns the keys that begin with `prefix` */
  keys(prefix: string): Promise<readonly string[]>
  /** Closes connections. The next call opens them again. */
  close?(): void
}
