import { createError } from '../errors/create-error.js'
import type { Emitter } from '../platform/emitter.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import { type AccessToken, isFresh, tokenKey, type TokenSet } from '../protocol/token-set.js'
import type { Session } from '../session/session.js'
import type { AccessTokenOptions, RefreshEvents, RefreshOptions } from './refresh-options.js'
import type { RefreshCaller, SharedRefresh } from './shared-refresh.js'

/** What the refresher needs of its client. */
export interface RefresherParts {
  readonly leewaySeconds: number
  readonly session: Session
  readonly context: Pick<ProtocolContext, 'environment' | 'clockOffsetSeconds' | 'explain'>
  readonly events: Emitter<RefreshEvents>
  readonly load: () => Promise<{ readonly sharedRefresh: Pick<SharedRefresh, 'accessToken' | 'refresh'> }>
}

type SharedCalls = Awaited<ReturnType<RefresherParts['load']>>['sharedRefresh']
type Shared<T> = (shared: SharedCalls, caller: RefreshCaller) => Promise<T>

/** Returns a fresh token at once. Everything else is `shared-refresh.ts`, which is loaded when a token has to be refreshed. */
export class Refresher {
  #loading: ReturnType<RefresherParts['load']> | undefined
  readonly #parts: RefresherParts

  constructor(parts: RefresherParts) {
    this.#parts = parts
  }

  /** @returns whether the token is valid for at least the leeway */
  isFresh(token: AccessToken): boolean {
    const { leewaySeconds, context } = this.#parts
    return isFresh(token, leewaySeconds, context.environment.now() / 1000 + context.clockOffsetSeconds())
  }

  /** @returns a fresh token that this page has, if there is one, without waiting for anything */
  presentToken({ resource, scope, forceRefresh, signal }: AccessTokenOptions): AccessToken | undefined {
    const { tokenSet } = this.#parts.session.state
    const key = tokenKey(resource, scope)
    const present = key === undefined ? tokenSet : tokenSet?.byResource?.[key]
    if (present?.accessToken && !forceRefresh && !signal?.aborted && this.isFresh(present)) return present
    return undefined
  }

  /**
   * @param signal the session's signal when the call was made: the client may be closed while code is loaded
   * @returns a token for the resource (default: the session's own), refreshed if needed
   * @throws SessionError missing_token, token_invalid; NetworkError (the session is kept)
   */
  accessToken(options: AccessTokenOptions, signal?: AbortSignal): Promise<AccessToken> {
    return this.#call(signal, (known) => {
      // After a sign-in for an ID token alone (response_type=id_token) there is no access token.
      if (!known?.accessToken) throw createError('missing_token')
      const key = tokenKey(options.resource, options.scope)
      return this.presentToken(options) ?? ((shared, caller) => shared.accessToken(caller, key, options))
    })
  }

  /** @throws as `accessToken`; SessionError missing_token if no user is signed in and no refresh token is given */
  refresh(options: RefreshOptions = {}, signal?: AbortSignal): Promise<TokenSet> {
    return this.#call(signal, (known) => {
      if (!known && !options.refreshToken) throw createError('missing_token')
      return (shared, caller) => shared.refresh(caller, options)
    })
  }

  /**
   * What is thrown for an argument of another type is an `OAuthClientError` in production, too, where no argument is checked.
   *
   * @param start returns the result, or gets it from the code that is loaded
   */
  async #call<T extends object>(
    signal: AbortSignal | undefined,
    start: (known: TokenSet | undefined) => T | Shared<T>,
  ): Promise<T> {
    const { session, context } = this.#parts
    try {
      // Another user may have signed in while this code was loaded.
      signal?.throwIfAborted()
      const { tokenSet: known } = session.state
      const work = start(known)
      if (typeof work !== 'function') return work
      const since = session.moment(false)
      return await work((await this.#load()).sharedRefresh, { since, known, signal })
    } catch (cause) {
      const error = await context.explain(cause)
      // All others were reported where they were thrown.
      if (error !== cause) session.fail(error)
      throw error
    }
  }

  /** Reports a failure: the caller, the listeners and the state get the same error. */
  async fail(cause: unknown): Promise<never> {
    const { session, events, context } = this.#parts
    const error = await context.explain(cause)
    events.emit('refresh-failed', { error })
    if (session.state.status === 'signed-in') session.fail(error)
    throw error
  }

  /** However many callers wait, one failure is reported. */
  #load(): ReturnType<RefresherParts['load']> {
    this.#loading ??= this.#parts
      .load()
      .catch((cause: unknown) => this.fail(cause))
      .finally(() => (this.#loading = undefined))
    return this.#loading
  }
}
