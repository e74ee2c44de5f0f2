import { createError } from '../errors/create-error.js'
import type { SessionError, OAuthClientError } from '../errors/errors.js'
import type { UserClaims } from '../protocol/claims.js'
import type { ClientEvents } from '../client/events.js'
import type { ClientOptions } from '../client/client-options.js'
import type { Emitter } from '../platform/emitter.js'
import { loadFlows } from '../client/lazy.js'
import { initialState, reduce, type SessionEvent, type SessionState } from './session-state.js'
import type { RecordStore } from '../storage/record-store.js'
import type { TabNews } from './tab-messages.js'
import type { TokenSet, TokenSetReason } from '../protocol/token-set.js'

type SignOutReason = ClientEvents['signed-out']['reason']

export interface SessionParts {
  readonly options: Pick<ClientOptions<unknown>, 'claims' | 'onTokenSet'>
  readonly records: Pick<RecordStore, 'read' | 'write' | 'take'>
  readonly key: string
  readonly events: Emitter<ClientEvents>
  readonly announce: (news: TabNews) => void
}

/** A moment in the life of a session, as plain data. */
export interface SessionMoment {
  readonly epoch?: number
  readonly logouts?: number
}

/**
 * The session of this tab: the state that hooks read, and its record in storage that all tabs share. Every change of the record
 * depends on the revision this tab knows, and every late result on the epoch it began in: what comes after a sign-out is dropped.
 */
export class Session {
  #state: SessionState = initialState
  /** Of the stored record that this tab's state stands for. */
  #revision: string | undefined
  #epoch = 0
  #logouts = 0
  #requests = new AbortController()
  readonly parts: SessionParts
  readonly #listeners = new Set<(event: SessionEvent) => void>()

  constructor(parts: SessionParts) {
    this.parts = parts
  }

  get state(): SessionState {
    return this.#state
  }

  /** Grows with every sign-in and sign-out. */
  get epoch(): number {
    return this.#epoch
  }

  /** What was begun before counts no more. @returns the epoch that begins */
  beginEpoch(): number {
    return ++this.#epoch
  }

  /** For the requests of now: aborted when their session is over, so that nothing of a former user arrives later. */
  get signal(): AbortSignal {
    return this.#requests.signal
  }

  /** The revision of the stored record that the state shows. */
  get revision(): string | undefined {
    return this.#revision
  }

  /** Identifies this moment, for `isPast`. @param isSilent past with the next change of the session, not only with a sign-out */
  moment(isSilent: boolean): SessionMoment {
    return isSilent ? { epoch: this.#epoch } : { logouts: this.#logouts }
  }

  isPast({ epoch = this.#epoch, logouts = this.#logouts }: SessionMoment): boolean {
    return epoch !== this.#epoch || logouts !== this.#logouts
  }

  /** @param listener gets the event that changed the state */
  subscribe(listener: (event: SessionEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  dispatch(event: SessionEvent): void {
    const next = reduce(this.#state, event)
    if (next === this.#state) return
    this.#state = next
    for (const listener of [...this.#listeners]) listener(event)
  }

  fail(error: OAuthClientError): void {
    this.dispatch({ type: 'failed', error })
    this.parts.events.emit('error', { error })
  }

  /**
   * Reads the stored session at start. A sign-in that ended meanwhile wins.
   *
   * @param whenEmpty what may still make a session where none is stored; until then nobody looks signed out
   */
  async restore(whenEmpty?: () => Promise<unknown>): Promise<void> {
    const epoch = this.#epoch
    const stored = await this.#readStored()
    if (!stored && !this.#state.error) await whenEmpty?.().catch(() => undefined)
    if (epoch !== this.#epoch || this.#state.status !== 'restoring') return
    const record = stored === 'unreadable' ? undefined : stored
    const claims = record && (await this.#readClaims(record.tokenSet))
    if (!record || !claims) return this.dispatch({ type: 'restored', tokenSet: undefined, claims: {} })
    this.#revision = record.revision
    this.dispatch({ type: 'restored', tokenSet: record.tokenSet, claims })
    this.parts.events.emit('token-set', { tokenSet: record.tokenSet, reason: 'restored' })
  }

  /**
   * Reads the record again and goes along with what another tab made of it.
   *
   * @returns the token set that counts now
   */
  async adopt(): Promise<{
    readonly tokenSet: TokenSet | undefined
    readonly revision: string | undefined
  }> {
    const epoch = this.#epoch
    const stored = await this.#readStored()
    const unchanged = { tokenSet: this.#state.tokenSet, revision: this.#revision }
    if (epoch !== this.#epoch || stored === 'unreadable' || stored?.revision === this.#revision) return unchanged
    if (!stored) {
      this.end('other-tab')
      return { tokenSet: undefined, revision: undefined }
    }
    const claims = await this.#readClaims(stored.tokenSet)
    if (epoch !== this.#epoch || !claims) return unchanged
    this.apply(stored.tokenSet, claims, stored.revision, 'adopted')
    return { tokenSet: stored.tokenSet, revision: stored.revision }
  }

  /** The session is over in this tab. The record is the caller's to delete. */
  end(reason: SignOutReason, error?: OAuthClientError): void {
    this.#epoch += 1
    if (reason === 'logout') this.#logouts += 1
    this.#revision = undefined
    const wasSignedIn = this.#state.status === 'signed-in'
    // A sign-out goes on at the server: in one step, so that no guard sees somebody who is merely signed out.
    this.dispatch({ type: 'signed_out', activity: reason === 'logout' ? 'signing-out' : 'idle', error })
    if (!wasSignedIn) return
    this.interrupt(sessionOver())
    this.parts.events.emit('signed-out', { reason, error })
    if (error) this.parts.events.emit('error', { error })
  }

  /** Aborts the requests that are on their way. @param reason what they fail with */
  interrupt(reason: OAuthClientError): void {
    this.#requests.abort(reason)
    this.#requests = new AbortController()
  }

  /** The stored session stays where it is, but is not shown for now: `adopt` brings it back. */
  suspend(error: OAuthClientError): void {
    this.#epoch += 1
    this.#revision = undefined
    this.dispatch({ type: 'signed_out', error })
  }

  /**
   * Deletes the record, and tells the other tabs.
   *
   * @param expected only if it still has this revision
   * @returns what was stored, which may be newer than what this tab knows
   */
  async clearRecord(expected?: string): Promise<TokenSet | undefined> {
    const stored = await this.parts.records.take(this.parts.key, expected)
    this.parts.announce('session-cleared')
    return isTokenSet(stored) ? stored : undefined
  }

  /** @param reason told to listeners; without it nobody is told */
  apply(tokenSet: TokenSet, claims: UserClaims, revision: string | undefined, reason?: TokenSetReason): void {
    const former = this.#state.tokenSet
    this.#revision = revision
    if (former && isOtherUser(former, tokenSet, reason)) {
      this.interrupt(sessionOver())
      this.parts.events.emit('user-changed', { formerSubject: former.claims?.sub, subject: tokenSet.claims?.sub })
    }
    this.dispatch({ type: 'token_set_received', tokenSet, claims })
    if (reason) this.parts.events.emit('token-set', { tokenSet, reason })
  }

  async #readStored(): Promise<{ readonly revision: string; readonly tokenSet: TokenSet } | 'unreadable' | undefined> {
    const record = await this.parts.records.read(this.parts.key)
    if (!record || record === 'unreadable') return record
    const { revision, value } = record
    return isTokenSet(value) ? { revision, tokenSet: value } : 'unreadable'
  }

  /**
   * What fits is told without a further file, so that a warm start needs none.
   *
   * @throws ValidationError invalid_claims
   */
  async checkClaims(tokenSet: TokenSet): Promise<UserClaims> {
    const claims: UserClaims = tokenSet.claims ?? {}
    const result = await this.parts.options.claims?.['~standard'].validate(claims)
    if (!result) return claims
    if (!result.issues) return result.value as UserClaims
    const { invalidClaims } = await loadFlows()
    throw invalidClaims(result.issues)
  }

  /** @returns undefined when the stored claims no longer fit the schema: the app was changed, the session has to begin anew */
  async #readClaims(tokenSet: TokenSet): Promise<UserClaims | undefined> {
    try {
      return await this.checkClaims(tokenSet)
    } catch {
      return undefined
    }
  }
}

/** Without an ID token nothing tells one user from another: a sign-in on top of a session counts as another user's. */
function isOtherUser(former: TokenSet, { claims, signedInAt }: TokenSet, reason: TokenSetReason | undefined): boolean {
  return former.claims?.sub !== claims?.sub || (!claims && (reason === 'login' || former.signedInAt !== signedInAt))
}

function sessionOver(): SessionError {
  return createError('missing_token', 'the session this request belonged to is over', { hint: 'Sign in again.' })
}

/** A record that was tampered with, or has nothing to show, must not sign anybody in. */
function isTokenSet(value: unknown): value is TokenSet {
  const tokenSet = value as Partial<TokenSet> | null | undefined
  return typeof (tokenSet?.accessToken || tokenSet?.idToken) === 'string'
}
