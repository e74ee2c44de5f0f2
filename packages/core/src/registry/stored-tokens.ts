import { createError } from '../errors/create-error.js'
import { type SessionError, OAuthClientError, ServerError } from '../errors/errors.js'
import type { ClientInternals } from '../client/internals.js'
import { loadSessionCalls } from '../client/lazy.js'
import type { AccessTokenOptions } from '../refresh/refresh-options.js'
import { refuseAborted, unlessAborted } from '../platform/abort.js'
import type { UserClaims } from '../protocol/claims.js'
import type { UserInfoOptions } from '../fetch/fetch-options.js'
import { joinScope } from '../protocol/scope.js'
import { type AccessToken, isExpired, isFresh, tokenKey, type TokenSet, type TokenSetReason } from '../protocol/token-set.js'
import { mayRenewFor, noteRefusedRenewal, type TokenTarget } from '../fetch/refused-renewals.js'
import { addToken } from '../refresh/add-token.js'
import { RequestPause } from '../refresh/request-pause.js'
import { fromStoredToken, type StoredToken } from './stored-token.js'

export interface StoredTokenParts {
  readonly client: Pick<ClientInternals, 'config' | 'context'>
  readonly fetchToken: () => StoredToken | null | undefined | Promise<StoredToken | null | undefined>
  readonly onTokenSet: ((tokenSet: TokenSet, reason: TokenSetReason, former?: TokenSet) => void | Promise<void>) | undefined
}

/** What a separate token is for. */
interface NarrowRequest {
  readonly resource: string | undefined
  readonly scope: string | undefined
}

/** A token set, and what tells its row in the store from others: its access token and refresh token. */
interface PresentToken {
  readonly row: string
  readonly tokenSet: TokenSet
}

/**
 * The tokens of `fetchToken`, for a client without its own session. A token that has expired or was refused is refreshed with its
 * refresh token, and `onTokenSet` receives the new one. Concurrent calls share one refresh, and later ones use the new refresh token
 * even if the store did not save it, because the old one is used up.
 *
 * @see RFC 6749, section 6
 */
export class StoredTokens {
  readonly #parts: StoredTokenParts
  readonly #pause: RequestPause
  /** Pending requests by row, and by what is requested. */
  readonly #pending = new Map<string, Promise<AccessToken>>()
  /** The last request of each row: its refresh token is sent by one request at a time. */
  readonly #turns = new Map<string, Promise<unknown>>()
  #narrow: Readonly<Record<string, AccessToken>> = {}
  readonly #life = new AbortController().signal
  #renewed: PresentToken | undefined

  constructor(parts: StoredTokenParts) {
    this.#parts = parts
    this.#pause = new RequestPause(parts.client.config.environment.now)
  }

  /**
   * @returns a token that is fresh, for one resource or with one scope if requested; undefined if no token is stored
   * @throws as `tokenSet`
   */
  async accessToken(options: AccessTokenOptions): Promise<AccessToken | undefined> {
    const { resource, signal } = options
    const scope = joinScope(options.scope)
    const key = tokenKey(resource, scope)
    if (key === undefined) return this.tokenSet({ ...options, scope: undefined })
    refuseAborted(signal)
    const present = await this.#read()
    if (!present) return undefined
    const { row, tokenSet } = present
    if (tokenSet.refreshToken === undefined) {
      if (!isGranted(this.#parts.client, tokenSet, { resource, scope })) throw cannotRenew(NOT_FOR_THIS)
      return this.tokenSet({ ...options, scope: undefined })
    }
    const name = `${tokenSet.accessToken} ${key}`
    const known = this.#narrow[name]
    if (known && !options.forceRefresh && this.#isFresh(known)) return known
    return unlessAborted(
      this.#inTurn(row, `narrow ${key}`, () => this.#requestNarrow(present, { resource, scope }, name)),
      signal,
    )
  }

  /**
   * @param options `scope` narrows the new token
   * @returns a token that is fresh; undefined if no token is stored
   * @throws SessionError token_invalid if the token is invalid and cannot be refreshed; InteractionError aborted; ValidationError;
   *   NetworkError
   */
  async tokenSet({ forceRefresh, signal, ...options }: AccessTokenOptions): Promise<TokenSet | undefined> {
    refuseAborted(signal)
    const scope = joinScope(options.scope)
    const present = await this.#read()
    if (!present) return undefined
    const { row, tokenSet } = present
    if (!forceRefresh && this.#isFresh(tokenSet)) return tokenSet
    if (tokenSet.refreshToken === undefined) {
      if (!forceRefresh && !isExpired(tokenSet, 0, this.#nowSeconds())) return tokenSet
      throw cannotRenew('The stored token is no longer valid and has no "refresh_token".')
    }
    return unlessAborted(
      this.#inTurn(row, `own ${scope ?? ''}`, () => this.#renew(present, scope)),
      signal,
    )
  }

  /** @returns the token as it is stored, or what it was renewed to; undefined if no token is stored */
  async present(): Promise<TokenSet | undefined> {
    return (await this.#read())?.tokenSet
  }

  /**
   * Requests UserInfo with the stored token, which is refreshed once if the endpoint refuses it.
   *
   * @returns undefined if no token is stored
   */
  async userInfo(options: UserInfoOptions): Promise<UserClaims | undefined> {
    const { context } = this.#parts.client
    const { fetchUserInfo } = await loadSessionCalls()
    const tokenSet = await this.tokenSet(options)
    if (!tokenSet) return undefined
    try {
      return await fetchUserInfo(context, tokenSet, options)
    } catch (refusal) {
      const isRefused = refusal instanceof ServerError && refusal.status === 401
      if (!isRefused || !tokenSet.refreshToken || !mayRenewFor(this.#userInfo())) throw refusal
      const renewed = await this.tokenSet({ ...options, forceRefresh: true })
      if (!renewed) return undefined
      return await fetchUserInfo(context, renewed, options).catch((cause: unknown) => {
        if (cause instanceof ServerError && cause.status === 401) noteRefusedRenewal(this.#userInfo())
        throw cause
      })
    }
  }

  #userInfo(): TokenTarget {
    return { session: this.#life, address: 'userinfo', now: this.#parts.client.config.environment.now() }
  }

  #isFresh(token: AccessToken): boolean {
    return isFresh(token, this.#parts.client.config.leewaySeconds, this.#nowSeconds())
  }

  #nowSeconds(): number {
    const { config, context } = this.#parts.client
    return config.environment.now() / 1000 + context.clockOffsetSeconds()
  }

  async #read(): Promise<PresentToken | undefined> {
    const stored = (await this.#parts.fetchToken()) ?? undefined
    if (stored === undefined) return undefined
    const tokenSet = tokenSetOf(stored)
    const row = JSON.stringify([tokenSet.accessToken, tokenSet.refreshToken])
    return this.#latest({ row, tokenSet })
  }

  /** @returns what the row was renewed to, if the store does not have it */
  #latest(present: PresentToken): PresentToken {
    return this.#renewed?.row === present.row ? this.#renewed : present
  }

  /** Shares a request that is pending, and waits for others with the same refresh token. */
  #inTurn<Token extends AccessToken>(row: string, what: string, work: () => Promise<Token>): Promise<Token> {
    const name = `${row} ${what}`
    // Each name has one kind of result.
    const pending = this.#pending.get(name) as Promise<Token> | undefined
    if (pending) return pending
    const turn = (this.#turns.get(row) ?? Promise.resolve()).then(work, work).finally(() => {
      this.#pending.delete(name)
      if (this.#turns.get(row) === turn) this.#turns.delete(row)
    })
    this.#pending.set(name, turn)
    this.#turns.set(row, turn)
    return turn
  }

  async #renew(before: PresentToken, scope: string | undefined): Promise<TokenSet> {
    const { client, onTokenSet } = this.#parts
    const { refreshTokenSet } = await loadSessionCalls()
    const present = this.#latest(before)
    const fresh = await this.#send(present, (onRefreshToken) =>
      refreshTokenSet(client.context, present.tokenSet, { scope, onRefreshToken }),
    )
    this.#renewed = { row: present.row, tokenSet: fresh }
    await onTokenSet?.(fresh, 'refresh', present.tokenSet)
    return fresh
  }

  async #requestNarrow(before: PresentToken, request: NarrowRequest, name: string): Promise<AccessToken> {
    const { client, onTokenSet } = this.#parts
    const { refreshNarrowToken } = await loadSessionCalls()
    const { row, tokenSet: former } = this.#latest(before)
    const { token, tokenSet } = await this.#send(
      { row, tokenSet: former },
      (onRefreshToken) => refreshNarrowToken(client.context, former, { ...request, onRefreshToken }),
      tokenKey(request.resource, request.scope),
    )
    this.#narrow = addToken(this.#narrow, { name, token, nowSeconds: this.#nowSeconds() })
    if (tokenSet.refreshToken !== former.refreshToken) {
      this.#renewed = { row, tokenSet }
      await onTokenSet?.(tokenSet, 'refresh', former)
    }
    return token
  }

  /** @param send gets what keeps a rotated refresh token, whatever else is wrong with the response */
  async #send<T>(
    { row, tokenSet }: PresentToken,
    send: (onRefreshToken: (issued: string) => void) => Promise<T>,
    key?: string,
  ): Promise<T> {
    let kept: TokenSet | undefined
    const onRefreshToken = (refreshToken: string): void => {
      kept = { ...tokenSet, refreshToken }
      this.#renewed = { row, tokenSet: kept }
    }
    try {
      return await this.#pause.run(() => send(onRefreshToken), key)
    } catch (cause) {
      // The stored refresh token is spent: without this one, the next process could not go on.
      if (kept) await this.#parts.onTokenSet?.(kept, 'refresh', tokenSet)
      throw cause instanceof OAuthClientError && cause.code === 'invalid_grant'
        ? cannotRenew('The authorization server refused the refresh token of the stored token.', cause)
        : cause
    }
  }
}

const NOT_FOR_THIS =
  'The stored token is not for the requested resource or scope, and has no "refresh_token" to get another one with.'

/** Whether the stored token may be used instead of a separate one (RFC 8707, section 2). */
function isGranted(
  { context }: Pick<ClientInternals, 'context'>,
  tokenSet: TokenSet,
  { resource, scope = '' }: NarrowRequest,
): boolean {
  const resources = context.options.resources ?? []
  const isFor = resource === undefined || resources.some((one) => typeof one !== 'string' && one.resource === resource)
  const granted = new Set((tokenSet.scope ?? '').split(' '))
  return isFor && scope.split(/\s+/).every((word) => word === '' || granted.has(word))
}

function tokenSetOf(row: StoredToken): TokenSet {
  const { refresh_token: refreshToken, scope } = row
  return {
    ...fromStoredToken(row),
    refreshToken: refreshToken || undefined,
    scope: typeof scope === 'string' ? scope : undefined,
    // The time of receipt is unknown; only the expiry is used.
    receivedAt: 0,
    response: row,
  }
}

function cannotRenew(message: string, cause?: OAuthClientError): SessionError {
  return createError('token_invalid', message, {
    hint: 'Have the user sign in again, and store the new token.',
    spec: 'RFC 6749, section 6',
    ...(cause && { error: cause.error, errorDescription: cause.errorDescription, cause }),
  })
}
