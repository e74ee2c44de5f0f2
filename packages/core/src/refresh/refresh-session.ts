import { createError } from '../errors/create-error.js'
import { NetworkError, type SessionError, OAuthClientError } from '../errors/errors.js'
import { missingToken } from '../errors/client-error.js'
import type { ClientParts } from '../client/client-parts.js'
import { createCrossTabLock, type CrossTabLock } from './tab-lock.js'
import { forgetPause, notePause, respectPause } from './retry-after.js'
import { refreshNarrowToken, refreshTokenSet } from '../protocol/refresh-grant.js'
import { keepRefreshToken, replaceSession } from '../session/write-session.js'
import { signInSilently } from '../sign-in/silent.js'
import type { AccessToken, TokenSet } from '../protocol/token-set.js'

type RefreshParts = Pick<ClientParts, 'config' | 'session' | 'context' | 'events' | 'storage' | 'records' | 'flow'>
type IsFresh = (token: AccessToken) => boolean

/** A request that hangs is ended by its own time limit, so a lock that is held longer belongs to a frozen tab. */
const GRACE_MS = 5000

function lockOf({ config, storage }: RefreshParts): CrossTabLock {
  return createCrossTabLock(config.environment, storage, `latchkey/${config.key}/refresh`, config.timeoutMs + GRACE_MS)
}

/** What a caller of `renewTokenSet` has in mind. */
export interface RefreshWish {
  /** The token that the caller found too old. */
  readonly known: AccessToken | undefined
  readonly isFresh: IsFresh
  /** A narrower scope for the new token (RFC 6749, section 6). */
  readonly scope?: string | undefined
  /** In the place of the session's own. */
  readonly refreshToken?: string | undefined
}

/**
 * Takes the lock that all tabs share, reads the storage again, and asks the server only if no other tab has.
 *
 * @throws SessionError missing_token, token_invalid; NetworkError (the session is kept)
 */
export async function renewTokenSet(parts: RefreshParts, wish: RefreshWish): Promise<TokenSet> {
  return lockOf(parts)(async () => {
    const { tokenSet, revision } = await parts.session.adopt()
    if (!tokenSet) throw missingToken()
    const { known, isFresh, scope, refreshToken = tokenSet.refreshToken } = wish
    const isPlain = scope === undefined && wish.refreshToken === undefined
    // Another tab was faster: its token is ours too.
    if (isPlain && !isSameToken(tokenSet, known) && isFresh(tokenSet)) return tokenSet
    if (refreshToken === undefined) return renewWithoutRefreshToken(parts, revision, isFresh(tokenSet))
    await respectPause(parts, 'app')
    return requestTokenSet(parts, { ...tokenSet, refreshToken }, revision, scope)
  })
}

/** A server may issue the same string again, with a new lifetime. */
function isSameToken(one: AccessToken, other: AccessToken | undefined): boolean {
  return one.accessToken === other?.accessToken && one.receivedAt === other.receivedAt && one.expiresAt === other.expiresAt
}

async function requestTokenSet(
  parts: RefreshParts,
  tokenSet: TokenSet,
  revision: string | undefined,
  scope: string | undefined,
): Promise<TokenSet> {
  const { session, context } = parts
  let rotated: string | undefined
  try {
    const fresh = await refreshTokenSet(context, tokenSet, { scope, onRefreshToken: (issued) => (rotated = issued) })
    await forgetPause(parts)
    if (await replaceSession(session, fresh, revision, 'refresh')) return fresh
  } catch (cause) {
    if (!isRefusal(cause)) return giveUpForNow(parts, rotated && { ...tokenSet, refreshToken: rotated }, revision, cause)
    return settleRefusal(parts, cause, revision)
  }
  // A sign-out or another sign-in came while the request was on its way.
  const present = await session.adopt()
  if (!present.tokenSet) throw missingToken()
  return present.tokenSet
}

function isRefusal(cause: unknown): cause is OAuthClientError {
  return cause instanceof OAuthClientError && cause.code === 'invalid_grant'
}

/**
 * The refresh failed, perhaps after the server had answered: then the former refresh token is spent, and the new one must not be
 * lost because keys could not be fetched or the app's own hook failed. Of an answer whose ID token is wrong nothing is used. What
 * the server asked to wait counts for all tabs.
 */
async function giveUpForNow(
  parts: RefreshParts,
  successor: TokenSet | '' | undefined,
  revision: string | undefined,
  cause: unknown,
): Promise<never> {
  const isWrong = cause instanceof OAuthClientError && cause.code === 'invalid_id_token'
  if (successor && !isWrong) await keepRefreshToken(parts.session, successor, revision)
  await notePause(parts, cause)
  throw cause
}

/** The server refuses the refresh token. Should another tab have got a new one meanwhile, the session lives on with that. */
async function settleRefusal(parts: RefreshParts, refusal: OAuthClientError, revision: string | undefined): Promise<TokenSet> {
  const present = await parts.session.adopt()
  if (present.tokenSet && present.revision !== revision) return present.tokenSet
  const renewed = await askSilently(parts)
  if (renewed) return renewed
  return endSession(
    parts,
    revision,
    createError('token_invalid', 'the session has ended: the authorization server no longer takes its refresh token', {
      hint: 'Sign in again.',
      spec: 'RFC 6749, section 5.2 (invalid_grant)',
      error: refusal.error,
      errorDescription: refusal.errorDescription,
      cause: refusal,
    }),
  )
}

/** No refresh token: what the option `silent` allows is tried; without success an expired session is over. */
async function renewWithoutRefreshToken(
  parts: RefreshParts,
  revision: string | undefined,
  isStillGood: boolean,
): Promise<TokenSet> {
  const renewed = await askSilently(parts)
  if (renewed) return renewed
  const error = noRefreshToken()
  if (isStillGood) throw error
  return endSession(parts, revision, error)
}

function noRefreshToken(): SessionError {
  return createError('token_invalid', 'there is no refresh token to get a new access token with', {
    hint: 'Sign in again; to stay signed in, ask for a refresh token (often the scope "offline_access"), or set the option "silent".',
    spec: 'RFC 6749, section 6',
  })
}

/** @returns undefined when the server has nobody signed in, or no way is allowed. @throws NetworkError: the session is kept */
async function askSilently(parts: RefreshParts): Promise<TokenSet | undefined> {
  try {
    return await signInSilently(parts)
  } catch (cause) {
    if (cause instanceof NetworkError) throw cause
    parts.context.logger.debug('nobody could be signed in silently', {
      code: cause instanceof OAuthClientError ? cause.code : 'unknown',
    })
    return undefined
  }
}

/** @returns the token set that counts now, should the session have ended or been replaced meanwhile */
async function endSession({ session }: RefreshParts, revision: string | undefined, error: SessionError): Promise<TokenSet> {
  const present = await session.adopt()
  if (!present.tokenSet) throw missingToken()
  if (present.revision !== revision) return present.tokenSet
  session.end('session-ended', error)
  await session.clearRecord(revision)
  throw error
}

/** What is wanted: a token for a resource, or with a narrower scope, other than the known one. */
export interface NarrowTokenRequest {
  /** Its name in `TokenSet.byResource`. */
  readonly key: string
  /** Resource indicator (RFC 8707). */
  readonly resource: string | undefined
  readonly scope: string | undefined
  readonly known: AccessToken | undefined
}

/**
 * As `renewTokenSet`, for a token that is narrower than the session's own, from the same refresh token.
 *
 * @throws SessionError missing_token, token_invalid; NetworkError (the session is kept)
 */
export async function renewNarrowToken(parts: RefreshParts, wanted: NarrowTokenRequest, isFresh: IsFresh): Promise<AccessToken> {
  const { session } = parts
  const { key, known } = wanted
  const own = session.state.tokenSet
  if (own && !own.refreshToken) return sessionTokenInstead(parts, own, wanted, isFresh)
  return lockOf(parts)(async () => {
    // The session may be another one by the time of the answer; then the token is asked for once more, from that one.
    for (let tries = 0; tries < 3; tries += 1) {
      const { tokenSet, revision } = await session.adopt()
      if (!tokenSet) throw missingToken()
      const present = tokenSet.byResource?.[key]
      if (present && !isSameToken(present, known) && isFresh(present)) return present
      await respectPause(parts, 'app')
      const token = await requestNarrowToken(parts, tokenSet, revision, wanted)
      if (token) return token
    }
    throw missingToken()
  })
}

/** @returns undefined when the session changed meanwhile, or a refused refresh token has a successor */
async function requestNarrowToken(
  parts: RefreshParts,
  tokenSet: TokenSet,
  revision: string | undefined,
  { key, resource, scope }: NarrowTokenRequest,
): Promise<AccessToken | undefined> {
  let rotated: string | undefined
  try {
    const options = { resource, scope, onRefreshToken: (issued: string) => (rotated = issued) }
    const { token, tokenSet: next } = await refreshNarrowToken(parts.context, tokenSet, options)
    await forgetPause(parts)
    const byResource = { ...tokenSet.byResource, [key]: token }
    return (await replaceSession(parts.session, { ...next, byResource }, revision, 'refresh')) ? token : undefined
  } catch (cause) {
    if (!isRefusal(cause)) return giveUpForNow(parts, rotated && { ...tokenSet, refreshToken: rotated }, revision, cause)
    await settleRefusal(parts, cause, revision)
    return undefined
  }
}

/** Without a refresh token, the session's own token serves where the sign-in asked for what is wanted now (RFC 8707, section 2). */
async function sessionTokenInstead(
  parts: RefreshParts,
  tokenSet: TokenSet,
  { resource, scope = '' }: NarrowTokenRequest,
  isFresh: IsFresh,
): Promise<AccessToken> {
  const { config } = parts
  const isFor =
    resource === undefined || config.options.resources?.some((one) => typeof one !== 'string' && one.resource === resource)
  const granted = new Set((tokenSet.scope ?? '').split(' '))
  if (!isFor || !scope.split(' ').every((word) => word === '' || granted.has(word))) throw noRefreshToken()
  return isFresh(tokenSet) ? tokenSet : renewTokenSet(parts, { known: tokenSet, isFresh })
}
