import { closeSync, openSync, rmSync, statSync } from 'node:fs'
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
  while (!tryLock(file)) {
    if (performance.now() > deadline) throw new Error(`The lock ${file} is not released.`)
    await sleep(RETRY_MS)
  }
  try {
    return run()
  } finally {
    rmSync(file, { force: true })
  }
}

function tryLock(file: string): boolean {
  try {
    closeSync(openSync(file, 'wx', 0o600))
    return true
  } catch (error) {
    // Windows reports EPERM for a file that is being deleted.
    if (!(error instanceof Error && 'code' in error && ['EEXIST', 'EPERM'].includes(String(error.code)))) throw error
    deleteIfStale(file)
    return false
  }
}

function deleteIfStale(file: string): void {
  const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? {}
  if (mtimeMs !== undefined && Date.now() - mtimeMs > STALE_MS) rmSync(file, { force: true })
}
