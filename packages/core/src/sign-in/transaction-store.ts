import { createError } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import type { RecordStore } from '../storage/record-store.js'
import type { ResilientStorage } from '../storage/resilient-storage.js'
import type { StoredRecord } from '../storage/sealing.js'
import type { Transaction } from './transaction.js'

/** Older than this, an authorization request is given up (RFC 6749 section 10.12 wants the binding short-lived). */
export const TRANSACTION_LIFETIME_MS: number = 10 * 60 * 1000

/** Authorization requests in flight: written before the browser leaves, taken once when it is back. */
export interface TransactionStore {
  /** @throws OAuthClientError storage, for a redirect that would not find its way back */
  write(transaction: Transaction): Promise<void>
  /** Reads and deletes in one step. @returns undefined for a state nobody knows, was taken before, or is too old */
  take(state: string): Promise<Transaction | undefined>
  sweep(): Promise<void>
}

/** This tab's `sessionStorage`, where there is one, and milliseconds since the epoch. */
interface TransactionPage {
  readonly storage: Storage | undefined
  /** False in a worker and in a process: what a redirect leaves from there outlives it, or is the host's own business. */
  readonly isPage?: boolean
  readonly now: () => number
}

/**
 * @param name beginning of the keys
 * @param page kept beside a storage that does not outlive the page (memory, or degraded to it): a redirect must find its way back.
 *   Only the transaction is put there, never a token; under a key of its own, since the storage may be that very `sessionStorage`.
 */
export function createTransactionStore(
  { records, storage }: { readonly records: RecordStore; readonly storage: ResilientStorage },
  name: string,
  page: TransactionPage,
): TransactionStore {
  const prefix = `${name}/transaction/`
  const pagePrefix = `${name}/redirect/`
  const isAlive = (transaction: Transaction): boolean => Math.abs(page.now() - transaction.createdAt) < TRANSACTION_LIFETIME_MS
  return {
    async write(transaction) {
      await records.write(prefix + transaction.state, transaction)
      if (storage.persistent) return
      const cause = keep(page.storage, pagePrefix + transaction.state, transaction)
      // Whoever stays on this page finds the transaction in its memory.
      if (cause && page.isPage && transaction.transport === 'redirect') throw noWayBack(cause)
    },
    async take(state) {
      const onPage = readKept(page.storage, pagePrefix + state)
      attempt(() => page.storage?.removeItem(pagePrefix + state))
      const stored = await records.take(prefix + state)
      const transaction = (stored ?? onPage) as Transaction | undefined
      return transaction && isAlive(transaction) ? transaction : undefined
    },
    async sweep() {
      await sweepRecords(storage, prefix, page.now() - TRANSACTION_LIFETIME_MS)
      for (const key of attempt(() => Object.keys(page.storage ?? {})) ?? []) {
        if (!key.startsWith(pagePrefix)) continue
        const transaction = readKept(page.storage, key)
        if (!transaction || !isAlive(transaction)) attempt(() => page.storage?.removeItem(key))
      }
    },
  }
}

/** Deletes the records under `prefix` that were written before `before` (milliseconds since the epoch). */
export async function sweepRecords(storage: ResilientStorage, prefix: string, before: number): Promise<void> {
  const isOld = (stored: unknown): boolean => !(((stored as Partial<StoredRecord> | undefined)?.at ?? 0) >= before)
  for (const key of await storage.keys(prefix)) {
    await storage.update(key, (stored) => (isOld(stored) ? undefined : stored))
  }
}

/** @returns why it could not be kept */
function keep(area: Storage | undefined, key: string, transaction: Transaction): unknown {
  try {
    if (!area) throw new TypeError('there is no sessionStorage')
    area.setItem(key, JSON.stringify(transaction))
    return undefined
  } catch (cause) {
    return cause
  }
}

function readKept(area: Storage | undefined, key: string): Transaction | undefined {
  return attempt(() => JSON.parse(area?.getItem(key) ?? 'null') as Transaction | null) ?? undefined
}

/** A storage that throws is a storage that is not there. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

function noWayBack(cause: unknown): OAuthClientError {
  return createError(
    'storage',
    'the redirect was not begun: this browser keeps nothing that the page could find when it is back',
    {
      hint: 'Allow site data or free some of it; or sign in by popup, which does not leave the page. Private windows, full disks and blocked site data cause this.',
      cause,
    },
  )
}
