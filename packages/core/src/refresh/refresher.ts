import { createError } from '../errors/create-error.js'
import type { Emitter } from '../platform/emitter.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import { type AccessToken, isFresh, tokenKey, type TokenSet } from '../protocol/token-set.js'
import type { Session, SessionMoment } from '../session/session.js'
import type { AccessTokenOptions, RefreshEvents, RefreshOptions } from './refresh-options.js'
import type { NarrowTokenRequest, RefreshRequest } from './refresh-session.js'

/** The part of the lazily loaded code that refreshes. */
export interface RefreshCalls {
  /** See `refresh-session.ts`. */
  readonly renewTokenSet: (request: RefreshRequest) => Promise<TokenSet>
  /** See `refresh-session.ts`. */
  readonly renewNarrowToken: (request: NarrowTokenRequest) => Promise<AccessToken>
  /** See `platform/abort.ts`. */
  readonly unlessAborted: <T>(work: Promise<T>, signal: AbortSignal) => Promise<T>
  /** See `refresh-session.ts`. */
  readonly checkCaller: (since: SessionMoment, known: TokenSet | undefined) => Promise<void>
}

/** What the refresher needs of its client. */
export interface RefresherParts {
  readonly leewaySeconds: number
  readonly session: Session
  readonly context: Pick<ProtocolContext, 'environment' | 'clockOffsetSeconds' | 'explain'>
  readonly events: Emitter<RefreshEvents>
  readonly load: () => Promise<RefreshCalls>
}

/**
 * Keeps tokens fresh. However many callers, components and tabs need a new token at once, one request leaves the browser: calls of this
 * tab share one promise, tabs take turns under a lock, and the tab that gets the lock reads the storage again before it sends a request.
 */
export class Refresher {
  #inFlight: Promise<TokenSet> | undefined
  readonly #narrow = new Map<string, Promise<AccessToken>>()
  readonly #parts: RefresherParts

  constructor(parts: RefresherParts) {
    this.#parts = parts
  }

  /** @returns whether the token is valid for at least the leeway */
  isFresh(token: AccessToken): boolean {
    const { leewaySeconds, context } = this.#parts
    return isFresh(token, leewaySeconds, context.environment.now() / 1000 + context.clockOffsetSeconds())
  }

  /**
   * @returns a token for the resource (default: the session's own), refreshed if needed
   * @throws SessionError missing_token, token_invalid; NetworkError (the session is kept)
   */
  async accessToken(options: AccessTokenOptions): Promise<AccessToken> {
    const { session, context } = this.#parts
    const { tokenSet } = session.state
    // After a sign-in for an ID token alone (response_type=id_token) there is no access token.
    if (!tokenSet?.accessToken) throw await context.explain(createError('missing_token'))
    const key = tokenKey(options.resource, options.scope)
    const present = key === undefined ? tokenSet : tokenSet.byResource?.[key]
    if (present && !options.forceRefresh && !options.signal?.aborted && this.isFresh(present)) return present
    return this.#unlessAborted(
      () => (key === undefined ? this.#refreshShared() : this.#narrowToken(key, options)),
      options.signal,
    )
  }

  /** @throws as `accessToken`; SessionError missing_token if no user is signed in and no refresh token is given */
  async refresh({ scope, refreshToken, signal }: RefreshOptions = {}): Promise<TokenSet> {
    const { session, context } = this.#parts
    if (!session.state.tokenSet && !refreshToken) throw await context.explain(createError('missing_token'))
    // A custom scope or refresh token cannot be shared with other callers.
    const isCustom = Boolean(scope ?? refreshToken)
    return this.#unlessAborted(() => (isCustom ? this.#renew({ scope, refreshToken }) : this.#refreshShared()), signal)
  }

  #refreshShared(): Promise<TokenSet> {
    this.#inFlight ??= this.#renew({}).finally(() => (this.#inFlight = undefined))
    return this.#inFlight
  }

  async #renew(options: Pick<RefreshOptions, 'scope' | 'refreshToken'>): Promise<TokenSet> {
    const { session, load } = this.#parts
    const known = session.state.tokenSet
    session.dispatch({ type: 'refresh_started' })
    try {
      return await (await load()).renewTokenSet({ ...options, known })
    } catch (cause) {
      return await this.#fail(cause)
    } finally {
      if (session.state.activity === 'refreshing') session.dispatch({ type: 'refresh_ended' })
    }
  }

  /** Reports a failure: the caller, the listeners and the state get the same error. */
  async #fail(cause: unknown): Promise<never> {
    const { session, events, context } = this.#parts
    const error = await context.explain(cause)
    events.emit('refresh-failed', { error })
    if (session.state.status === 'signed-in') session.fail(error)
    throw error
  }

  #narrowToken(key: string, { resource, scope }: AccessTokenOptions): Promise<AccessToken> {
    const known = this.#parts.session.state.tokenSet?.byResource?.[key]
    const renew = async (): Promise<AccessToken> => {
      try {
        return await (await this.#parts.load()).renewNarrowToken({ key, resource, scope, known })
      } catch (cause) {
        return this.#fail(cause)
      }
    }
    const pending = this.#narrow.get(key) ?? renew().finally(() => this.#narrow.delete(key))
    this.#narrow.set(key, pending)
    return pending
  }

  /** The caller stops waiting; the refresh continues for the others. @throws InteractionError aborted */
  async #unlessAborted<T>(start: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const { session, load } = this.#parts
    const since = session.moment(false)
    const { tokenSet } = session.state
    const work = async (): Promise<T> => {
      const result = await start()
      await (await load()).checkCaller(since, tokenSet)
      return result
    }
    if (!signal) return work()
    const { unlessAborted } = await load()
    return unlessAborted(signal.aborted ? new Promise<never>(() => undefined) : work(), signal)
  }
}
