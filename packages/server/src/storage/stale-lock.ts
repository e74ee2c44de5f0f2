import { mkdirSync, rmdirSync, statSync } from 'node:fs'

/**
 * Milliseconds after which a lock belongs to nobody. What is done under it is done without a pause, in far less; who waits for
 * it waits longer than this, and so sees it grow old.
 */
export const STALE_AFTER = 10_000

/**
 * The WebAssembly build of SQLite locks a file by a directory beside it, `<file>.lock`, which a process that is killed leaves
 * behind: nobody could open the file again.
 *
 * @returns whether such a lock was there and is gone. One that is younger is somebody's, and stays.
 */
export function clearStaleLock(file: string): boolean {
  const lock = `${file}.lock`
  const found = identify(lock)
  if (!found?.isStale) return false
  // Named after this very lock: of two processes that find it one clears it, and neither takes away the lock that comes next.
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
  // A clock that was put back must not make a lock last until it has caught up.
  return { id: `${stats.ino}-${stats.mtimeNs}`, isStale: Math.abs(Date.now() - Number(stats.mtimeMs)) >= STALE_AFTER }
}
