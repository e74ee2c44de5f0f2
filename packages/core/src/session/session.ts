import { createError } from '../errors/create-error.js'
import { OAuthClientError, type SessionError } from '../errors/errors.js'
import { createEmitter, type Emitter } from '../platform/emitter.js'
import type { UserClaims } from '../protocol/claims.js'
import type { TokenSet, TokenSetReason } from '../protocol/token-set.js'
import type { RecordObstacle, RecordStore } from '../storage/record-store.js'
import type { SessionEvents, SessionOptions } from './session-options.js'
import { initialState, reduce, type SessionEvent, type SessionState } from './session-state.js'

type SignOutReason = SessionEvents['signed-out']['reason']

/**
 * The stored session is another one now, or was cleared; or the user signs out, which ends sign-ins in flight. `stale:` and a revision: the
 * stored record with this revision must not be used, because a tab that cannot write has spent its refresh token.
 */
export type TabMessage = 'session-changed' | 'session-cleared' | 'logout' | `stale:${string}`

/** The channel on which the tabs of one client notify each other. No token is in a message. */
export interface TabChannel {
  /** Notifies the other tabs. */
  send(message: TabMessage): void
  close(): void
}

/** What a session needs of its client. */
export interface SessionParts {
  readonly options: SessionOptions<unknown>
  readonly records: Pick<RecordStore, 'read' | 'write' | 'take'>
  /** Name of the session's record. */
  readonly key: string
  readonly events: Emitter<SessionEvents>
  /** Listens to the other tabs, if the client was not started: one may sign out. */
  readonly joinTabs?: (() => void) | undefined
  /** Notifies the other tabs. */
  readonly sendToTabs: (message: TabMessage) => void
  readonly explain: (cause: unknown) => Promise<OAuthClientError>
  readonly loadRareCalls: () => Promise<Pick<typeof import('./claims.js'), 'invalidClaims'>>
}

/** A moment of a session, as plain data. */
export interface SessionMoment {
  readonly epoch?: number | undefined
  readonly logouts?: number | undefined
}

/** What tells the sessions of two users apart. */
export type SessionUser = Pick<TokenSet, 'claims' | 'signedInAt'>

interface StoredSession {
  readonly revision: string
  readonly tokenSet: TokenSet
}

/** What is current after the record was read again. */
export interface CurrentSession {
  readonly tokenSet: TokenSet | undefined
  readonly revision: string | undefined
  /** Why the record, which another tab has replaced, cannot be read. The refresh token of `tokenSet` may be spent. */
  readonly obstacle?: RecordObstacle | undefined
}

/**
 * The session of this tab: the state that hooks read, and its record in storage that all tabs share. Every change of the record
 * depends on the revision that this tab knows, and every late result on the epoch in which its operation started, so that nothing
 * that arrives after a sign-out has an effect.
 */
export class Session {
  #state: SessionState = initialState
  /** Of the stored record that this tab's state shows. */
  #revision: string | undefined
  #epoch = 0
  #requests = new AbortController()
  /** Sign-outs by the user, here and in other tabs: sign-ins that were in flight are past. */
  logouts = 0
  readonly parts: SessionParts
  /** Another tab has changed the session since this one read it for a refresh. */
  isBehind = false
  readonly #changes = createEmitter<{ change: SessionEvent }>()

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

  /** Starts a new epoch: results of earlier operations are discarded. */
  beginEpoch(): number {
    return ++this.#epoch
  }

  /** Aborted when the session of this moment ends, so that no response of a former user arrives later. */
  get signal(): AbortSignal {
    return this.#requests.signal
  }

  /** The revision of the stored record that the state shows. */
  get revision(): string | undefined {
    return this.#revision
  }

  /** Returns this moment, for `isPast`. @param isSilent past with the next change of the session, not only with a sign-out */
  moment(isSilent: boolean): SessionMoment {
    this.parts.joinTabs?.()
    return { epoch: isSilent ? this.#epoch : undefined, logouts: this.logouts }
  }

  isPast({ epoch = this.#epoch, logouts = this.logouts }: SessionMoment): boolean {
    return epoch !== this.#epoch || logouts !== this.logouts
  }

  /** @param listener gets the event that changed the state */
  subscribe(listener: (event: SessionEvent) => void): () => void {
    return this.#changes.on('change', listener)
  }

  dispatch(event: SessionEvent): void {
    const next = reduce(this.#state, event)
    if (next === this.#state) return
    this.#state = next
    this.#changes.emit('change', event)
  }

  fail(error: OAuthClientError): void {
    this.dispatch({ type: 'failed', error })
    this.parts.events.emit('error', { error, returnTo: error.returnTo })
  }

  /**
   * Reads the stored session at start. A sign-in that was completed in the meantime wins.
   *
   * @param whenEmpty may still create a session if none is stored; the status stays `restoring` until then
   */
  async restore(whenEmpty?: () => Promise<unknown>): Promise<void> {
    const epoch = this.#epoch
    const stored = await this.#readStored()
    if (!stored && this.#state.status === 'restoring' && !this.#state.error) await whenEmpty?.().catch(() => undefined)
    const record = typeof stored === 'object' ? stored : undefined
    const claims = record && (await this.#readClaims(record.tokenSet))
    if (epoch === this.#epoch && this.#state.status === 'restoring') this.#show(record, claims)
  }

  #show(record: StoredSession | undefined, claims: UserClaims | OAuthClientError | undefined): void {
    if (claims instanceof OAuthClientError) this.fail(claims)
    if (!record || !claims || claims instanceof OAuthClientError)
      return this.dispatch({ type: 'restored', tokenSet: undefined, claims: {} })

    this.#revision = record.revision
    this.dispatch({ type: 'restored', tokenSet: record.tokenSet, claims })
    this.parts.events.emit('token-set', { tokenSet: record.tokenSet, reason: 'restored' })
  }

  /** Reads the record again and applies what another tab has changed. */
  async adopt(): Promise<CurrentSession> {
    const epoch = this.#epoch
    const stored = await this.#readStored()
    const unchanged = { tokenSet: this.#state.tokenSet, revision: this.#revision }
    if (epoch !== this.#epoch) return unchanged
    if (typeof stored === 'string') return { ...unchanged, obstacle: stored }
    if (stored?.revision === this.#revision) return unchanged
    if (!stored) {
      this.end('other-tab')
      return { tokenSet: undefined, revision: undefined }
    }
    const claims = await this.#readClaims(stored.tokenSet)
    if (epoch !== this.#epoch) return unchanged
    if (claims instanceof OAuthClientError) {
      // The tab that wrote them goes on with the session. Here it is over: its refresh token is spent.
      if (unchanged.tokenSet) this.end('session-ended', claims)
      return { tokenSet: undefined, revision: undefined }
    }
    this.apply(stored.tokenSet, claims, stored.revision, 'adopted')
    return { tokenSet: stored.tokenSet, revision: stored.revision }
  }

  /** Ends the session in this tab. The caller deletes the record. */
  end(reason: SignOutReason, error?: OAuthClientError): void {
    this.#epoch += 1
    if (reason === 'logout') this.logouts += 1
    this.#revision = undefined
    const wasSignedIn = this.#state.status === 'signed-in'
    // A sign-out continues at the server. One dispatch for both, so that no guard sees a signed-out user who is idle.
    this.dispatch({ type: 'signed_out', activity: reason === 'logout' ? 'signing-out' : 'idle', error })
    if (!wasSignedIn) return
    this.interrupt(sessionEnded())
    this.parts.events.emit('signed-out', { reason, error })
    if (error) this.parts.events.emit('error', { error })
  }

  /** Aborts the requests in flight. @param reason what they fail with */
  interrupt(reason: OAuthClientError): void {
    const former = this.#requests
    // First, because `untilClosed` waits for the abort of the next one.
    this.#requests = new AbortController()
    former.abort(reason)
  }

  /** Hides the session without deleting its record. `adopt` shows it again. */
  suspend(error: OAuthClientError): void {
    this.#epoch += 1
    this.#revision = undefined
    this.dispatch({ type: 'signed_out', error })
  }

  /**
   * Deletes the record and notifies the other tabs.
   *
   * @param expected delete only if the record still has this revision
   * @returns the stored token set, which may be newer than the one that this tab knows
   */
  async clearRecord(expected?: string): Promise<TokenSet | undefined> {
    const stored = await this.parts.records.take(this.parts.key, expected)
    this.parts.sendToTabs('session-cleared')
    return isTokenSet(stored) ? stored : undefined
  }

  /** Without an ID token nothing identifies the user, so a sign-in during a session is treated as another user's. */
  isOtherUser(former: SessionUser, present: SessionUser, reason?: TokenSetReason): boolean {
    return (
      former.claims?.sub !== present.claims?.sub ||
      (!present.claims && (reason === 'login' || former.signedInAt !== present.signedInAt))
    )
  }

  /** Shows a stored token set. @param reason emitted with `token-set`; omit to emit nothing */
  apply(tokenSet: TokenSet, claims: UserClaims, revision: string | undefined, reason?: TokenSetReason): void {
    const former = this.#state.tokenSet
    this.#revision = revision
    if (former && this.isOtherUser(former, tokenSet, reason)) {
      this.interrupt(sessionEnded())
      this.parts.events.emit('user-changed', { formerSubject: former.claims?.sub, subject: tokenSet.claims?.sub })
    }
    this.dispatch({ type: 'token_set_received', tokenSet, claims })
    if (reason) this.parts.events.emit('token-set', { tokenSet, reason })
  }

  /**
   * Valid claims need no lazy chunk, so that a warm start loads none; only the error path does.
   *
   * @throws ValidationError invalid_claims
   */
  async checkClaims(tokenSet: TokenSet): Promise<UserClaims> {
    const claims: UserClaims = tokenSet.claims ?? {}
    const result = await this.parts.options.claims?.['~standard'].validate(claims)
    if (!result) return claims
    if (!result.issues) return result.value as UserClaims
    const { invalidClaims } = await this.parts.loadRareCalls()
    throw invalidClaims(result.issues)
  }

  async #readStored(): Promise<StoredSession | RecordObstacle | undefined> {
    const record = await this.parts.records.read(this.parts.key)
    if (typeof record !== 'object') return record
    const { revision, value } = record
    return isTokenSet(value) ? { revision, tokenSet: value } : 'unreadable'
  }

  /** @returns the error if the stored claims no longer fit the schema: the app has changed, and the user has to sign in again */
  async #readClaims(tokenSet: TokenSet): Promise<UserClaims | OAuthClientError> {
    return this.checkClaims(tokenSet).catch((cause: unknown) => this.parts.explain(cause))
  }
}

function sessionEnded(): SessionError {
  return createError('missing_token')
}

/** A record that was tampered with, or contains no token, must not sign a user in. */
function isTokenSet(value: unknown): value is TokenSet {
  const tokenSet = value as Partial<TokenSet> | null | undefined
  return typeof (tokenSet?.accessToken || tokenSet?.idToken) === 'string'
}
