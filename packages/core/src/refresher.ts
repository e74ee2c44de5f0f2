import { asClientError, missingToken } from './client-error.js'
import type { ClientParts } from './client-parts.js'
import { loadFlows } from './load-flows.js'
import type { AccessTokenOptions } from './oauth-client.js'
import { type AccessToken, isExpired, type TokenSet, usefulLeeway } from './token-set.js'

type RefresherParts = Pick<ClientParts, 'config' | 'session' | 'context' | 'events' | 'storage' | 'records'>

/**
 * Keeps tokens fresh. However many callers, components and tabs want a new token at once, one request leaves the browser: calls
 * of this tab share one promise, tabs take turns under a lock, and whoever gets the lock reads the storage again before asking.
 */
export class Refresher {
  #inFlight: Promise<TokenSet> | undefined
  readonly #forResource = new Map<string, Promise<AccessToken>>()
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
    const { resource, forceRefresh, signal } = options
    if (resource !== undefined && tokenSet.refreshToken) {
      const present = tokenSet.byResource?.[resource]
      return present && !forceRefresh && this.isFresh(present)
        ? present
        : unlessAborted(this.#resourceToken(resource, options.scope), signal)
    }
    return !forceRefresh && this.isFresh(tokenSet) ? tokenSet : unlessAborted(this.refresh(), signal)
  }

  /** One refresh for all callers. @throws as `accessToken` */
  refresh(): Promise<TokenSet> {
    this.#inFlight ??= this.#renew().finally(() => (this.#inFlight = undefined))
    return this.#inFlight
  }

  async #renew(): Promise<TokenSet> {
    const { session, events } = this.#parts
    const known = session.revision
    session.dispatch({ type: 'refresh_started' })
    try {
      const { renewTokenSet } = await loadFlows()
      return await renewTokenSet(this.#parts, known, (token) => this.isFresh(token))
    } catch (cause) {
      const error = asClientError(cause)
      events.emit('refresh-failed', { error })
      if (session.state.status === 'signed-in') session.fail(error)
      throw error
    } finally {
      if (session.state.activity === 'refreshing') session.dispatch({ type: 'refresh_ended' })
    }
  }

  #resourceToken(resource: string, scope: string | undefined): Promise<AccessToken> {
    const known = this.#parts.session.state.tokenSet?.byResource?.[resource]
    const pending =
      this.#forResource.get(resource) ??
      loadFlows()
        .then(({ renewResourceToken }) =>
          renewResourceToken(this.#parts, { resource, scope, known }, (token) => this.isFresh(token)),
        )
        .catch((cause: unknown) => Promise.reject(asClientError(cause)))
        .finally(() => this.#forResource.delete(resource))
    this.#forResource.set(resource, pending)
    return pending
  }
}

/** The caller gives up waiting; the refresh itself goes on for the others. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
