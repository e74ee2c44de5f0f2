import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { AtomicStore } from '@latchkey/server'
import { withFileLock } from './file-lock.js'

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
 * Creates a store that survives a restart and that several dev servers of one project share. It is in memory, with a copy in a file
 * that only this account can read. It is for development, because the whole file is rewritten after a change.
 *
 * @param file created with its folders at the first change; an unreadable file is treated as empty
 */
export function fileStore(file: string, { now = Date.now, onWriteFailed }: FileStoreOptions = {}): AtomicStore {
  const content = new SharedFile(file, now)
  let canWrite = true
  let isSaveDue = false
  let queue: Promise<unknown> = Promise.resolve()

  /** Runs one change at a time, in all processes. Without a writable file, the store falls back to memory. */
  const exclusively = <Result>(change: () => Result): Promise<Result> => {
    const changed = queue.then(async () => {
      if (!canWrite) return change()
      try {
        return await content.update(change)
      } catch (error) {
        canWrite = false
        onWriteFailed?.(error)
        return change()
      }
    })
    queue = changed
    return changed
  }
  const scheduleSave = (): void => {
    if (isSaveDue || !canWrite) return
    isSaveDue = true
    // One write for all changes of this turn of the event loop.
    setImmediate(() => {
      isSaveDue = false
      void exclusively(() => undefined)
    })
  }

  return {
    get<Value>(key: string): Promise<Value | undefined> {
      if (canWrite) content.refresh()
      return Promise.resolve(structuredClone(content.get(key)?.value) as Value | undefined)
    },
    set(key, value, expiresAt) {
      content.set(key, { value: asStored(value), expiresAt })
      return Promise.resolve(scheduleSave())
    },
    add: (key, value, expiresAt) =>
      exclusively(() => {
        if (content.get(key)) return false
        content.set(key, { value: asStored(value), expiresAt })
        return true
      }),
    delete(key) {
      content.set(key, undefined)
      return Promise.resolve(scheduleSave())
    },
  }
}

/** Copies a value through JSON, so that it is the same before and after the file is read again: without members that are undefined. */
function asStored(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

/** The entries of a file that other processes change too, and this process's changes that are not written yet. */
class SharedFile {
  #saved: ReadonlyMap<string, Entry> = new Map()
  #version = ''
  readonly #changes = new Map<string, Entry | undefined>()
  readonly #file: string
  readonly #now: () => number

  constructor(file: string, now: () => number) {
    this.#file = file
    this.#now = now
    this.refresh()
  }

  get(key: string): Entry | undefined {
    const entry = this.#changes.has(key) ? this.#changes.get(key) : this.#saved.get(key)
    return entry && this.#isUnexpired(entry) ? entry : undefined
  }

  /** @param entry undefined deletes it */
  set(key: string, entry: Entry | undefined): void {
    this.#changes.set(key, entry)
  }

  /** Reads the file if another process has written it. */
  refresh(): void {
    const version = versionOf(this.#file)
    if (version === this.#version) return
    this.#version = version
    this.#saved = readEntries(this.#file)
  }

  /** Makes a change to the newest content and writes all changes, so that those of other processes are kept. */
  async update<Result>(change: () => Result): Promise<Result> {
    createFolder(dirname(this.#file))
    return withFileLock(`${this.#file}.lock`, () => {
      this.refresh()
      const result = change()
      if (this.#changes.size > 0) this.#write()
      return result
    })
  }

  #write(): void {
    const entries = new Map<string, Entry | undefined>([...this.#saved, ...this.#changes])
    const kept = [...entries].filter(
      (member): member is [string, Entry] => member[1] !== undefined && this.#isUnexpired(member[1]),
    )
    // A new file is renamed, so that a crash leaves the previous file intact.
    // Its name is new too: the mode of a file that exists, or of the target of a link, would be kept.
    const draft = `${this.#file}.${randomUUID()}.new`
    try {
      writeFileSync(draft, JSON.stringify(Object.fromEntries(kept)), { mode: 0o600, flag: 'wx' })
      renameSync(draft, this.#file)
    } finally {
      rmSync(draft, { force: true })
    }
    this.#saved = new Map(kept)
    this.#version = versionOf(this.#file)
    this.#changes.clear()
  }

  #isUnexpired({ expiresAt = Infinity }: Entry): boolean {
    return expiresAt > this.#now()
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

/** Every write replaces the file, so its inode number changes. */
function versionOf(file: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(file)
    return `${ino} ${size} ${mtimeMs}`
  } catch {
    return 'missing'
  }
}

/** Keeps the folder out of a repository that it may be in. */
function createFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const ignore = join(folder, '.gitignore')
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n')
}

/**
 * Returns the path that must be closed if other accounts of this machine may read, change or replace an existing file; undefined if they may
 * not. On Windows, the modes do not say.
 */
export function findOpenToOthers(file: string): string | undefined {
  if (process.platform === 'win32') return undefined
  if ((modeOf(file) & 0o066) !== 0) return file
  const folder = dirname(file)
  const mode = modeOf(folder)
  // In a sticky folder, only owners can replace their files.
  return (mode & 0o022) !== 0 && (mode & 0o1000) === 0 ? folder : undefined
}

function modeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mode ?? 0
}
