import { createError } from '../errors/create-error.js'
import { type SessionError, OAuthClientError, ServerError } from '../errors/errors.js'
import type { ClientInternals } from '../client/internals.js'
import { loadServerCalls } from '../client/lazy.js'
import type { AccessTokenOptions } from '../refresh/refresh-options.js'
import { refuseAborted, unlessAborted } from '../platform/abort.js'
import type { UserClaims } from '../protocol/claims.js'
import type { UserInfoOptions } from '../fetch/fetch-options.js'
import { isExpired, type TokenSet, type TokenSetReason } from '../protocol/token-set.js'
import { fromStoredToken, type StoredToken } from './stored-token.js'

export interface StoredTokenParts {
  readonly client: Pick<ClientInternals, 'config' | 'context' | 'refresher'>
  readonly fetchToken: () => StoredToken | undefined | Promise<StoredToken | undefined>
  readonly onTokenSet: ((tokenSet: TokenSet, reason: TokenSetReason, former?: TokenSet) => void | Promise<void>) | undefined
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
  /** Pending refreshes by the stored access token. */
  readonly #renewing = new Map<string, Promise<TokenSet>>()
  #renewed: { readonly stored: string; readonly tokenSet: TokenSet } | undefined

  constructor(parts: StoredTokenParts) {
    this.#parts = parts
  }

  /**
   * @returns a token that is fresh; undefined if no token is stored
   * @throws SessionError token_invalid if the token is invalid and cannot be refreshed; InteractionError aborted; ValidationError;
   *   NetworkError
   */
  async tokenSet({ forceRefresh, signal }: Pick<AccessTokenOptions, 'forceRefresh' | 'signal'>): Promise<TokenSet | undefined> {
    refuseAborted(signal)
    const { client } = this.#parts
    const row = await this.present()
    if (!row) return undefined
    const { stored, ...present } = row
    if (!forceRefresh && client.refresher.isFresh(present)) return present
    if (present.refreshToken === undefined) {
      const now = client.config.environment.now() / 1000 + client.context.clockOffsetSeconds()
      if (!forceRefresh && !isExpired(present, 0, now)) return present
      throw cannotRenew('The stored token is no longer valid and has no "refresh_token".')
    }
    const renewing = this.#renewing.get(stored) ?? this.#renew(stored, present).finally(() => this.#renewing.delete(stored))
    this.#renewing.set(stored, renewing)
    return unlessAborted(renewing, signal)
  }

  /** @returns the token as it is stored, or what it was renewed to; undefined if no token is stored */
  async present(): Promise<(TokenSet & { readonly stored: string }) | undefined> {
    const row = await this.#parts.fetchToken()
    if (row === undefined) return undefined
    const { accessToken: stored } = fromStoredToken(row)
    return { ...(this.#renewed?.stored === stored ? this.#renewed.tokenSet : tokenSetOf(row)), stored }
  }

  /**
   * Requests UserInfo with the stored token, which is refreshed once if the endpoint refuses it.
   *
   * @returns undefined if no token is stored
   */
  async userInfo(options: UserInfoOptions): Promise<UserClaims | undefined> {
    const { context } = this.#parts.client
    const { fetchUserInfo } = await loadServerCalls()
    const tokenSet = await this.tokenSet(options)
    if (!tokenSet) return undefined
    try {
      return await fetchUserInfo(context, tokenSet, options)
    } catch (refusal) {
      if (!(refusal instanceof ServerError) || refusal.status !== 401 || !tokenSet.refreshToken) throw refusal
      const renewed = await this.tokenSet({ ...options, forceRefresh: true })
      return renewed && fetchUserInfo(context, renewed, options)
    }
  }

  async #renew(stored: string, present: TokenSet): Promise<TokenSet> {
    const { client, onTokenSet } = this.#parts
    const { refreshTokenSet } = await loadServerCalls()
    const keep = (tokenSet: TokenSet): void => {
      this.#renewed = { stored, tokenSet }
    }
    let kept: TokenSet | undefined
    const onRefreshToken = (refreshToken: string): void => keep((kept = { ...present, refreshToken }))
    const fresh = await refreshTokenSet(client.context, present, { onRefreshToken }).catch(async (cause: unknown) => {
      // The stored refresh token is spent: without this one, the next process could not go on.
      if (kept) await onTokenSet?.(kept, 'refresh', present)
      throw cause instanceof OAuthClientError && cause.code === 'invalid_grant'
        ? cannotRenew('The authorization server refused the refresh token of the stored token.', cause)
        : cause
    })
    keep(fresh)
    await onTokenSet?.(fresh, 'refresh', present)
    return fresh
  }
}

function tokenSetOf(row: StoredToken): TokenSet {
  const { refresh_token: refreshToken, scope } = row
  return {
    ...fromStoredToken(row),
    ...(refreshToken ? { refreshToken } : {}),
    ...(typeof scope === 'string' ? { scope } : {}),
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
