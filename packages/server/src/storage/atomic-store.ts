/** A value that survives `JSON.stringify` and `JSON.parse` unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }

/**
 * What every store is built on: a key-value store that forgets, with one operation that is atomic between all processes that
 * share it. Single use of codes, refresh tokens, nonces and `jti`s rests on `add` alone.
 *
 * Times are milliseconds since the epoch. Values survive JSON. A key is used with `add` or with `set`, never with both.
 */
export interface AtomicStore {
  /** @returns the value, or undefined when there is none or it has expired */
  get<Value>(key: string): Promise<Value | undefined>
  set(key: string, value: unknown, expiresAt?: number): Promise<void>
  /**
   * Stores the value only where the key is free, in one step.
   *
   * @returns true for exactly one of any number of concurrent calls with the same key
   */
  add(key: string, value: unknown, expiresAt?: number): Promise<boolean>
  delete(key: string): Promise<void>
}
