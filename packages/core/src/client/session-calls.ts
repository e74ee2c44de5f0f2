import type { RareFetchParts } from '../fetch/authed-fetch.js'
import { sendSpecial as sendSpeciallyPlaced } from '../fetch/send-special.js'
import { readUserInfo } from '../fetch/user-info.js'
import { createRefreshTimer, refreshInAdvance, suspendWhenOfflineTooLong } from '../refresh/refresh-timer.js'
import { SharedRefresh } from '../refresh/shared-refresh.js'
import { createTabLock } from '../refresh/tab-lock.js'
import { prepareAuthorizationUrl, restoreAuthorization } from '../sign-in/authorization-url.js'
import { callbackUrl, completeSignIn, type SignInContext } from '../sign-in/complete.js'
import { finishSignIn } from '../sign-in/finish-sign-in.js'
import { currentPath } from '../sign-in/own-callback.js'
import { isFramed } from '../sign-in/is-framed.js'
import { signInSilently } from '../sign-in/silent.js'
import { revoke } from '../sign-out/revoke.js'
import { createSignOutUrl, signOutAtServer } from '../sign-out/sign-out.js'
import type { ClientInternals, SessionCalls } from './internals.js'
import { loadIntrospection, loadSignOutWindow, loadStorageLease, loadTokenPlacement } from './lazy-rare.js'
import { wireSignIn } from './wire-sign-in.js'

// The third part of the wiring, and the entry of the chunk that a session needs. `server-calls.ts` has the second part.

export { answerChallenge } from '../fetch/answer-challenge.js'
export { decodedPath } from '../fetch/decoded-path.js'
export { explainFailure } from '../fetch/explain-failure.js'
export { fetchUserInfo } from '../protocol/userinfo.js'
export { refreshNarrowToken, refreshTokenSet } from '../protocol/refresh-grant.js'
export { createTabLock } from '../refresh/tab-lock.js'
export { loadStorageLease } from './lazy-rare.js'

/** See `fetch/send-special.ts`. */
export const sendSpecial: RareFetchParts['sendSpecial'] = (context, special) =>
  sendSpeciallyPlaced(context, special, loadTokenPlacement)

/** A request that hangs ends by its own timeout, so a lock that is held longer belongs to a frozen tab. */
const LOCK_GRACE_MS = 5000

const callsOf = new WeakMap<ClientInternals, SessionCalls>()

/** Wires what a client needs besides a sign-in by redirect, popup or frame, once for each client. */
export function sessionCallsOf(client: ClientInternals): SessionCalls {
  const calls = callsOf.get(client) ?? createSessionCalls(client)
  callsOf.set(client, calls)
  return calls
}

function createSessionCalls(client: ClientInternals): SessionCalls {
  const { config, session, refresher, storage } = client
  const { environment, key, timeoutMs } = config
  const server = { ...client, ...wireSignIn(client) }
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
    exchange: exchangeOf(server),
    prepareAuthorizationUrl: (options) => reported(client, prepareAuthorizationUrl(server, options)),
    sharedRefresh: new SharedRefresh(refresh, refresher),
    startRefreshTimer: () => startTimerOf(client),
    refreshInAdvance: () => refreshInAdvance(client),
    suspendWhenOfflineTooLong: () => void suspendWhenOfflineTooLong(client),
    readUserInfo: (options) => reported(client, readUserInfo(client, client.accessToken, options)),
    signOutAtServer: (...request) => signOutAtServer({ ...server, loadWindow: loadSignOutWindow }, ...request),
    createSignOutUrl: (idTokenHint, options) => createSignOutUrl(server, idTokenHint, options),
    async introspect(token) {
      const { introspect } = await loadIntrospection()
      const { tokenSet } = session.state
      return reported(client, introspect(client.context, token ?? tokenSet?.refreshToken ?? tokenSet?.accessToken))
    },
    revoke: (token, options) => reported(client, revoke(client, token, options)),
  }
}

function startTimerOf(client: ClientInternals): () => void {
  const timer = createRefreshTimer(client)
  return () => timer.stop()
}

function exchangeOf(context: SignInContext & Parameters<typeof restoreAuthorization>[0]): SessionCalls['exchange'] {
  return async (address, saved) => {
    if (saved) await restoreAuthorization(context, saved)
    return completeSignIn(context, callbackUrl(context.config, address), undefined, true)
  }
}

/** Emits the failure of a call that does not change the session. One that is in the state was emitted with it. */
async function reported<Result>({ context, events, session }: ClientInternals, call: Promise<Result>): Promise<Result> {
  try {
    return await call
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
