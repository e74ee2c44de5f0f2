import { missingToken } from './client-error.js'
import type { ClientParts } from './client-parts.js'
import { createCrossTabLock, type CrossTabLock } from './cross-tab-lock.js'
import { NetworkError, OAuthClientError, SessionError } from './errors.js'
import { protocol } from './protocol/index.js'
import { signInSilently } from './silent-sign-in.js'
import type { AccessToken, TokenSet } from './token-set.js'

type RefreshParts = Pick<ClientParts, 'config' | 'session' | 'context' | 'events' | 'storage' | 'records'>
type IsFresh = (token: AccessToken) => boolean

/** A request that hangs is ended by its own time limit, so a lock that is held longer belongs to a frozen tab. */
const GRACE_MS = 5000

function lockOf({ config, storage }: RefreshParts): CrossTabLock {
  return createCrossTabLock(config.environment, storage, `latchkey/${config.key}/refresh`, config.timeoutMs + GRACE_MS)
}

/**
 * Takes the lock that all tabs share, reads the storage again, and asks the server only if no other tab has.
 *
 * @param known revision of the session when the caller found its token too old
 * @throws SessionError missing_token, token_invalid; NetworkError (the session is kept)
 */
export async function renewTokenSet(parts: RefreshParts, known: string | undefined, isFresh: IsFresh): Promise<TokenSet> {
  return lockOf(parts)(async () => {
    const { tokenSet, revision } = await parts.session.adopt()
    if (!tokenSet) throw missingToken()
    // Another tab was faster: its token is ours too.
    if (revision !== known && isFresh(tokenSet)) return tokenSet
    if (!tokenSet.refreshToken) return renewWithoutRefreshToken(parts, revision, isFresh(tokenSet))
    return requestTokenSet(parts, tokenSet, revision)
  })
}

async function requestTokenSet(parts: RefreshParts, tokenSet: TokenSet, revision: string | undefined): Promise<TokenSet> {
  const { session, context } = parts
  try {
    const fresh = await protocol.refreshTokenSet(context, tokenSet, {})
    if (await session.replace(fresh, revision, 'refresh')) return fresh
  } catch (cause) {
    if (!(cause instanceof OAuthClientError) || cause.code !== 'invalid_grant') throw cause
    return settleRefusal(parts, cause, revision)
  }
  // A sign-out or another sign-in came while the request was on its way.
  const present = await session.adopt()
  if (!present.tokenSet) throw missingToken()
  return present.tokenSet
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
    new SessionError('token_invalid', 'the session has ended: the authorization server no longer takes its refresh token', {
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
  const error = new SessionError('token_invalid', 'there is no refresh token to get a new access token with', {
    hint: 'Sign in again; to stay signed in, ask for a refresh token (often the scope "offline_access"), or set the option "silent".',
    spec: 'RFC 6749, section 6',
  })
  if (isStillGood) throw error
  return endSession(parts, revision, error)
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

async function endSession({ session }: RefreshParts, revision: string | undefined, error: SessionError): Promise<never> {
  session.end('session-ended', error)
  await session.clearRecord(revision)
  throw error
}

/** What is wanted: a token for a resource, other than the known one. */
export interface ResourceTokenRequest {
  /** Resource indicator (RFC 8707). */
  readonly resource: string
  readonly scope: string | undefined
  readonly known: AccessToken | undefined
}

/** As `renewTokenSet`, for a token of one resource, from the same refresh token. */
export async function renewResourceToken(
  parts: RefreshParts,
  wanted: ResourceTokenRequest,
  isFresh: IsFresh,
): Promise<AccessToken> {
  const { session, context } = parts
  const { resource, scope, known } = wanted
  return lockOf(parts)(async () => {
    const { tokenSet, revision } = await session.adopt()
    if (!tokenSet) throw missingToken()
    const present = tokenSet.byResource?.[resource]
    if (present && present.accessToken !== known?.accessToken && isFresh(present)) return present
    const options = scope === undefined ? { resource } : { resource, scope }
    const answer = await protocol.requestResourceToken(context, tokenSet, options)
    const byResource = { ...answer.tokenSet.byResource, [resource]: answer.token }
    if (!(await session.replace({ ...answer.tokenSet, byResource }, revision, 'refresh'))) throw missingToken()
    return answer.token
  })
}
