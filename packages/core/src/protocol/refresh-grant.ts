import { isRecord } from '../platform/is-record.js'
import { createError } from '../errors/create-error.js'
import { type OAuthClientError, ServerError } from '../errors/errors.js'
import { loadServer } from './load-server.js'
import { setParameters } from './endpoint-request.js'
import { isSameSession } from './same-session.js'
import { requestTokenSet, tokenParameters } from './token-request.js'
import type { ProtocolContext } from './protocol-context.js'
import type { ServerRecord } from './server-metadata.js'
import type { AccessToken, TokenSet } from './token-set.js'

/** What a refresh request asks for. */
export interface RefreshParameters {
  /** Sent only to narrow the scope: without it, the server keeps what was granted. */
  readonly scope?: string | undefined
  /** Resource indicator. @see RFC 8707, section 2.2 */
  readonly resource?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Called with a new refresh token before the response is checked: the former one is spent by then. */
  readonly onRefreshToken?: ((issued: string) => unknown) | undefined
}

/** How long stored metadata and keys are used for a refresh while newer ones are fetched. */
const STALE_MS = 30 * 86_400_000

/**
 * Requests a new token set with the refresh token. Stored metadata and keys are used, and fetched anew afterwards if they are older than an
 * hour. If no token endpoint responds where it was, and it has moved, the request is sent to the new one.
 *
 * @returns the whole token set: what the response omits (refresh token, ID token, scope) is kept from the former one
 * @throws SessionError token_invalid; ServerError invalid_grant, token_error; NetworkError; ValidationError
 * @see RFC 6749, section 6
 */
export async function refreshTokenSet(
  context: ProtocolContext,
  former: TokenSet,
  parameters: RefreshParameters,
): Promise<TokenSet> {
  if (former.refreshToken === undefined)
    throw createError('token_invalid', 'There is no refresh token to request a new access token with.')

  const keys = former.claims !== undefined
  const { signal } = parameters
  const known = await loadServer(context, { keys, signal, maxAge: STALE_MS })
  // A key without an id may have been replaced unnoticed.
  const server = known.jwks?.keys.every((key) => 'kid' in key) === false ? await loadServer(context, { keys, signal }) : known
  const revalidate = (): Promise<ServerRecord | undefined> => loadServer(context, { keys, signal }).catch(() => undefined)
  let isSpent = false
  const onRefreshToken = (issued: string): void => {
    isSpent = true
    parameters.onRefreshToken?.(issued)
  }
  try {
    const fresh = await sendRefresh(context, server, former, { ...parameters, onRefreshToken })
    void revalidate()
    return fresh
  } catch (cause) {
    // An ended session must not be shown any longer, and a busy server gets no further requests.
    if (!mayHaveMoved(cause as Partial<OAuthClientError>)) throw cause
    const newer = revalidate()
    // The caller must store the new refresh token at once: the page may be closed while this waits.
    if (isSpent) throw cause
    const present = await newer
    if (!present || present.metadata.token_endpoint === server.metadata.token_endpoint) throw cause
    return sendRefresh(context, present, former, parameters)
  }
}

/** Whether what responded, if anything, may be no token endpoint any longer. */
function mayHaveMoved({ code, error, retryable }: Partial<OAuthClientError>): boolean {
  return error === undefined && (!retryable || code === 'network')
}

async function sendRefresh(
  context: ProtocolContext,
  server: ServerRecord,
  former: TokenSet,
  { scope, resource, signal, onRefreshToken }: RefreshParameters,
): Promise<TokenSet> {
  const { refreshToken = '', claims } = former
  const { compliance } = context.options
  const grantType = 'refresh_token'
  const parameters = new URLSearchParams()
  setParameters(parameters, { ...(await tokenParameters(context, grantType)), refresh_token: refreshToken, scope })
  setParameters(parameters, { resource })
  // Whatever else is wrong with the response: its media type, another member, or a compliance hook that throws.
  const onText = (text: string): void => {
    const issued = refreshTokenIn(text)
    if (issued) onRefreshToken?.(issued)
  }
  const request = {
    grantType,
    parameters,
    secrets: [refreshToken],
    adaptRequest: compliance?.refreshTokenRequest,
    adaptResponse: compliance?.refreshTokenResponse,
    signal,
    onText: onRefreshToken && onText,
  }
  try {
    const fresh = await requestTokenSet(context, server, request, {
      scope: scope ?? former.scope,
      former: claims,
      isSameSession,
      isRefresh: true,
    })
    return withFormer(fresh, former)
  } catch (cause) {
    throw asInvalidGrant(context, cause, scope !== undefined || resource !== undefined)
  }
}

/** Reads the refresh token from JSON, or from the form encoding that some servers send. */
function refreshTokenIn(text: string): string | undefined {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    body = Object.fromEntries(new URLSearchParams(text))
  }
  const issued = isRecord(body) && !body['error'] && body['refresh_token']
  return (typeof issued === 'string' && issued) || undefined
}

/**
 * Some servers refuse a refresh token with a code of their own, which the option `isSessionEnd` knows. One resource or scope may need
 * the user's consent or a second factor, which says nothing about the session.
 */
function asInvalidGrant({ options }: ProtocolContext, cause: unknown, isNarrow: boolean): unknown {
  if (!(cause instanceof ServerError && cause.code === 'token_error')) return cause
  if (isNarrow && /^(?:interaction|login|consent)_required$/.test(cause.error ?? '')) return cause
  const isEnd: unknown = options.isSessionEnd?.(cause)
  if (isEnd !== true) return cause
  const { error, errorDescription, errorUri, claims, status } = cause
  return createError('invalid_grant', ['like', cause], { error, errorDescription, errorUri, claims, status, cause })
}

/** Keeps what a refresh response may omit. @see RFC 6749, section 6 */
function withFormer(fresh: TokenSet, former: TokenSet): TokenSet {
  const { byResource, signedInAt, sessionState } = former
  return {
    ...fresh,
    refreshToken: fresh.refreshToken ?? former.refreshToken,
    idToken: fresh.idToken ?? former.idToken,
    claims: fresh.claims ?? former.claims,
    byResource,
    signedInAt,
    sessionState,
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
  parameters: RefreshParameters,
): Promise<{ readonly token: AccessToken; readonly tokenSet: TokenSet }> {
  const fresh = await refreshTokenSet(context, tokenSet, parameters)
  const { accessToken, tokenType, scope, expiresAt, receivedAt, refreshToken, idToken, claims } = fresh
  return {
    token: { accessToken, tokenType, scope, expiresAt, receivedAt },
    tokenSet: { ...tokenSet, refreshToken, idToken, claims },
  }
}
