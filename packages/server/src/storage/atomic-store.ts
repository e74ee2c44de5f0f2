/** A value that survives `JSON.stringify` and `JSON.parse` unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }

/**
 * The basis of every store: a key-value store whose entries expire, with one operation that is atomic between all processes. Codes,
 * refresh tokens, nonces and `jti`s are valid once because of `add`.
 *
 * Times are milliseconds since the epoch. Values survive JSON. A key is used with `add` or with `set`, never with both.
 */
export interface AtomicStore {
  /** Returns the value; undefined if there is none or it has expired. */
  get<Value>(key: string): Promise<Value | undefined>
  /** Stores a value, replacing a former one. */
  set(key: string, value: unknown, expiresAt?: number): Promise<void>
  /**
   * Stores the value if the key is free, atomically.
   *
   * @returns true for exactly one of any number of concurrent calls with the same key
   */
  add(key: string, value: unknown, expiresAt?: number): Promise<boolean>
  /** Deletes a value, if there is one. */
  delete(key: string): Promise<void>
}
