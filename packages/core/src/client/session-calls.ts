import { answerChallenge as answerWithParser } from '../fetch/answer-challenge.js'
import type { RareFetchParts } from '../fetch/authed-fetch.js'
import { sendSpecial as sendSpeciallyPlaced } from '../fetch/send-special.js'
import { readUserInfo } from '../fetch/user-info.js'
import type { TokenSet } from '../protocol/token-set.js'
import { createRefreshTimer, refreshInAdvance, suspendWhenOfflineTooLong } from '../refresh/refresh-timer.js'
import { SharedRefresh } from '../refresh/shared-refresh.js'
import { createTabLock } from '../refresh/tab-lock.js'
import { prepareAuthorizationUrl, restoreAuthorization } from '../sign-in/authorization-url.js'
import { completeSignIn, type SignInContext } from '../sign-in/complete.js'
import { finishSignIn } from '../sign-in/authorization-flow.js'
import { callbackUrl } from '../sign-in/complete-callback.js'
import type { LoginResult } from '../sign-in/sign-in-options.js'
import { currentPath } from '../sign-in/response-url.js'
import { isFramed } from '../sign-in/start.js'
import { signInSilently } from '../sign-in/silent.js'
import { revoke } from '../sign-out/revoke.js'
import { createSignOutUrl, signOutAtServer } from '../sign-out/sign-out.js'
import { untilClosed } from '../platform/abort.js'
import type { ClientInternals, SessionCalls } from './internals.js'
import { loadIntrospection, loadSignOutWindow, loadStorageLease, loadTokenPlacement, protocolLoaders } from './lazy-rare.js'
import { accessCallsOf } from './access-calls.js'
import { serverCallsOf } from './wire-sign-in.js'

// The third part of the wiring, and the entry of the chunk that a session needs. `wire-sign-in.ts` has the second part.

export { decodedPath } from '../fetch/decoded-path.js'
export { explainFailure } from '../fetch/explain-failure.js'
export { keepInMemory } from '../storage/keep-in-memory.js'
export { openRecord } from '../storage/open-record.js'
export { replaceSession } from '../session/replace-session.js'
export { fetchUserInfo } from '../protocol/userinfo.js'
export { refreshNarrowToken, refreshTokenSet } from '../protocol/refresh-grant.js'
export { createTabLock } from '../refresh/tab-lock.js'
export { loadStorageLease } from './lazy-rare.js'

/** See `fetch/answer-challenge.ts`. */
export const answerChallenge: RareFetchParts['answerChallenge'] = (parts, refusal) =>
  answerWithParser(parts, refusal, protocolLoaders.oauth4webapi)

/** See `fetch/send-special.ts`. */
export const sendSpecial: RareFetchParts['sendSpecial'] = (context, special) =>
  sendSpeciallyPlaced(context, special, loadTokenPlacement)

/** A request that hangs ends by its own timeout, so a lock that is held longer belongs to a frozen tab. */
const LOCK_GRACE_MS = 5000

const callsOf = new WeakMap<ClientInternals, SharedCalls>()

/**
 * Wires what a client needs besides a sign-in by redirect, popup or frame, once for each client.
 *
 * @param signal of the session in which the call was made. It may have ended while this chunk was loaded.
 */
export function sessionCallsOf(client: ClientInternals, signal: AbortSignal): SessionCalls {
  const calls = callsOf.get(client) ?? createSharedCalls(client)
  callsOf.set(client, calls)
  return { ...calls, ...callsOfOneSession(client, signal) }
}

type CallsOfOneSession = Pick<
  SessionCalls,
  'readUserInfo' | 'introspect' | 'revoke' | 'exchange' | 'prepareAuthorizationUrl' | 'createSignOutUrl'
>
type SharedCalls = Omit<SessionCalls, keyof CallsOfOneSession>

/**
 * The calls that end when the client is closed, also if it was closed while this code was loaded. A token of the session is that of the
 * call, not of another user who has signed in since then.
 */
function callsOfOneSession(client: ClientInternals, signal: AbortSignal): CallsOfOneSession {
  const server = { ...client, ...serverCallsOf(client) }
  const reported = <Result>(call: Promise<Result>): Promise<Result> => reportedCall(client, signal, call)
  const present = (): TokenSet | undefined => (signal.aborted ? undefined : client.session.state.tokenSet)
  return {
    readUserInfo: (options) => reported(readUserInfo({ ...client, signal }, client.accessToken, options)),
    async introspect(token) {
      const { introspect } = await loadIntrospection()
      const tokenSet = present()
      return reported(introspect(client.context, token ?? tokenSet?.refreshToken ?? tokenSet?.accessToken))
    },
    revoke: (token, options) => reported(revoke(client.context, present(), token, options)),
    prepareAuthorizationUrl: (options) => reported(prepareAuthorizationUrl(server, options)),
    exchange: (address, saved) => untilClosed(client.session, exchange(server, address, saved), undefined, signal),
    createSignOutUrl: (idTokenHint, options) =>
      untilClosed(client.session, createSignOutUrl(server, idTokenHint, options), undefined, signal),
  }
}

function createSharedCalls(client: ClientInternals): SharedCalls {
  const { config, storage } = client
  const { refresher } = accessCallsOf(client)
  const { environment, key, timeoutMs } = config
  const server = { ...client, ...serverCallsOf(client) }
  const timeout = timeoutMs + LOCK_GRACE_MS
  const refresh = {
    ...client,
    lock: createTabLock({ environment, storage, name: `latchkey/${key}/refresh`, timeoutMs: timeout, loadStorageLease }),
    isFresh: refresher.isFresh.bind(refresher),
    finishGrant: finishGrantOf(client),
    signInSilently: () => signInSilently(server),
    leavesRecord: () => !!config.options.silent?.length && (!environment.window || isFramed(environment.window)),
  }
  return {
    signInSilently: refresh.signInSilently,
    lock: refresh.lock,
    finishGrant: refresh.finishGrant,
    sharedRefresh: new SharedRefresh(refresh, refresher),
    startRefreshTimer: () => createRefreshTimer({ ...client, refresher }),
    refreshInAdvance: () => refreshInAdvance({ ...client, refresher }),
    suspendWhenOfflineTooLong: () => void suspendWhenOfflineTooLong(client),
    signOutAtServer: (...request) => signOutAtServer({ ...server, loadWindow: loadSignOutWindow }, ...request),
  }
}

async function exchange(
  context: SignInContext & Parameters<typeof restoreAuthorization>[0],
  ...[address, saved]: Parameters<SessionCalls['exchange']>
): Promise<LoginResult | undefined> {
  if (saved) await restoreAuthorization(context, saved)
  return completeSignIn(context, callbackUrl(context.config, address), undefined, true)
}

/** Emits the failure of a call that does not change the session. One that is in the state was emitted with it. */
async function reportedCall<Result>(
  { context, events, session }: ClientInternals,
  signal: AbortSignal,
  call: Promise<Result>,
): Promise<Result> {
  try {
    return await untilClosed(session, call, undefined, signal)
  } catch (cause) {
    const error = await context.explain(cause)
    // No user is signed in, or the caller does not wait any more: nothing has failed.
    const isExpected = error.code === 'missing_token' || error.code === 'aborted'
    if (!isExpected && error !== session.state.error) events.emit('error', { error })
    throw error
  }
}

/** Ends a sign-in that needed no browser: the app continues where it is. */
function finishGrantOf(client: ClientInternals): SessionCalls['finishGrant'] {
  const { config } = client
  return async (tokenSet, startedAt, reason = 'login', beforeShown) => {
    const result = await finishSignIn(client, { tokenSet, reason, returnTo: currentPath(config) ?? '/', beforeShown }, startedAt)
    return result?.tokenSet ?? tokenSet
  }
}
