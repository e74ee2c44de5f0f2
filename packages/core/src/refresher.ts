import type { ClientEvents } from './client-events.js'
import type { CrossTabLock } from './cross-tab-lock.js'
import type { Emitter } from './emitter.js'
import { NetworkError, OAuthClientError, SessionError } from './errors.js'
import { loadProtocol } from './load-protocol.js'
import type { AccessTokenOptions } from './oauth-client.js'
import type { ProtocolContext } from './protocol/protocol.js'
import type { Session } from './session.js'
import { type AccessToken, isExpired, type TokenSet, usefulLeeway } from './token-set.js'

export interface RefresherParts {
  readonly session: Session
  readonly lock: CrossTabLock
  readonly context: ProtocolContext
  readonly events: Emitter<ClientEvents>
  /** Seconds since the epoch, on the server's clock. */
  readonly now: () => number
  readonly leewaySeconds: number
}

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
    return !isExpired(token, usefulLeeway(token, this.#parts.leewaySeconds), this.#parts.now())
  }

  /**
   * @returns a token for the resource (default: the session's own), renewed where needed
   * @throws SessionError missing_token, token_invalid; NetworkError (the session is kept)
   */
  async accessToken({ resource, scope, forceRefresh, signal }: AccessTokenOptions): Promise<AccessToken> {
    const tokenSet = this.#parts.session.state.tokenSet
    if (!tokenSet) throw missingToken()
    if (resource !== undefined && tokenSet.refreshToken)
      return this.#resourceToken(tokenSet, { resource, scope, forceRefresh, signal })
    if (!forceRefresh && this.isFresh(tokenSet)) return tokenSet
    return raceAbort(this.refresh(), signal)
  }

  /** One refresh for all callers. @throws as `accessToken` */
  refresh(): Promise<TokenSet> {
    const known = this.#parts.session.revision
    this.#inFlight ??= this.#refreshUnderLock(known).finally(() => (this.#inFlight = undefined))
    return this.#inFlight
  }

  async #refreshUnderLock(known: string | undefined): Promise<TokenSet> {
    const { session, lock, events } = this.#parts
    if (!session.state.tokenSet) throw missingToken()
    session.dispatch({ type: 'refresh_started' })
    try {
      return await lock(async () => {
        const current = await session.adopt()
        if (!current.tokenSet) throw missingToken()
        // Another tab was faster: its token is ours too.
        if (current.revision !== known && this.isFresh(current.tokenSet)) return current.tokenSet
        return this.#requestTokenSet(current.tokenSet, current.revision)
      })
    } catch (cause) {
      const error = asClientError(cause)
      events.emit('refresh-failed', { error })
      if (session.state.status === 'signed-in') session.fail(error)
      throw error
    } finally {
      if (session.state.activity === 'refreshing') session.dispatch({ type: 'refresh_ended' })
    }
  }

  async #requestTokenSet(tokenSet: TokenSet, revision: string | undefined): Promise<TokenSet> {
    const { session, context } = this.#parts
    if (!tokenSet.refreshToken) return this.#endUnrenewable(tokenSet, revision)
    const protocol = await loadProtocol()
    try {
      const fresh = await protocol.refreshTokenSet(context, tokenSet, {})
      if (await session.replace(fresh, revision, 'refresh')) return fresh
    } catch (cause) {
      if (!(cause instanceof OAuthClientError) || cause.code !== 'invalid_grant') throw cause
      return this.#settleRefusal(cause, revision)
    }
    // A sign-out or another sign-in came while the request was on its way.
    const { tokenSet: present } = await session.adopt()
    if (!present) throw missingToken()
    return present
  }

  /** The server refuses the refresh token. Should another tab have got a new one meanwhile, the session lives on with that. */
  async #settleRefusal(refusal: OAuthClientError, revision: string | undefined): Promise<TokenSet> {
    const { session } = this.#parts
    const present = await session.adopt()
    if (present.tokenSet && present.revision !== revision) return present.tokenSet
    const error = new SessionError(
      'token_invalid',
      'the session has ended: the authorization server no longer takes its refresh token',
      {
        hint: 'Sign in again.',
        spec: 'RFC 6749, section 5.2 (invalid_grant)',
        error: refusal.error,
        errorDescription: refusal.errorDescription,
        cause: refusal,
      },
    )
    session.end('session-ended', error)
    await session.clearRecord(revision)
    throw error
  }

  async #endUnrenewable(tokenSet: TokenSet, revision: string | undefined): Promise<never> {
    const error = new SessionError(
      'token_invalid',
      'the access token has expired and there is no refresh token to renew it with',
      {
        hint: 'Sign in again; to stay signed in, ask for a refresh token (often the scope "offline_access").',
        spec: 'RFC 6749, section 6',
      },
    )
    if (this.isFresh(tokenSet)) throw error
    this.#parts.session.end('session-ended', error)
    await this.#parts.session.clearRecord(revision)
    throw error
  }

  #resourceToken(tokenSet: TokenSet, options: ResourceTokenOptions): Promise<AccessToken> {
    const present = tokenSet.byResource?.[options.resource]
    if (present && !options.forceRefresh && this.isFresh(present)) return Promise.resolve(present)
    const pending = this.#forResource.get(options.resource) ?? this.#requestResourceToken(present, options)
    this.#forResource.set(options.resource, pending)
    const forget = (): boolean => this.#forResource.delete(options.resource)
    pending.then(forget, forget)
    return raceAbort(pending, options.signal)
  }

  async #requestResourceToken(known: AccessToken | undefined, { resource, scope }: ResourceTokenOptions): Promise<AccessToken> {
    const { session, lock, context } = this.#parts
    const protocol = await loadProtocol()
    return lock(async () => {
      const { tokenSet, revision } = await session.adopt()
      if (!tokenSet) throw missingToken()
      const present = tokenSet.byResource?.[resource]
      if (present && present.accessToken !== known?.accessToken && this.isFresh(present)) return present
      const answer = await protocol.requestResourceToken(
        context,
        tokenSet,
        scope === undefined ? { resource } : { resource, scope },
      )
      const byResource = { ...answer.tokenSet.byResource, [resource]: answer.token }
      if (!(await session.replace({ ...answer.tokenSet, byResource }, revision, 'refresh'))) throw missingToken()
      return answer.token
    }).catch((cause: unknown) => {
      throw asClientError(cause)
    })
  }
}

interface ResourceTokenOptions {
  readonly resource: string
  readonly scope: string | undefined
  readonly forceRefresh: boolean | undefined
  readonly signal: AbortSignal | undefined
}

function missingToken(): SessionError {
  return new SessionError('missing_token', 'nobody is signed in: there is no access token', { hint: 'Call login() first.' })
}

/** What is not ours (a stolen lock, a broken storage) becomes a failure that may be tried again. */
export function asClientError(cause: unknown): OAuthClientError {
  if (cause instanceof OAuthClientError) return cause
  return new NetworkError('network', 'the request to the authorization server was cut off', { retryable: true, cause })
}

/** The caller gives up waiting; the refresh itself goes on for the others. */
async function raceAbort<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  const { abortError } = await import('./abort.js')
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(abortError(signal))
    signal.addEventListener('abort', () => reject(abortError(signal)), { once: true })
    work.then(resolve, reject)
    return undefined
  })
}
