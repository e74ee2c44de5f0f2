import { createError } from '../errors/create-error.js'
import { isRecord } from '../platform/is-record.js'
import type { Environment } from '../platform/environment.js'
import type { RecordStore } from '../storage/record-store.js'

/** One account, or the place of one whose sign-in is in progress. */
export interface AccountEntry {
  /** Number of the client that has its session. */
  readonly slot: number
  /** The account's id; absent until its first sign-in is complete. */
  readonly id?: string | undefined
  /** The requested organization. */
  readonly organization?: string | undefined
  /** Milliseconds since the epoch: when the sign-in in progress began. */
  readonly reservedAt?: number | undefined
}

/** What all tabs share. The sessions themselves are in the records of each account's client. */
export interface AccountList {
  /** In the order in which the accounts were added. */
  readonly entries: readonly AccountEntry[]
  /** The account that was chosen last, in any tab. */
  readonly active?: number | undefined
}

/** The list before the first account. */
export const NO_ACCOUNTS: AccountList = { entries: [] }

/** A record that is written by several tabs at once settles long before. */
const MAX_TRIES = 20

/** What the stored list needs of a client. */
export interface AccountIndexParts {
  readonly records: RecordStore
  readonly config: { readonly key: string; readonly environment: Pick<Environment, 'locks'> }
}

/** The stored list of accounts: sealed like a session, changed by one tab at a time. */
export class AccountIndex {
  readonly #parts: AccountIndexParts
  /** Name of its record, and of the lock. */
  readonly #key: string
  #queue: Promise<unknown> = Promise.resolve()

  constructor(parts: AccountIndexParts) {
    this.#parts = parts
    this.#key = `latchkey/${parts.config.key}/accounts`
  }

  async read(): Promise<AccountList> {
    const record = await this.#parts.records.read(this.#key)
    return typeof record === 'object' ? parseList(record.value) : NO_ACCOUNTS
  }

  /**
   * Changes the list.
   *
   * @param change pure; may be called more than once, and may throw to leave the list as it is
   * @returns the list as it is now
   */
  update(change: (list: AccountList) => AccountList): Promise<AccountList> {
    const { locks } = this.#parts.config.environment
    const work = (): Promise<AccountList> => this.#replace(change)
    // The revision of the record decides between tabs; the lock is for the first write, which replaces none.
    const result = this.#queue.then(() => (locks ? locks.request(this.#key, work) : work()))
    this.#queue = result.catch(() => undefined)
    return result
  }

  async #replace(change: (list: AccountList) => AccountList): Promise<AccountList> {
    const { records } = this.#parts
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const record = await records.read(this.#key)
      const current = typeof record === 'object' ? parseList(record.value) : NO_ACCOUNTS
      const next = change(current)
      if (next === current) return current
      const revision = await records.write(this.#key, next, typeof record === 'object' ? record.revision : undefined)
      if (revision !== undefined) return next
    }
    // Only a record of a newer release is never replaced.
    throw createError('reload_required')
  }
}

/** A record of another release may have members that this one does not know. */
function parseList(value: unknown): AccountList {
  const { entries, active } = isRecord(value) ? value : {}
  if (!Array.isArray(entries)) return NO_ACCOUNTS
  return {
    entries: (entries as unknown[]).filter((entry): entry is AccountEntry => isRecord(entry) && Number.isInteger(entry['slot'])),
    active: typeof active === 'number' ? active : undefined,
  }
}

/** @returns the list without one slot; the same list if it is not in it */
export function withoutSlot(list: AccountList, slot: number): AccountList {
  if (!list.entries.some((entry) => entry.slot === slot)) return list
  return { ...list, entries: list.entries.filter((entry) => entry.slot !== slot) }
}

/** @returns the entries that are accounts */
export function accountsIn({ entries }: AccountList): readonly AccountEntry[] {
  return entries.filter(({ id }) => id !== undefined)
}

/** Whether a slot has a sign-in in progress, and no account yet. */
export function isReserved({ entries }: AccountList, number: number): boolean {
  return entries.some(({ slot, id }) => slot === number && id === undefined)
}

/** @returns the list with an entry in the place of a former one of the same account */
export function movedTo(list: AccountList, entry: AccountEntry, former: number): AccountList {
  const entries = list.entries.filter(({ slot }) => slot !== entry.slot).map((one) => (one.slot === former ? entry : one))
  return { ...list, entries }
}
