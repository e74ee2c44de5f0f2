import { type BigIntStats, closeSync, fstatSync, mkdirSync, openSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const RETRY_MS = 5
const TIMEOUT_MS = 3000
/** A lock is held for a few milliseconds. One that is older belongs to a process that has ended. */
const STALE_MS = 2000

/**
 * Runs a function while no other process of this machine runs one with the same lock.
 *
 * @param file created for the lock and deleted afterwards; its folder must exist
 * @throws Error if the lock file cannot be created
 */
export async function withFileLock<Result>(file: string, run: () => Result): Promise<Result> {
  const deadline = performance.now() + TIMEOUT_MS
  let lock = tryLock(file)
  while (lock === undefined) {
    if (performance.now() > deadline) throw new Error(`The lock ${file} is not released. Delete it if no dev server is running.`)
    await sleep(RETRY_MS)
    lock = tryLock(file)
  }
  try {
    return run()
  } finally {
    deleteLock(file, lock)
  }
}

/** Returns what identifies the lock, or undefined if another process has it. */
function tryLock(file: string): string | undefined {
  try {
    const descriptor = openSync(file, 'wx', 0o600)
    try {
      return identify(fstatSync(descriptor, { bigint: true }))
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    // Windows reports EPERM for a file that is being deleted.
    if (!(error instanceof Error && 'code' in error && ['EEXIST', 'EPERM'].includes(String(error.code)))) throw error
    deleteIfStale(file)
    return undefined
  }
}

function deleteIfStale(file: string): void {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false })
  // The absolute difference, so that a clock that was set back does not make a lock last until it has caught up.
  if (found && Math.abs(Date.now() - Number(found.mtimeMs)) > STALE_MS) deleteLock(file, identify(found))
}

/**
 * Deletes this lock, and not one that another process has created since: two waiting processes may see the same stale lock, and a slow
 * owner may have lost its own. The claim is named after the lock, so only one process deletes it.
 */
function deleteLock(file: string, lock: string): void {
  const claim = `${file}-${lock}`
  try {
    mkdirSync(claim)
  } catch {
    return
  }
  try {
    const found = statSync(file, { bigint: true, throwIfNoEntry: false })
    if (found && identify(found) === lock) rmSync(file, { force: true })
  } finally {
    rmdirSync(claim)
  }
}

function identify({ ino, mtimeNs }: BigIntStats): string {
  return `${ino}-${mtimeNs}`
}
