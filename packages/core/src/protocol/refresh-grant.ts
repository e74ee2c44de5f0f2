import { createError } from '../errors/create-error.js'
import { refreshTokenGrantRequest } from 'oauth4webapi'
import type { AccessToken, TokenSet } from './token-set.js'
import { checkIdToken } from './id-token.js'
import { loadServer } from './load-server.js'
import { dpopOption, withNonceRetry } from './nonce-retry.js'
import { authorizationServer, oauthClient } from './oauth-parties.js'
import { withClientErrors } from './protocol-errors.js'
import type { ProtocolContext } from './protocol-context.js'
import { withRightClock, withServerClock } from './server-clock.js'
import { authenticatedRequest } from './token-request.js'
import { readTokenResponse, tokenSetOf } from './token-response.js'

export interface RefreshOptions {
  readonly scope?: string | undefined
  readonly resource?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Told of the new refresh token at once, before the rest of the answer is checked: the former one is spent by then. */
  readonly onRefreshToken?: (issued: string) => unknown
}

/**
 * Requests a new token set with the refresh token.
 *
 * @returns the whole token set: what the response omits (refresh token, ID token, scope) is kept from the former one
 * @throws SessionError token_invalid; ServerError invalid_grant, token_error; NetworkError; ValidationError
 * @see RFC 6749, section 6
 */
export function refreshTokenSet(context: ProtocolContext, tokenSet: TokenSet, options: RefreshOptions): Promise<TokenSet> {
  return withClientErrors(() => refresh(context, tokenSet, options))
}

async function refresh(context: ProtocolContext, tokenSet: TokenSet, options: RefreshOptions): Promise<TokenSet> {
  const { refreshToken } = tokenSet
  if (refreshToken === undefined) {
    throw createError('token_invalid', 'there is no refresh token to get a new access token with', {
      hint: 'Sign in again; ask for "offline_access" if the server gives refresh tokens for that scope only.',
      spec: 'RFC 6749, section 6',
    })
  }
  const server = await loadServer(context, { keys: tokenSet.claims !== undefined, signal: options.signal })
  const { compliance } = context.options
  const request = await authenticatedRequest(context, server.metadata, 'token_endpoint', {
    request: compliance?.refreshTokenRequest,
    response: compliance?.refreshTokenResponse,
    signal: options.signal,
  })
  const further = { ...request.options, ...(await dpopOption(context)), additionalParameters: refreshParameters(options) }
  const [party, client] = [authorizationServer(server.metadata), oauthClient(context)]
  const response = await withNonceRetry(context, () =>
    refreshTokenGrantRequest(party, client, request.authentication, refreshToken, further),
  )
  const corrected = withServerClock(context, response.headers)
  const scope = options.scope ?? tokenSet.scope
  const { response: body } = await readTokenResponse(corrected, response, { scope, secrets: [refreshToken] })
  if (typeof body.refresh_token === 'string') options.onRefreshToken?.(body.refresh_token)
  return withRightClock(corrected, async (right) => {
    const fresh = tokenSetOf(right, body, scope)
    const { accessToken, idToken } = fresh
    if (idToken === undefined) {
      return { ...kept(tokenSet), ...fresh }
    }
    const claims = await checkIdToken(right, server, idToken, { former: tokenSet.claims, accessToken })
    return { ...kept(tokenSet), ...fresh, claims }
  })
}

/** Scope goes out only when it is to be narrowed: without it the server keeps what was granted. */
function refreshParameters({ scope, resource }: RefreshOptions): URLSearchParams {
  return new URLSearchParams({ ...(scope === undefined ? {} : { scope }), ...(resource === undefined ? {} : { resource }) })
}

/** What a refresh response may leave out and that stays true then. @see RFC 6749, section 6 */
function kept({ refreshToken, idToken, claims, byResource, signedInAt, sessionState }: TokenSet): Partial<TokenSet> {
  return {
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(idToken === undefined ? {} : { idToken }),
    ...(claims === undefined ? {} : { claims }),
    ...(byResource === undefined ? {} : { byResource }),
    ...(signedInAt === undefined ? {} : { signedInAt }),
    ...(sessionState === undefined ? {} : { sessionState }),
  }
}

/**
 * Requests an access token for one resource (RFC 8707, section 2.2) or with a narrower scope (RFC 6749, section 6).
 *
 * @returns it, and the token set with a rotated refresh token
 */
export async function refreshNarrowToken(
  context: ProtocolContext,
  tokenSet: TokenSet,
  options: RefreshOptions,
): Promise<{ readonly token: AccessToken; readonly tokenSet: TokenSet }> {
  const fresh = await refreshTokenSet(context, tokenSet, options)
  const { accessToken, tokenType, scope, expiresAt, receivedAt } = fresh
  const token: AccessToken = {
    accessToken,
    tokenType,
    ...(scope === undefined ? {} : { scope }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    receivedAt,
  }
  return { token, tokenSet: { ...tokenSet, ...kept(fresh) } }
}
