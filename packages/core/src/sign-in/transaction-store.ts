import { createError } from '../errors/create-error.js'
import type { Environment } from '../platform/environment.js'
import type { AuthorizationExpectation } from '../protocol/expectation.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import type { ServerRecord } from '../protocol/server-metadata.js'
import type { RecordStore } from '../storage/record-store.js'
import type { ResilientStorage } from '../storage/resilient-storage.js'
import type { TabStorage } from '../storage/tab-storage.js'
import type { StoredAttempt } from './sign-in-options.js'
import type { TransportName } from './transports/transport.js'

/** An older authorization request gets no response, because its binding should be short-lived (RFC 6749, section 10.12). */
export const TRANSACTION_LIFETIME_MS: number = 10 * 60 * 1000

/** Prefix in the tab storage. */
export const IN_TAB = 'redirect/'
const SERVER = 'carried-server'

/** One authorization request in flight, written before the browser navigates and taken once when the response arrives. */
export interface Transaction extends AuthorizationExpectation {
  /** A path on this origin, where the app continues. */
  readonly returnTo?: string | undefined
  /** `logout`: a request to the end session endpoint. */
  readonly transport: TransportName | (string & {})
  /** Milliseconds since the epoch, device clock. */
  readonly createdAt: number
  /** Set if the request was made for a known user: the response must be for the same `sub`. */
  readonly expectedSubject?: string | undefined
  /** Whether the tokens will be bound to another DPoP key than those of the session that there was. See `protocol/own-key.ts`. */
  readonly hasOwnKey?: boolean | undefined
  /** Set if the request renews a session: the revision its record must still have. Otherwise a sign-out came first. */
  readonly expectedRevision?: string | undefined
  /** Set if the attempts of the client are observed. */
  readonly attempt?: StoredAttempt | undefined
}

/** What the transaction store knows of a transaction. */
export type StoredTransaction = Pick<Transaction, 'state' | 'transport' | 'createdAt'>

/** What the transaction store needs of a client. */
export interface TransactionStoreParts {
  readonly config: {
    readonly key: string
    readonly environment: Pick<Environment, 'now' | 'window'>
    readonly tab: TabStorage
  }
  readonly records: RecordStore
  readonly storage: ResilientStorage
}

/** Prefix of the records. */
export function transactionPrefix({ key }: { readonly key: string }): string {
  return `latchkey/${key}/transaction/`
}

/**
 * Authorization requests in flight: written before the browser navigates, taken once when the response arrives. If the storage does not
 * outlive the page (memory, or degraded to it), the transaction is in the tab storage as well. A token never is.
 */
export class TransactionStore<Stored extends StoredTransaction = Transaction> {
  readonly #parts: TransactionStoreParts
  readonly #prefix: string

  constructor(parts: TransactionStoreParts) {
    this.#parts = parts
    this.#prefix = transactionPrefix(parts.config)
  }

  /** @throws EnvironmentError storage, if the page could not find the transaction after a redirect */
  async write(transaction: Stored): Promise<void> {
    const { records, storage, config } = this.#parts
    await records.write(this.#prefix + transaction.state, transaction)
    if (storage.persistent) return
    const cause = config.tab.set(IN_TAB + transaction.state, transaction)
    // With another transport the page stays, and finds the transaction in its memory. A worker or a process has no tab storage.
    if (cause && config.environment.window && transaction.transport === 'redirect')
      throw createError('storage', ['stateNotStored'], { cause })
  }

  /** Reads and deletes in one step. @returns undefined for a `state` that is unknown, was taken before, or is too old */
  async take(state: string): Promise<Stored | undefined> {
    const taken = await this.takeAny(state)
    return taken && this.isAlive(taken) ? taken : undefined
  }

  /** As above, but also returns a transaction that is too old to be used. */
  async takeAny(state: string): Promise<Stored | undefined> {
    const { records, config } = this.#parts
    const inTab = config.tab.get(IN_TAB + state)
    config.tab.remove(IN_TAB + state)
    const taken = await records.take(this.#prefix + state)
    return (taken ?? (inTab && (await this.#moveToStorage(state, inTab)))) as Stored | undefined
  }

  /**
   * The tab storage is not sealed, so any script of the origin may have written the value. It is accepted only if the storage does not
   * keep what this client writes: a full storage shows that at a write only.
   */
  async #moveToStorage(state: string, inTab: unknown): Promise<unknown> {
    const { records } = this.#parts
    if (this.#trustsTab) return inTab
    await records.write(this.#prefix + state, inTab)
    await records.take(this.#prefix + state)
    return this.#trustsTab ? inTab : undefined
  }

  /** Whether this client's own storage is no better than the tab storage. */
  get #trustsTab(): boolean {
    const { records, storage } = this.#parts
    return !storage.persistent || !records.parts.seal.keys
  }

  /** Whether a response is still accepted. */
  isAlive({ createdAt }: StoredTransaction): boolean {
    return Math.abs(this.#parts.config.environment.now() - createdAt) < TRANSACTION_LIFETIME_MS
  }

  /**
   * Keeps the server record (metadata and public keys, no secret) in the tab storage during a redirect if the storage does not outlive
   * the page, so that the callback needs one request in this case, too.
   */
  async saveServer(context: ProtocolContext): Promise<void> {
    const record = this.#parts.storage.persistent ? undefined : await context.readServer()
    if (record) this.#parts.config.tab.set(SERVER, record)
  }

  /** Restores the server record for a client that has none, and whose storage does not keep one. */
  async restoreServer(context: ProtocolContext): Promise<void> {
    const { tab } = this.#parts.config
    const record = tab.get(SERVER) as ServerRecord | undefined
    tab.remove(SERVER)
    if (record && this.#trustsTab && !(await context.readServer())) await context.writeServer(record)
  }
}
