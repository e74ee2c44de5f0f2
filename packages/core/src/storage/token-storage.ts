/**
 * Where sessions, transactions and server metadata are kept. Three verbs, so that a storage of one's own is a few lines.
 * Values are structured-cloneable (`webStorage` alone needs JSON). Any method may reject: the client then goes on in memory.
 */
export interface TokenStorage {
  /** True when values outlive the page. Without it transactions of a redirect are kept in `sessionStorage`. */
  readonly persistent: boolean
  /** True when a `CryptoKey` can be stored as it is: records are then sealed (AES-GCM under a non-extractable key). */
  readonly keepsCryptoKeys?: boolean
  /** @returns undefined when there is nothing under the key */
  get(key: string): Promise<unknown>
  /**
   * Reads and writes in one step that no other tab can interrupt.
   *
   * @param change gets what is stored now; what it returns is stored, `undefined` deletes. Synchronous; may be called more than once.
   */
  update(key: string, change: (stored: unknown) => unknown): Promise<void>
  /** @returns the keys that begin with `prefix` */
  keys(prefix: string): Promise<readonly string[]>
  close?(): void
}
