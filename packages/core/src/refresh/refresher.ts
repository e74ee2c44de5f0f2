import { asClientError, missingToken } from '../errors/client-error.js'
import type { ClientParts } from '../client/client-parts.js'
import { loadFlows } from '../client/lazy.js'
import type { AccessTokenOptions } from './refresh-options.js'
import type { RefreshWish } from './refresh-session.js'
import { type AccessToken, isExpired, tokenKey, type TokenSet, usefulLeeway } from '../protocol/token-set.js'

type RefresherParts = Pick<ClientParts, 'config' | 'session' | 'context' | 'events' | 'storage' | 'records' | 'flow'>

/**
 * Keeps tokens fresh. However many callers, components and tabs want a new token at once, one request leaves the browser: calls
 * of this tab share one promise, tabs take turns under a lock, and whoever gets the lock reads the storage again before asking.
 */
export class Refresher {
  #inFlight: Promise<TokenSet> | undefined
  readonly #narrow = new Map<string, Promise<AccessToken>>()
  readonly #parts: RefresherParts

  constructor(parts: RefresherParts) {
    this.#parts = parts
  }

  /** @returns whether the token is good for at least the leeway */
  isFresh(token: AccessToken): boolean {
    const { config, context } = this.#parts
    const now = config.environment.now() / 1000 + context.clockOffsetSeconds()
    return !isExpired(token, usefulLeeway(token, config.leewaySeconds), now)
  }

  /**
   * @returns a token for the resource (default: the session's own), renewed where needed
   * @throws SessionError missing_token, token_invalid; NetworkError (the session is kept)
   */
  async accessToken(options: AccessTokenOptions): Promise<AccessToken> {
    const { tokenSet } = this.#parts.session.state
    // A sign-in for an ID token alone (response_type=id_token) has no access token.
    if (!tokenSet?.accessToken) throw missingToken()
    const { forceRefresh, signal } = options
    const key = tokenKey(options.resource, options.scope)
    const present = key === undefined ? tokenSet : tokenSet.byResource?.[key]
    if (present && !forceRefresh && this.isFresh(present)) return present
    return unlessAborted(() => (key === undefined ? this.refresh() : this.#narrowToken(key, options)), signal)
  }

  /** One refresh for all callers. @throws as `accessToken` */
  refresh(wish: Pick<RefreshWish, 'scope' | 'refreshToken'> = {}): Promise<TokenSet> {
    // A token of one's own choice is not what the others wait for.
    if (wish.scope ?? wish.refreshToken) return this.#renew(wish)
    this.#inFlight ??= this.#renew(wish).finally(() => (this.#inFlight = undefined))
    return this.#inFlight
  }

  async #renew(wish: Partial<RefreshWish>): Promise<TokenSet> {
    const { session, events } = this.#parts
    const known = session.state.tokenSet
    session.dispatch({ type: 'refresh_started' })
    try {
      const { renewTokenSet } = await loadFlows()
      return await renewTokenSet(this.#parts, { ...wish, known, isFresh: (token) => this.isFresh(token) })
    } catch (cause) {
      const error = asClientError(cause)
      events.emit('refresh-failed', { error })
      if (session.state.status === 'signed-in') session.fail(error)
      throw error
    } finally {
      if (session.state.activity === 'refreshing') session.dispatch({ type: 'refresh_ended' })
    }
  }

  #narrowToken(key: string, { resource, scope }: AccessTokenOptions): Promise<AccessToken> {
    const known = this.#parts.session.state.tokenSet?.byResource?.[key]
    const pending =
      this.#narrow.get(key) ??
      loadFlows()
        .then(({ renewNarrowToken }) =>
          renewNarrowToken(this.#parts, { key, resource, scope, known }, (token) => this.isFresh(token)),
        )
        .catch((cause: unknown) => Promise.reject(asClientError(cause)))
        .finally(() => this.#narrow.delete(key))
    this.#narrow.set(key, pending)
    return pending
  }
}

/** The caller gives up waiting; the refresh itself goes on for the others. @throws InteractionError aborted */
export async function unlessAborted<T>(start: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return signal ? (await loadFlows()).unlessAborted(start(), signal) : start()
}
