import type { ResilientStorage } from '../storage/resilient-storage.js'
import { attempt, type TabStorage } from '../storage/tab-storage.js'
import type { StoredRecord } from '../storage/record-store.js'
import { IN_TAB, type StoredTransaction, transactionPrefix, type TransactionStoreParts } from './transaction-store.js'

/** Until then, a late response finds where the app continues. */
export const TRANSACTION_RETENTION_MS: number = 24 * 60 * 60 * 1000

/** Deletes the transactions of requests that got no response. */
export async function sweepTransactions({ storage, config }: Pick<TransactionStoreParts, 'storage' | 'config'>): Promise<void> {
  const now = config.environment.now()
  await sweepRecords(storage, transactionPrefix(config), now - TRANSACTION_RETENTION_MS)
  for (const name of tabNames(config.tab, IN_TAB)) {
    const transaction = config.tab.get(name) as StoredTransaction | undefined
    const isAlive = transaction && Math.abs(now - transaction.createdAt) < TRANSACTION_RETENTION_MS
    if (!isAlive) config.tab.remove(name)
  }
}

/** Deletes the records under `prefix` that were written before `before` (milliseconds since the epoch). */
async function sweepRecords(storage: ResilientStorage, prefix: string, before: number): Promise<void> {
  const isOld = (stored: unknown): boolean => !(((stored as Partial<StoredRecord> | undefined)?.at ?? 0) >= before)
  // In memory, a transaction ends with the page.
  const keys = await storage.keys(prefix).catch(() => [])
  for (const key of keys) await storage.update(key, (stored) => (isOld(stored) ? undefined : stored))
}

/** @returns the names in this tab's storage that begin with `start` */
function tabNames({ area, prefix }: TabStorage, start: string): readonly string[] {
  const keys = attempt(() => Object.keys(area ?? {})) ?? []
  return keys.filter((key) => key.startsWith(prefix + start)).map((key) => key.slice(prefix.length))
}
