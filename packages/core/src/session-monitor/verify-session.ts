import { createError } from '../errors/create-error.js'
import type { InteractionError, SessionError, OAuthClientError } from '../errors/errors.js'
import { asClientError } from '../errors/client-error.js'
import type { ClientInternals } from '../client/internals.js'
import { loadServerCalls, loadStorageLease } from '../client/lazy.js'
import { createState } from '../sign-in/response-url.js'
import type { TokenSet } from '../protocol/token-set.js'
import { iframeTransport } from '../sign-in/transports/iframe.js'

/** What came of a `changed`: settled (by a new token set, or by the end of the session), nothing learned for now, or cannot be known. */
export type Verdict =
  | { readonly type: 'settled' }
  | { readonly type: 'later'; readonly retryAfterSeconds: number | undefined }
  | { readonly type: 'unknowable'; readonly error: OAuthClientError }

export interface Doubt {
  /** The `session_state` that the server's frame calls changed. */
  readonly sessionState: string
  /** Whether the frame ever called it unchanged: only then it is known to see its own cookies. */
  readonly isProven: boolean
  readonly redirectUri: string | undefined
  readonly signal: AbortSignal
}

const LOCK_TIMEOUT_MS = 30_000

/**
 * `changed` may mean anything from a sign-out to a new browser setting, so the server is asked who is signed in (`prompt=none`)
 * before anything is done. The session ends when the server says that it is another user or, where its frame is known to see its
 * cookies, nobody. Where it is not known (a browser that blocks third-party cookies makes every session look ended) the refresh
 * token decides. Whatever else goes wrong ends nothing.
 *
 * All tabs take turns: those that come second find the matter settled.
 *
 * @see OpenID Connect Session Management 1.0, section 3.1
 */
export async function verifySession(parts: ClientInternals, doubt: Doubt): Promise<Verdict> {
  const { config, session, storage } = parts
  const { environment, key } = config
  const { createTabLock } = await loadServerCalls()
  const lockOptions = { environment, storage, name: `latchkey/${key}/monitor`, timeoutMs: LOCK_TIMEOUT_MS, loadStorageLease }
  const lock = createTabLock(lockOptions)
  return lock(async () => {
    const { tokenSet, revision } = await session.adopt()
    if (!tokenSet || tokenSet.sessionState !== doubt.sessionState) return settled
    try {
      return await settle(parts, await askServer(parts, tokenSet, doubt), tokenSet, revision)
    } catch (cause) {
      return settleFailure(parts, doubt, asClientError(cause), revision)
    }
  })
}

const settled: Verdict = { type: 'settled' }
export const nothingLearned: Verdict = { type: 'later', retryAfterSeconds: undefined }

/** @returns who the server says is signed in */
async function askServer(parts: ClientInternals, tokenSet: TokenSet, { signal, ...doubt }: Doubt): Promise<TokenSet> {
  const { config, context } = parts
  const { createAuthorizationRequest, processAuthorizationResponse } = await loadServerCalls()
  const { transactions } = await parts.serverCalls()
  const redirectUri = doubt.redirectUri ?? config.redirectUri
  if (redirectUri === undefined)
    throw createError('configuration', 'session monitor: "redirectUri" is missing', {
      hint: 'Give it in the options of the client.',
    })
  const parameters = { prompt: 'none', signal, idTokenHint: tokenSet.idToken, scope: tokenSet.scope }
  const state = createState(config.key, 'i')
  const { url, expectation } = await createAuthorizationRequest(context, { parameters, state, redirectUri })
  await transactions.write({ ...expectation, transport: 'iframe', createdAt: config.environment.now() })
  const navigation = iframeTransport(config.environment).prepare()
  const callbackUrl = await navigation.navigate({ url, state, redirectUri, signal })
  const taken = await transactions.take(state)
  if (!callbackUrl || !taken)
    throw createError('aborted', 'the answer was taken by another page', {
      hint: 'Nothing is wrong: the monitor asks again.',
      retryable: true,
    })
  return processAuthorizationResponse(context, callbackUrl, taken)
}

async function settle(
  { session }: ClientInternals,
  fresh: TokenSet,
  former: TokenSet,
  revision: string | undefined,
): Promise<Verdict> {
  if (fresh.claims?.sub !== former.claims?.sub) {
    session.end('user-changed')
    await session.clearRecord(revision)
    return settled
  }
  const { refreshToken, byResource, signedInAt } = former
  const kept = {
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(byResource === undefined ? {} : { byResource }),
    ...(signedInAt === undefined ? {} : { signedInAt }),
  }
  // A sign-out that came first wins: the new tokens are dropped.
  const { replaceSession } = await loadServerCalls()
  await replaceSession(session, { ...kept, ...fresh }, revision, 'silent')
  return settled
}

async function settleFailure(
  { session, refresher }: ClientInternals,
  { isProven }: Doubt,
  failure: OAuthClientError,
  revision: string | undefined,
): Promise<Verdict> {
  if (failure.error === 'login_required' && isProven) {
    session.end('session-ended', signedOutAtServer(failure))
    await session.clearRecord(revision)
    return settled
  }
  if (failure.code !== 'interaction_required') return { type: 'later', retryAfterSeconds: failure.retryAfterSeconds }
  // A refusal of the refresh token ends the session; anything else says nothing against it.
  if (session.state.tokenSet?.refreshToken !== undefined) await refresher.refresh().catch(() => undefined)
  return session.state.status === 'signed-in' ? { type: 'unknowable', error: notWatchable(failure) } : settled
}

function signedOutAtServer(cause: OAuthClientError): SessionError {
  return createError('token_invalid', 'the person signed out at the authorization server', {
    hint: 'Sign in again.',
    spec: 'OpenID Connect Session Management 1.0, section 3.1',
    error: cause.error,
    cause,
  })
}

function notWatchable(cause: OAuthClientError): InteractionError {
  return createError('interaction_required', 'whether the person is still signed in at the server cannot be known here', {
    hint: 'The browser probably keeps the server’s cookies from its frame (third-party cookies). The session is kept and watched no more; back-channel logout, short-lived refresh tokens, or the server on a sub-domain of the app’s site do not need them.',
    spec: 'OpenID Connect Session Management 1.0, section 5.1',
    error: cause.error,
    cause,
  })
}
