import { createError } from '../errors/create-error.js'
import { unlessAborted, untilClosed } from '../platform/abort.js'
import { joinScope } from '../protocol/scope.js'
import type { AccessToken, TokenSet } from '../protocol/token-set.js'
import type { SessionMoment } from '../session/session.js'
import type { AccessTokenOptions, RefreshOptions } from './refresh-options.js'
import { type RefreshParts, type RefreshRequest, renewNarrowToken, renewTokenSet } from './refresh-session.js'

/** One caller of a refresh that may be shared, as of the time of its call. */
export interface RefreshCaller {
  readonly since: SessionMoment
  readonly known: TokenSet | undefined
  /** The session's signal at that time. Default: that when this code runs. */
  readonly signal?: AbortSignal | undefined
}

/** Reports a failure: the caller, the listeners and the state get the same error. */
interface FailureReport {
  fail(cause: unknown): Promise<never>
}

/**
 * Keeps tokens fresh. However many callers, components and tabs need a new token at once, one request leaves the browser: calls of this
 * tab share one promise, tabs take turns under a lock, and the tab that gets the lock reads the storage again before it sends a request.
 */
export class SharedRefresh {
  #inFlight: Promise<TokenSet> | undefined
  readonly #narrow = new Map<string, Promise<AccessToken>>()
  readonly #parts: RefreshParts
  readonly #report: FailureReport

  constructor(parts: RefreshParts, report: FailureReport) {
    this.#parts = parts
    this.#report = report
  }

  /** @param key name of a narrower token than the session's own */
  accessToken(caller: RefreshCaller, key: string | undefined, options: AccessTokenOptions): Promise<AccessToken> {
    const start = (): Promise<AccessToken> =>
      key === undefined ? this.#refreshShared(caller) : this.#narrowToken(key, options, caller)
    return this.#forCaller(start, caller, options.signal)
  }

  refresh(caller: RefreshCaller, { scope: requested, refreshToken, signal }: RefreshOptions): Promise<TokenSet> {
    const scope = joinScope(requested) || undefined
    // A custom scope or refresh token cannot be shared with other callers.
    const isCustom = Boolean(scope ?? refreshToken)
    return this.#forCaller(
      () => (isCustom ? this.#renew(caller, { scope, refreshToken, isExplicit: true }) : this.#refreshShared(caller, true)),
      caller,
      signal,
    )
  }

  #refreshShared(caller: RefreshCaller, isExplicit?: true): Promise<TokenSet> {
    this.#inFlight ??= this.#renew(caller, { isExplicit }).finally(() => (this.#inFlight = undefined))
    return this.#inFlight
  }

  async #renew({ known }: RefreshCaller, options: Omit<RefreshRequest, 'known'>): Promise<TokenSet> {
    const { session } = this.#parts
    session.dispatch({ type: 'refresh_started' })
    try {
      return await renewTokenSet(this.#parts, { ...options, known })
    } catch (cause) {
      return await this.#fail(cause)
    } finally {
      if (session.state.activity === 'refreshing') session.dispatch({ type: 'refresh_ended' })
    }
  }

  #narrowToken(key: string, { resource, scope }: AccessTokenOptions, { known }: RefreshCaller): Promise<AccessToken> {
    // Not shared with the calls of a former user.
    const name = `${known?.claims?.sub} ${known?.signedInAt} ${key}`
    const renew = (): Promise<AccessToken> =>
      renewNarrowToken(this.#parts, { key, resource, scope: joinScope(scope), known })
        .catch((cause: unknown) => this.#fail(cause))
        .finally(() => this.#narrow.delete(name))
    const pending = this.#narrow.get(name) ?? renew()
    this.#narrow.set(name, pending)
    return pending
  }

  /** Reports a failure, unless it is that of a call of a former user, which says nothing about the session. */
  async #fail(cause: unknown): Promise<never> {
    const { session, context } = this.#parts
    const error = await context.explain(cause)
    if (session.state.tokenSet && error.code === 'missing_token') throw error
    return this.#report.fail(error)
  }

  /**
   * A call belongs to the user for whom it was made, although all calls share one refresh. If its own signal aborts, or the client is
   * closed, the refresh continues for the others.
   *
   * @throws SessionError missing_token if that user has signed out, or another one has signed in; InteractionError aborted
   */
  #forCaller<T>(start: () => Promise<T>, { since, known, signal }: RefreshCaller, own: AbortSignal | undefined): Promise<T> {
    const { session, context } = this.#parts
    const throwIfOver = async (): Promise<void> => {
      // A refresh token from elsewhere is the caller's own.
      const { tokenSet } = session.state
      if (known && (!tokenSet || session.isOtherUser(known, tokenSet) || session.isPast(since)))
        throw await context.explain(createError('missing_token'))
    }
    const work = async (): Promise<T> => {
      // The session may have ended while the code of a refresh was loaded.
      await throwIfOver()
      const result = await start()
      await throwIfOver()
      return result
    }
    const isOver = own?.aborted
    return unlessAborted(isOver ? new Promise<never>(() => undefined) : untilClosed(session, work(), undefined, signal), own)
  }
}
