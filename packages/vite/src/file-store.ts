import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { AtomicStore } from '@latchkey/server'

interface Entry {
  readonly value: unknown
  readonly expiresAt?: number
}

export interface FileStoreOptions {
  /** Milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number
  /** Told once when the file cannot be written: the store goes on in memory. */
  readonly onWriteFailed?: (error: unknown) => void
}

/**
 * A store for one process that outlives it: in memory, with a copy in a file that only this account may read. For development:
 * the copy is the whole store, written again after every change.
 *
 * @param file made with its folders when something is stored first; what cannot be read counts as empty
 */
export function fileStore(file: string, { now = Date.now, onWriteFailed }: FileStoreOptions = {}): AtomicStore {
  const entries = readEntries(file)
  let isWriteDue = false
  let canWrite = true

  const isAlive = (entry: Entry | undefined): entry is Entry => entry !== undefined && (entry.expiresAt ?? Infinity) > now()
  const changed = (): void => {
    if (isWriteDue || !canWrite) return
    isWriteDue = true
    // One write for all changes of this turn.
    setImmediate(() => {
      isWriteDue = false
      for (const [key, entry] of entries) if (!isAlive(entry)) entries.delete(key)
      try {
        writeEntries(file, entries)
      } catch (error) {
        canWrite = false
        onWriteFailed?.(error)
      }
    })
  }
  const write = (key: string, value: unknown, expiresAt: number | undefined): void => {
    entries.set(key, { value: structuredClone(value), ...(expiresAt !== undefined && { expiresAt }) })
    changed()
  }

  return {
    get<Value>(key: string): Promise<Value | undefined> {
      const entry = entries.get(key)
      return Promise.resolve(isAlive(entry) ? (structuredClone(entry.value) as Value) : undefined)
    },
    set: (key, value, expiresAt) => Promise.resolve(write(key, value, expiresAt)),
    add: (key, value, expiresAt) => {
      if (isAlive(entries.get(key))) return Promise.resolve(false)
      write(key, value, expiresAt)
      return Promise.resolve(true)
    },
    delete: (key) => {
      if (entries.delete(key)) changed()
      return Promise.resolve()
    },
  }
}

/** @returns a view of a store in which every key begins with `prefix` */
export function prefixedStore(store: AtomicStore, prefix: string): AtomicStore {
  return {
    get: (key) => store.get(prefix + key),
    set: (key, value, expiresAt) => store.set(prefix + key, value, expiresAt),
    add: (key, value, expiresAt) => store.add(prefix + key, value, expiresAt),
    delete: (key) => store.delete(prefix + key),
  }
}

function readEntries(file: string): Map<string, Entry> {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return new Map(Object.entries(content ?? {}).filter((member): member is [string, Entry] => isEntry(member[1])))
  } catch {
    // Not there yet, or cut off: a new start costs a sign-in, nothing else.
    return new Map()
  }
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && 'value' in value
}

/** Beside the file first, then in its place: a crash in the middle leaves the former one whole. */
function writeEntries(file: string, entries: ReadonlyMap<string, Entry>): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(entries)), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
