import { createError } from '../errors/create-error.js'
import type { Emitter } from '../platform/emitter.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import { type AccessToken, isFresh, tokenKey, type TokenSet } from '../protocol/token-set.js'
import type { Session } from '../session/session.js'
import type { AccessTokenOptions, RefreshEvents, RefreshOptions } from './refresh-options.js'
import type { SharedRefresh } from './shared-refresh.js'

/** What the refresher needs of its client. */
export interface RefresherParts {
  readonly leewaySeconds: number
  readonly session: Session
  readonly context: Pick<ProtocolContext, 'environment' | 'clockOffsetSeconds' | 'explain'>
  readonly events: Emitter<RefreshEvents>
  readonly load: () => Promise<{ readonly sharedRefresh: Pick<SharedRefresh, 'accessToken' | 'refresh'> }>
}

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

  /**
   * @param signal the session's signal when the call was made: the client may be closed while code is loaded
   * @returns a token for the resource (default: the session's own), refreshed if needed
   * @throws SessionError missing_token, token_invalid; NetworkError (the session is kept)
   */
  accessToken(options: AccessTokenOptions, signal?: AbortSignal): Promise<AccessToken> {
    return this.#typed(this.#accessToken(options, signal))
  }

  async #accessToken(options: AccessTokenOptions, signal?: AbortSignal): Promise<AccessToken> {
    const { session } = this.#parts
    // Another user may have signed in while this code was loaded.
    signal?.throwIfAborted()
    const { tokenSet } = session.state
    // After a sign-in for an ID token alone (response_type=id_token) there is no access token.
    if (!tokenSet?.accessToken) throw createError('missing_token')
    const key = tokenKey(options.resource, options.scope)
    const present = key === undefined ? tokenSet : tokenSet.byResource?.[key]
    if (present && !options.forceRefresh && !options.signal?.aborted && this.isFresh(present)) return present
    const since = session.moment(false)
    const { sharedRefresh } = await this.#load()
    return sharedRefresh.accessToken({ since, known: tokenSet, signal }, key, options)
  }

  /** @throws as `accessToken`; SessionError missing_token if no user is signed in and no refresh token is given */
  refresh(options?: RefreshOptions, signal?: AbortSignal): Promise<TokenSet> {
    return this.#typed(this.#refresh(options, signal))
  }

  async #refresh(options: RefreshOptions = {}, signal?: AbortSignal): Promise<TokenSet> {
    const { session } = this.#parts
    signal?.throwIfAborted()
    const { tokenSet } = session.state
    if (!tokenSet && !options.refreshToken) throw createError('missing_token')
    const since = session.moment(false)
    const { sharedRefresh } = await this.#load()
    return sharedRefresh.refresh({ since, known: tokenSet, signal }, options)
  }

  /** Reports a failure: the caller, the listeners and the state get the same error. */
  async fail(cause: unknown): Promise<never> {
    const { session, events, context } = this.#parts
    const error = await context.explain(cause)
    events.emit('refresh-failed', { error })
    if (session.state.status === 'signed-in') session.fail(error)
    throw error
  }

  /** What is thrown for an argument of another type is an `OAuthClientError` in production, too, where no argument is checked. */
  #typed<T>(call: Promise<T>): Promise<T> {
    const { session, context } = this.#parts
    return call.catch(async (cause: unknown) => {
      const error = await context.explain(cause)
      // All others were reported where they were thrown.
      if (error !== cause) session.fail(error)
      throw error
    })
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
