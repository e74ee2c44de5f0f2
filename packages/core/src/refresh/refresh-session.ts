import { createError } from '../errors/create-error.js'
import { NetworkError, OAuthClientError, type SessionError } from '../errors/errors.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import { refreshNarrowToken, refreshTokenSet } from '../protocol/refresh-grant.js'
import type { AccessToken, TokenSet } from '../protocol/token-set.js'
import type { Session } from '../session/session.js'
import { keepRefreshToken, replaceSession } from '../session/replace-session.js'
import { addToken } from './add-token.js'
import { currentSession } from './current-session.js'
import { clearRetryAfter, type PausesOfRequest, type RetryAfterParts, saveRetryAfter, throwIfRateLimited } from './retry-after.js'
import { type RefreshSignInParts, signInByRefreshToken } from './sign-in-by-refresh-token.js'
import type { TabLock } from './tab-lock.js'

/** What a refresh needs of its client. */
export interface RefreshParts extends RetryAfterParts, RefreshSignInParts {
  readonly session: Session
  readonly context: ProtocolContext
  /** Shared by all tabs. */
  readonly lock: TabLock
  readonly isFresh: (token: AccessToken) => boolean
  /** As the option `silent` allows. @returns undefined if it allows nothing */
  readonly signInSilently: () => Promise<TokenSet | undefined>
  /** Whether other tabs may sign in silently, and this one may not. */
  readonly leavesRecord: () => boolean
}

/** One refresh of the session's token set. */
export interface RefreshRequest {
  /** What the caller has, and considers too old. */
  readonly known: TokenSet | undefined
  /** A narrower scope for the new token (RFC 6749, section 6). */
  readonly scope?: string | undefined
  /** Instead of the session's own. */
  readonly refreshToken?: string | undefined
  /** The app has called `refresh()`. */
  readonly isExplicit?: boolean | undefined
}

/**
 * Refreshes the session: takes the lock that all tabs share, reads the storage again, and sends a request only if no other tab has.
 *
 * @throws SessionError missing_token, token_invalid; NetworkError, EnvironmentError (the session is kept)
 */
export async function renewTokenSet(parts: RefreshParts, request: RefreshRequest): Promise<TokenSet> {
  const { isFresh } = parts
  const startedAt = parts.session.moment(false)
  // Kept by the context, so that the metadata is there when the request is sent.
  void parts.context.readServer()
  return parts.lock(async () => {
    const { tokenSet, revision } = await currentSession(parts)
    const { known, scope } = request
    if (request.refreshToken && !(tokenSet && known)) return signInByRefreshToken(parts, request.refreshToken, scope, startedAt)
    const isPlain = (scope ?? request.refreshToken) === undefined
    // A plain refresh is the same for all callers.
    if (!tokenSet || !(isPlain || isOfSameUser(parts, known, tokenSet))) throw createError('missing_token')
    // Another tab was faster, and its token is this tab's, too.
    if (isPlain && !isSameToken(tokenSet, known) && isFresh(tokenSet)) return tokenSet
    return renewStored(parts, tokenSet, revision, request)
  })
}

async function renewStored(
  parts: RefreshParts,
  tokenSet: TokenSet,
  revision: string | undefined,
  { scope, isExplicit, refreshToken = tokenSet.refreshToken }: RefreshRequest,
): Promise<TokenSet> {
  if (refreshToken === undefined) return renewWithoutRefreshToken(parts, revision, parts.isFresh(tokenSet))
  const pauses = await throwIfRateLimited(parts, isExplicit ? 'refresh' : 'app')
  return refreshAndStore(parts, { ...tokenSet, refreshToken }, { revision, ...pauses }, scope)
}

/** What was stored when a request was sent. */
interface Before extends PausesOfRequest {
  readonly revision: string | undefined
}

/** Another user may have signed in while a call waited for the lock. It must not send or change anything of that user. */
function isOfSameUser({ session }: RefreshParts, known: TokenSet | undefined, present: TokenSet): boolean {
  return !known || !session.isOtherUser(known, present)
}

/** A server may issue the same string again, with a new lifetime. */
function isSameToken(one: AccessToken, other: AccessToken | undefined): boolean {
  return one.accessToken === other?.accessToken && one.receivedAt === other.receivedAt && one.expiresAt === other.expiresAt
}

async function refreshAndStore(
  parts: RefreshParts,
  tokenSet: TokenSet,
  before: Before,
  scope: string | undefined,
): Promise<TokenSet> {
  const { session, context } = parts
  const { revision } = before
  let rotated: string | undefined
  try {
    const fresh = await refreshTokenSet(context, tokenSet, { scope, onRefreshToken: (issued) => (rotated = issued) })
    await clearRetryAfter(parts, before)
    if (await replaceSession(session, fresh, revision, 'refresh')) return fresh
  } catch (cause) {
    if (!isInvalidGrant(cause)) return onTransientFailure(parts, rotated && { ...tokenSet, refreshToken: rotated }, before, cause)
    return onInvalidGrant(parts, cause, revision)
  }
  // A sign-out or another sign-in came while the request was in flight.
  const present = await session.adopt()
  if (!present.tokenSet) throw createError('missing_token')
  return present.tokenSet
}

function isInvalidGrant(cause: unknown): cause is OAuthClientError {
  return cause instanceof OAuthClientError && cause.code === 'invalid_grant'
}

/**
 * The refresh failed, perhaps after the server's response. Then the former refresh token is spent, and the server treats its reuse as
 * theft (RFC 9700, section 4.14.2). So the rotated one is kept, even if the response's ID token was refused: nothing else of that
 * response is used, and the ID token of the next one is checked against the same user.
 */
async function onTransientFailure(
  parts: RefreshParts,
  successor: TokenSet | '' | undefined,
  before: Before,
  cause: unknown,
): Promise<never> {
  const { revision } = before
  const isCurrent = parts.session.revision === revision
  if (successor) await keepRefreshToken(parts.session, successor, revision)
  // It concerns no session that has begun since then.
  if (isCurrent) await saveRetryAfter(parts, cause, before)
  throw cause
}

/** The server refuses the refresh token. If another tab has a new one by now, the session continues with that. */
async function onInvalidGrant(parts: RefreshParts, refusal: OAuthClientError, revision: string | undefined): Promise<TokenSet> {
  const present = await currentSession(parts)
  if (present.tokenSet && present.revision !== revision) return present.tokenSet
  const renewed = await trySilentSignIn(parts)
  if (renewed) return renewed
  return endSession(
    parts,
    revision,
    createError('token_invalid', 'The session has ended: the authorization server no longer accepts its refresh token', {
      hint: 'Sign in again.',
      spec: 'RFC 6749, section 5.2 (invalid_grant)',
      error: refusal.error,
      errorDescription: refusal.errorDescription,
      claims: refusal.claims,
      cause: refusal,
    }),
  )
}

/** Without a refresh token, tries what the option `silent` allows. If that fails, an expired session ends. */
async function renewWithoutRefreshToken(
  parts: RefreshParts,
  revision: string | undefined,
  isStillGood: boolean,
): Promise<TokenSet> {
  const renewed = await trySilentSignIn(parts)
  if (renewed) return renewed
  const error = noRefreshToken()
  if (isStillGood) throw error
  return endSession(parts, revision, error)
}

function noRefreshToken(): SessionError {
  return createError('token_invalid', 'There is no refresh token to get a new access token with', {
    hint: 'Sign in again; to stay signed in, request a refresh token (often the scope "offline_access"), or set the option "silent".',
    spec: 'RFC 6749, section 6',
  })
}

/** @returns undefined if no user is signed in at the server, or nothing is allowed. @throws NetworkError: the session is kept */
async function trySilentSignIn(parts: RefreshParts): Promise<TokenSet | undefined> {
  try {
    return await parts.signInSilently()
  } catch (cause) {
    if (cause instanceof NetworkError) throw cause
    parts.context.logger.debug('silent sign-in failed', {
      code: cause instanceof OAuthClientError ? cause.code : 'unknown',
    })
    return undefined
  }
}

/**
 * Ends the session, for all tabs. A tab that may not renew it, where others may, ends it for itself only.
 *
 * @returns the current token set, if the session was replaced in the meantime
 */
async function endSession(parts: RefreshParts, revision: string | undefined, error: SessionError): Promise<TokenSet> {
  const { session } = parts
  const present = await session.adopt()
  if (!present.tokenSet) throw createError('missing_token')
  if (present.revision !== revision) return present.tokenSet
  session.end('session-ended', error)
  if (!parts.leavesRecord()) await session.clearRecord(revision)
  throw error
}

/** One request for a token for a resource, or with a narrower scope. */
export interface NarrowTokenRequest {
  /** Name of the token in `TokenSet.byResource`. */
  readonly key: string
  /** Resource indicator (RFC 8707). */
  readonly resource: string | undefined
  readonly scope: string | undefined
  /** What the caller has. Its token of this name is too old. */
  readonly known: TokenSet | undefined
}

/**
 * As `renewTokenSet`, for a token that is narrower than the session's own, with the same refresh token.
 *
 * @throws SessionError missing_token, token_invalid; NetworkError (the session is kept)
 */
export async function renewNarrowToken(parts: RefreshParts, request: NarrowTokenRequest): Promise<AccessToken> {
  const { session, isFresh } = parts
  const { key, known } = request
  const own = session.state.tokenSet
  if (own && !own.refreshToken) return sessionTokenInstead(parts, own, request)
  return parts.lock(async () => {
    // The session may have changed by the time of the response; then the token is requested once more, for that session.
    for (let tries = 0; tries < 3; tries += 1) {
      const { tokenSet, revision } = await currentSession(parts)
      if (!tokenSet || !isOfSameUser(parts, known, tokenSet)) throw createError('missing_token')
      const present = tokenSet.byResource?.[key]
      if (present && !isSameToken(present, known?.byResource?.[key]) && isFresh(present)) return present
      const pauses = await throwIfRateLimited(parts, 'app', key)
      const token = await requestNarrowToken(parts, tokenSet, { revision, ...pauses }, request)
      if (token) return token
    }
    throw createError('missing_token')
  })
}

/** @returns undefined if the session has changed, or a refused refresh token has a successor */
async function requestNarrowToken(
  parts: RefreshParts,
  tokenSet: TokenSet,
  before: Before,
  { key, resource, scope }: NarrowTokenRequest,
): Promise<AccessToken | undefined> {
  const { revision } = before
  let rotated: string | undefined
  try {
    const options = { resource, scope, onRefreshToken: (issued: string) => (rotated = issued) }
    const { token, tokenSet: next } = await refreshNarrowToken(parts.context, tokenSet, options)
    await clearRetryAfter(parts, before)
    const nowSeconds = parts.config.environment.now() / 1000 + parts.context.clockOffsetSeconds()
    const byResource = addToken(tokenSet.byResource, { name: key, token, nowSeconds })
    return (await replaceSession(parts.session, { ...next, byResource }, revision, 'refresh')) ? token : undefined
  } catch (cause) {
    if (!isInvalidGrant(cause)) return onTransientFailure(parts, rotated && { ...tokenSet, refreshToken: rotated }, before, cause)
    await onInvalidGrant(parts, cause, revision)
    return undefined
  }
}

/** Without a refresh token, the session's own token is used if the sign-in requested the same resource and scope (RFC 8707, section 2). */
async function sessionTokenInstead(
  parts: RefreshParts,
  tokenSet: TokenSet,
  { resource, scope = '' }: NarrowTokenRequest,
): Promise<AccessToken> {
  const { context, isFresh } = parts
  const isFor =
    resource === undefined || context.options.resources?.some((one) => typeof one !== 'string' && one.resource === resource)
  const granted = new Set((tokenSet.scope ?? '').split(' '))
  if (!isFor || !scope.split(' ').every((word) => word === '' || granted.has(word))) throw noRefreshToken()
  return isFresh(tokenSet) ? tokenSet : renewTokenSet(parts, { known: tokenSet })
}
