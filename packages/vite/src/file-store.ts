import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { AtomicStore } from '@latchkey/server'

interface Entry {
  readonly value: unknown
  readonly expiresAt?: number | undefined
}

/** Options of `fileStore()`. */
export interface FileStoreOptions {
  /** Milliseconds since the epoch; default `Date.now`. */
  readonly now?: (() => number) | undefined
  /** Called once if the file cannot be written. The store then falls back to memory. */
  readonly onWriteFailed?: ((error: unknown) => void) | undefined
}

/**
 * Creates a store for one process that survives a restart. It is in memory, with a copy in a file that only this account can
 * read. It is for development, because the whole file is rewritten after a change.
 *
 * @param file created with its folders at the first change; an unreadable file is treated as empty
 */
export function fileStore(file: string, { now = Date.now, onWriteFailed }: FileStoreOptions = {}): AtomicStore {
  const entries = readEntries(file)
  let isWriteDue = false
  let canWrite = true

  const isUnexpired = (entry: Entry | undefined): entry is Entry => entry !== undefined && (entry.expiresAt ?? Infinity) > now()
  const scheduleWrite = (): void => {
    if (isWriteDue || !canWrite) return
    isWriteDue = true
    // One write for all changes of this turn of the event loop.
    setImmediate(() => {
      isWriteDue = false
      for (const [key, entry] of entries) if (!isUnexpired(entry)) entries.delete(key)
      try {
        writeEntries(file, entries)
      } catch (error) {
        canWrite = false
        onWriteFailed?.(error)
      }
    })
  }
  const write = (key: string, value: unknown, expiresAt: number | undefined): void => {
    entries.set(key, { value: structuredClone(value), expiresAt })
    scheduleWrite()
  }

  return {
    get<Value>(key: string): Promise<Value | undefined> {
      const entry = entries.get(key)
      return Promise.resolve(isUnexpired(entry) ? (structuredClone(entry.value) as Value) : undefined)
    },
    set: (key, value, expiresAt) => Promise.resolve(write(key, value, expiresAt)),
    add: (key, value, expiresAt) => {
      if (isUnexpired(entries.get(key))) return Promise.resolve(false)
      write(key, value, expiresAt)
      return Promise.resolve(true)
    },
    delete: (key) => {
      if (entries.delete(key)) scheduleWrite()
      return Promise.resolve()
    },
  }
}

/** Returns a view of a store in which every key begins with `prefix`. */
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
    // The file is missing or truncated. Starting empty only costs a sign-in.
    return new Map()
  }
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && 'value' in value
}

/** Writes a new file and renames it, so that a crash leaves the previous file intact. */
function writeEntries(file: string, entries: ReadonlyMap<string, Entry>): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(entries)), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
