import type { RecordStoreParts } from './record-store.js'

type StaleParts = Pick<RecordStoreParts, 'storage' | 'onStale' | 'locks'>

/** Revisions that this page has marked as stale, each with what releases its lock. */
type Marks = Map<string, () => void>

const marksOf = new WeakMap<object, Marks>()

function marks({ storage }: StaleParts): Marks {
  const known: Marks = marksOf.get(storage) ?? new Map()
  marksOf.set(storage, known)
  return known
}

/**
 * Keeps other tabs from using the stored record with this revision: this page uses its refresh token, and cannot replace it. A message
 * reaches the tabs that are open and listen; a lock, held as long as this page lives, also those that open later.
 */
export async function markStale(parts: StaleParts, key: string, revision: string | undefined): Promise<void> {
  const known = marks(parts)
  if (revision === undefined || known.has(revision)) return
  known.set(revision, () => undefined)
  parts.onStale?.(revision)
  const { locks } = parts
  if (!locks) return
  await new Promise<void>((granted) => {
    const hold = (): Promise<void> => {
      granted()
      return new Promise((release) => known.set(revision, release))
    }
    // Web Locks reject where site data is blocked.
    locks.request(lockName(key, revision), hold).catch(granted)
  })
}

/** Lets other tabs use the record again: it is in the storage, and this page can replace it. */
export function unmarkStale(parts: StaleParts, revision: string | undefined): void {
  if (revision === undefined) return
  marks(parts).get(revision)?.()
  marks(parts).delete(revision)
}

/** @returns whether what is stored (a revision, or nothing) is what this page has left there for no tab to use */
export function isLeftover(parts: StaleParts, stored: string | undefined): boolean {
  const known = marks(parts)
  return stored === undefined ? known.size > 0 : known.has(stored)
}

/** @returns whether a page that still lives has marked the record as stale */
export async function isStale(parts: StaleParts, key: string, revision: string | undefined): Promise<boolean> {
  if (revision === undefined || marks(parts).has(revision)) return false
  try {
    const { held } = (await parts.locks?.query()) ?? {}
    return held?.some(({ name }) => name === lockName(key, revision)) ?? false
  } catch {
    return false
  }
}

function lockName(key: string, revision: string): string {
  return `${key}/stale/${revision}`
}
