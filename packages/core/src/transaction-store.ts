import type { RecordStore } from './storage/record-store.js'
import type { Transaction } from './transaction.js'

/** Older than this, an authorization request is given up (RFC 6749 section 10.12 wants the binding short-lived). */
export const TRANSACTION_LIFETIME_MS: number = 10 * 60 * 1000

/** Authorization requests in flight: written before the browser leaves, taken once when it is back. */
export interface TransactionStore {
  write(transaction: Transaction): Promise<void>
  /** Reads and deletes in one step. @returns undefined for a state nobody knows, was taken before, or is too old */
  take(state: string): Promise<Transaction | undefined>
  sweep(): Promise<void>
}

/**
 * @param page kept beside a storage that does not outlive the page (memory, or degraded to it): a redirect must find its way back.
 *   Only the transaction is put there, never a token.
 */
export function createTransactionStore(
  records: RecordStore,
  prefix: string,
  page: { readonly storage: Storage | undefined; readonly isNeeded: () => boolean; readonly now: () => number },
): TransactionStore {
  const isAlive = (transaction: Transaction): boolean => Math.abs(page.now() - transaction.createdAt) < TRANSACTION_LIFETIME_MS
  return {
    async write(transaction) {
      await records.write(prefix + transaction.state, transaction)
      if (page.isNeeded()) page.storage?.setItem(prefix + transaction.state, JSON.stringify(transaction))
    },
    async take(state) {
      const onPage = page.storage?.getItem(prefix + state)
      page.storage?.removeItem(prefix + state)
      const stored = await records.take(prefix + state)
      const transaction = (stored ?? (onPage ? JSON.parse(onPage) : undefined)) as Transaction | undefined
      return transaction && isAlive(transaction) ? transaction : undefined
    },
    sweep: () => records.sweep(prefix, page.now() - TRANSACTION_LIFETIME_MS),
  }
}
