import { mkdirSync, rmdirSync, statSync } from 'node:fs'

/**
 * Milliseconds after which a lock is treated as abandoned. A process holds it for far less, without a pause; a waiting process
 * waits longer than this, and so sees the lock become stale.
 */
export const STALE_AFTER = 10_000

/**
 * Clears the lock of a process that was killed. The WebAssembly build of SQLite locks a file by a directory beside it,
 * `<file>.lock`; without this no process could open the file again.
 *
 * `proper-lockfile` does not fit: it removes a stale lock by its name, so a slow process can remove the next holder's lock.
 *
 * @returns whether a stale lock was removed. A younger lock is in use and stays.
 */
export function clearStaleLock(file: string): boolean {
  const lock = `${file}.lock`
  const found = identify(lock)
  if (!found?.isStale) return false
  // The claim is named after this very lock, so only one process clears it and none removes the lock that follows it.
  const claim = `${lock}-${found.id}`
  try {
    mkdirSync(claim)
  } catch {
    return false
  }
  try {
    if (identify(lock)?.id !== found.id) return false
    rmdirSync(lock)
    return true
  } finally {
    rmdirSync(claim)
  }
}

function identify(lock: string): { readonly id: string; readonly isStale: boolean } | undefined {
  const stats = statSync(lock, { bigint: true, throwIfNoEntry: false })
  if (!stats) return undefined
  // The absolute difference, so that a clock that was set back does not make a lock last until it has caught up.
  return { id: `${stats.ino}-${stats.mtimeNs}`, isStale: Math.abs(Date.now() - Number(stats.mtimeMs)) >= STALE_AFTER }
}
