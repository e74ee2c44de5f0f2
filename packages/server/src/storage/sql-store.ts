import type { AtomicStore } from './atomic-store.js'
import { safeKey } from './safe-key.js'

/** A value of a row, or one that a statement compares with. */
export type SqlValue = string | number | null

/** The statements of a database, over a table whose keys are compared byte by byte. Times are milliseconds since the epoch. */
export interface SqlTable {
  /** Creates the table if it is missing. */
  create(): Promise<void>
  /** Returns the value that has not expired at `now`. */
  get(key: string, now: number): Promise<string | undefined>
  /** Inserts or replaces a row. */
  set(key: string, value: string, expiresAt: number | null): Promise<void>
  /** Inserts a row, or replaces one that has expired at `now`, atomically. Returns whether it did. */
  add(row: {
    readonly key: string
    readonly value: string
    readonly expiresAt: number | null
    readonly now: number
  }): Promise<boolean>
  /** Deletes a row. */
  delete(key: string): Promise<void>
  /** Deletes the rows that have expired at `now`. */
  sweep(now: number): Promise<void>
}

/** Options of every SQL store. */
export interface SqlStoreOptions {
  /** Name of the table, of ASCII letters, digits and `_`; it is created if it does not exist. Default `latchkey`. */
  readonly table?: string | undefined
  /** Milliseconds after which a request fails if the database does not respond. Default 5000. */
  readonly timeout?: number | undefined
  /** Milliseconds since the epoch; default `Date.now`. */
  readonly now?: (() => number) | undefined
  /** Milliseconds between two sweeps of expired rows. Default 60,000. */
  readonly sweepEvery?: number | undefined
}

/** Creates a store over a table. Writes remove expired rows from time to time, so that the table does not grow beyond what is valid. */
export function sqlStore(table: SqlTable, { now = Date.now, sweepEvery = 60_000 }: SqlStoreOptions): AtomicStore {
  let created: Promise<void> | undefined
  let sweptAt = now()
  const ready = (): Promise<void> => {
    created ??= table.create().catch((error: unknown) => {
      created = undefined
      throw error
    })
    return created
  }
  const sweep = (): void => {
    if (now() - sweptAt < sweepEvery) return
    sweptAt = now()
    // The next sweep does the work of one that failed.
    table.sweep(now()).catch(() => undefined)
  }
  return {
    async get<Value>(key: string): Promise<Value | undefined> {
      await ready()
      const value = await table.get(keyOf(key), now())
      return value === undefined ? undefined : (JSON.parse(value) as Value)
    },
    async set(key, value, expiresAt) {
      await ready()
      sweep()
      await table.set(keyOf(key), JSON.stringify(value), expiresAt ?? null)
    },
    async add(key, value, expiresAt) {
      await ready()
      sweep()
      return table.add({ key: keyOf(key), value: JSON.stringify(value), expiresAt: expiresAt ?? null, now: now() })
    },
    async delete(key) {
      await ready()
      await table.delete(keyOf(key))
    },
  }
}

function keyOf(key: string): string {
  return safeKey(key, { ignoresCase: false })
}

/** Returns the name of the table. Throws a TypeError for a name that would need quotes. */
export function tableName({ table = 'latchkey' }: SqlStoreOptions): string {
  if (/^[A-Za-z_]\w{0,40}$/.test(table)) return table
  throw new TypeError('table: expected a name of at most 41 ASCII letters, digits and "_"')
}
