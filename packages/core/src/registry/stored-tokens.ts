import { createError } from '../errors/create-error.js'
import { type SessionError, OAuthClientError } from '../errors/errors.js'
import type { ClientInternals } from '../client/internals.js'
import { loadServerCalls } from '../client/lazy.js'
import type { AccessTokenOptions } from '../refresh/refresh-options.js'
import { type AccessToken, isExpired, type TokenSet, type TokenSetReason } from '../protocol/token-set.js'
import { fromStoredToken, type StoredToken } from './stored-token.js'

export interface StoredTokenParts {
  readonly client: Pick<ClientInternals, 'config' | 'context' | 'refresher'>
  readonly fetchToken: () => StoredToken | undefined | Promise<StoredToken | undefined>
  readonly onTokenSet: ((tokenSet: TokenSet, reason: TokenSetReason) => void | Promise<void>) | undefined
}

/**
 * The tokens that `fetchToken` gives, for a client without a session of its own. One that has expired, or was refused, is renewed with
 * its refresh token, and `onTokenSet` told of the new one: once for calls at the same time, and with the new refresh token from then
 * on even where the store has not taken it, since the former one is spent.
 *
 * @see RFC 6749, section 6
 */
export class StoredTokens {
  readonly #parts: StoredTokenParts
  /** By the stored access token. */
  readonly #renewing = new Map<string, Promise<TokenSet>>()
  #renewed: { readonly stored: string; readonly tokenSet: TokenSet } | undefined

  constructor(parts: StoredTokenParts) {
    this.#parts = parts
  }

  /**
   * @returns undefined where nothing is stored
   * @throws SessionError token_invalid where the token is no good and cannot be renewed; ValidationError; NetworkError
   */
  async accessToken({ forceRefresh }: Pick<AccessTokenOptions, 'forceRefresh'>): Promise<AccessToken | undefined> {
    const { client, fetchToken } = this.#parts
    const row = await fetchToken()
    if (row === undefined) return undefined
    const { accessToken: stored } = fromStoredToken(row)
    const present = this.#renewed?.stored === stored ? this.#renewed.tokenSet : tokenSetOf(row)
    if (!forceRefresh && client.refresher.isFresh(present)) return present
    if (present.refreshToken === undefined) {
      const now = client.config.environment.now() / 1000 + client.context.clockOffsetSeconds()
      if (!forceRefresh && !isExpired(present, 0, now)) return present
      throw cannotRenew('the stored token is not good any more and has no "refresh_token"')
    }
    const renewing = this.#renewing.get(stored) ?? this.#renew(stored, present).finally(() => this.#renewing.delete(stored))
    this.#renewing.set(stored, renewing)
    return renewing
  }

  async #renew(stored: string, present: TokenSet): Promise<TokenSet> {
    const { client, onTokenSet } = this.#parts
    const { refreshTokenSet } = await loadServerCalls()
    const keep = (tokenSet: TokenSet): void => {
      this.#renewed = { stored, tokenSet }
    }
    const onRefreshToken = (refreshToken: string): void => keep({ ...present, refreshToken })
    const fresh = await refreshTokenSet(client.context, present, { onRefreshToken }).catch((cause: unknown) => {
      throw cause instanceof OAuthClientError && cause.code === 'invalid_grant'
        ? cannotRenew('the authorization server no longer takes the refresh token of the stored token', cause)
        : cause
    })
    keep(fresh)
    await onTokenSet?.(fresh, 'refresh')
    return fresh
  }
}

function tokenSetOf(row: StoredToken): TokenSet {
  const { refresh_token: refreshToken, scope } = row
  return {
    ...fromStoredToken(row),
    ...(refreshToken ? { refreshToken } : {}),
    ...(typeof scope === 'string' ? { scope } : {}),
    // When it came is not known; only its expiry counts.
    receivedAt: 0,
    response: row,
  }
}

function cannotRenew(message: string, cause?: OAuthClientError): SessionError {
  return createError('token_invalid', message, {
    hint: 'Let the person sign in again, and store the new token.',
    spec: 'RFC 6749, section 6',
    ...(cause && { error: cause.error, errorDescription: cause.errorDescription, cause }),
  })
}
