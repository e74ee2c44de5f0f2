import { createError } from '../errors/create-error.js'
import { type InteractionError, OAuthClientError, type SessionError } from '../errors/errors.js'
import type { ClientInternals } from '../client/internals.js'
import { loadRareCalls, loadSessionCalls } from '../client/lazy.js'
import { createState } from '../sign-in/authorization-flow.js'
import type { TokenSet } from '../protocol/token-set.js'

/** Result of a verification: settled (a new token set, or the session has ended), try again later, or not possible in this browser. */
export type Verdict =
  | { readonly type: 'settled' }
  | { readonly type: 'later'; readonly retryAfterSeconds: number | undefined }
  | { readonly type: 'unverifiable'; readonly error: OAuthClientError }

/** What to verify. */
export interface Doubt {
  /** The `session_state` that the server's frame reports as changed. */
  readonly sessionState: string
  /** Whether the frame has ever reported it as unchanged, which proves that it can read its cookies. */
  readonly isProven: boolean
  readonly redirectUri: string | undefined
  readonly signal: AbortSignal
}

const LOCK_TIMEOUT_MS = 30_000

/**
 * Verifies a `changed`, which can mean anything from a sign-out to a new browser setting: asks the server who is signed in
 * (`prompt=none`). The session ends if the server names another user, or no user and its frame is known to read its cookies. Otherwise
 * (a browser that blocks third-party cookies makes every session look ended) the refresh token decides. Other failures end nothing.
 *
 * Tabs take turns, so that all but the first find the matter settled.
 *
 * @see OpenID Connect Session Management 1.0, section 3.1
 */
export async function verifySession(parts: ClientInternals, doubt: Doubt): Promise<Verdict> {
  const { config, session, storage } = parts
  const { environment, key } = config
  const { createTabLock, loadStorageLease } = await loadSessionCalls()
  const lockOptions = { environment, storage, name: `latchkey/${key}/monitor`, timeoutMs: LOCK_TIMEOUT_MS, loadStorageLease }
  const lock = createTabLock(lockOptions)
  return lock(async () => {
    const { tokenSet } = await session.adopt()
    if (!isDoubtful(tokenSet, doubt)) return settled
    const response = await askServer(parts, tokenSet, doubt).catch((cause: unknown) => parts.context.explain(cause))
    if (!(response instanceof OAuthClientError)) return whenUnchanged(parts, doubt, (current) => settle(parts, response, current))
    if (response.error === 'login_required' && doubt.isProven)
      return whenUnchanged(parts, doubt, ({ revision }) => end(parts, revision, 'session-ended', signedOutAtServer(response)))
    return settleFailure(parts, response)
  })
}

function isDoubtful(tokenSet: TokenSet | undefined, { sessionState }: Doubt): tokenSet is TokenSet {
  return tokenSet?.sessionState === sessionState
}

/** A session and the revision of its record. */
interface Current {
  readonly tokenSet: TokenSet
  readonly revision: string | undefined
}

/**
 * Changes the session under the lock of the refresh: a refresh in flight, in any tab, ends first, and its refresh token is the one that is
 * kept. The silent sign-in itself takes too long to run under that lock.
 */
async function whenUnchanged(
  parts: ClientInternals,
  doubt: Doubt,
  change: (current: Current) => Promise<Verdict>,
): Promise<Verdict> {
  const { lock } = await parts.sessionCalls()
  return lock(async () => {
    const { tokenSet, revision } = await parts.session.adopt()
    return isDoubtful(tokenSet, doubt) ? change({ tokenSet, revision }) : settled
  })
}

const settled: Verdict = { type: 'settled' }
export const inconclusive: Verdict = { type: 'later', retryAfterSeconds: undefined }

/** @returns the token set of the user who is signed in at the server */
async function askServer(parts: ClientInternals, tokenSet: TokenSet, { signal, ...doubt }: Doubt): Promise<TokenSet> {
  const { config, context } = parts
  const { createAuthorizationRequest, prepareNavigation, processAuthorizationResponse } = await loadRareCalls()
  const { transactions } = await parts.serverCalls()
  const redirectUri = doubt.redirectUri ?? config.redirectUri
  if (redirectUri === undefined) {
    throw createError('configuration', 'The session monitor needs a "redirectUri".', {
      hint: 'Pass it in the options of the client or of the monitor.',
    })
  }
  const parameters = { prompt: 'none', signal, idTokenHint: tokenSet.idToken, scope: tokenSet.scope }
  const state = createState(config.key, 'i')
  const { url, expectation } = await createAuthorizationRequest(context, { parameters, state, redirectUri })
  await transactions.write({ ...expectation, transport: 'iframe', createdAt: config.environment.now() })
  const { navigation } = prepareNavigation(config, { transport: 'iframe' })
  const callbackUrl = await navigation.navigate({ url, state, redirectUri, signal })
  const taken = await transactions.take(state)
  if (!callbackUrl || !taken) {
    throw createError('aborted', 'Another page has handled the response.', {
      hint: 'Nothing is wrong: the monitor tries again.',
      retryable: true,
    })
  }
  return processAuthorizationResponse(context, callbackUrl, taken)
}

async function settle(parts: ClientInternals, fresh: TokenSet, { tokenSet: former, revision }: Current): Promise<Verdict> {
  if (fresh.claims?.sub !== former.claims?.sub) return end(parts, revision, 'user-changed')
  const { refreshToken, byResource, signedInAt } = former
  const renewed = { ...fresh, refreshToken: fresh.refreshToken ?? refreshToken, byResource, signedInAt }
  // A sign-out that came first wins: the new tokens are dropped.
  const { replaceSession } = await loadSessionCalls()
  await replaceSession(parts.session, renewed, revision, 'silent')
  return settled
}

async function end(
  { session }: ClientInternals,
  revision: string | undefined,
  reason: 'session-ended' | 'user-changed',
  error?: OAuthClientError,
): Promise<Verdict> {
  session.end(reason, error)
  await session.clearRecord(revision)
  return settled
}

async function settleFailure({ session, accessCalls }: ClientInternals, failure: OAuthClientError): Promise<Verdict> {
  if (failure.code !== 'interaction_required') return { type: 'later', retryAfterSeconds: failure.retryAfterSeconds }
  // Only a refused refresh token ends the session.
  if (session.state.tokenSet?.refreshToken !== undefined) {
    await accessCalls()
      .then(({ refresher }) => refresher.refresh())
      .catch(() => undefined)
  }
  return session.state.status === 'signed-in' ? { type: 'unverifiable', error: notWatchable(failure) } : settled
}

function signedOutAtServer(cause: OAuthClientError): SessionError {
  return createError('token_invalid', 'The user signed out at the authorization server.', {
    hint: 'Sign in again.',
    spec: 'OpenID Connect Session Management 1.0, section 3.1',
    error: cause.error,
    cause,
  })
}

function notWatchable(cause: OAuthClientError): InteractionError {
  return createError('interaction_required', 'The browser does not show whether the user is still signed in at the server.', {
    hint: 'The browser probably blocks the cookies of the server’s frame (third-party cookies). The session continues without the monitor. Back-channel logout, short-lived refresh tokens, or a server on the app’s own site work without them.',
    spec: 'OpenID Connect Session Management 1.0, section 5.1',
    error: cause.error,
    cause,
  })
}
