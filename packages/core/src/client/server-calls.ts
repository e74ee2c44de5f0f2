import type { RareFetchParts } from '../fetch/authed-fetch.js'
import { sendSpecial as sendSpeciallyPlaced } from '../fetch/send-special.js'
import { readUserInfo } from '../fetch/user-info.js'
import { unlessAborted } from '../platform/abort.js'
import { checkCaller, renewNarrowToken, renewTokenSet } from '../refresh/refresh-session.js'
import { createRefreshTimer, refreshInAdvance, suspendWhenOfflineTooLong } from '../refresh/refresh-timer.js'
import { createTabLock } from '../refresh/tab-lock.js'
import { createRequest, type FlowParts, redeemResponse } from '../sign-in/authorization-flow.js'
import { prepareAuthorizationUrl, restoreAuthorization } from '../sign-in/authorization-url.js'
import { callbackUrl, completeSignIn, type SignInContext } from '../sign-in/complete.js'
import { finishSignIn } from '../sign-in/finish-sign-in.js'
import { currentPath } from '../sign-in/own-callback.js'
import { RedirectGuard } from '../sign-in/redirect-guard.js'
import { createSignInSteps } from '../sign-in/sign-in-steps.js'
import { TransactionStore } from '../sign-in/transaction-store.js'
import { navigatePopup, whileBlank } from '../sign-in/transports/navigate-popup.js'
import { navigateRedirect } from '../sign-in/transports/navigate-redirect.js'
import type { TransportSteps } from '../sign-in/transports/select-transport.js'
import { endKeyWithSession } from '../sign-out/end-dpop-key.js'
import { revoke } from '../sign-out/revoke.js'
import { createSignOutUrl, signOutAtServer } from '../sign-out/sign-out.js'
import { noteLocks } from '../storage/stale-record.js'
import type { ClientInternals, ServerCalls } from './internals.js'
import { loadHiddenFrame, loadIntrospection, loadSignOutWindow, loadStorageLease, loadTokenPlacement } from './lazy-rare.js'

// The second half of the wiring, and the entry of the lazy chunk. `create-client.ts` has the first half.

export { answerChallenge } from '../fetch/answer-challenge.js'
export { explainFailure } from '../fetch/explain-failure.js'
export { createAuthorizationRequest } from '../protocol/authorization-request.js'
export { loadServer } from '../protocol/load-server.js'
export { processAuthorizationResponse } from '../protocol/authorization-response.js'
export { fetchUserInfo } from '../protocol/userinfo.js'
export { refreshNarrowToken, refreshTokenSet } from '../protocol/refresh-grant.js'
export { createTabLock } from '../refresh/tab-lock.js'
export { invalidClaims } from '../session/claims.js'
export { replaceSession } from '../session/write-session.js'
export { openRecord } from '../storage/open-record.js'
export { writeRecord } from '../storage/write-record.js'
export { navigatePopup, whileBlank } from '../sign-in/transports/navigate-popup.js'
export { explain, loadStorageLease, protocolLoaders } from './lazy-rare.js'

/** The transports that have nothing to do inside the click. */
export const navigatePage: TransportSteps['navigatePage'] = {
  redirect: navigateRedirect,
  iframe: async (...request) => (await loadHiddenFrame()).navigateFrame(...request),
}

/** See `fetch/send-special.ts`. */
export const sendSpecial: RareFetchParts['sendSpecial'] = (context, special) =>
  sendSpeciallyPlaced(context, special, loadTokenPlacement)

/** A request that hangs ends by its own timeout, so a lock that is held longer belongs to a frozen tab. */
const LOCK_GRACE_MS = 5000

/** Wires what a client needs to talk to the authorization server. Called once for each client. */
export function createServerCalls(client: ClientInternals): ServerCalls {
  const { config, session, refresher, storage } = client
  const { environment, key, tab, timeoutMs } = config
  endKeyWithSession(client)
  noteLocks(storage, environment.locks)
  const server = {
    ...client,
    transactions: new TransactionStore(client),
    redirects: new RedirectGuard(tab, environment.now),
    loadTransports: async () => ({ navigatePopup, whileBlank, navigatePage }),
  }
  const flow: ServerCalls['flow'] = {
    createRequest: (input, signal) => createRequest(server, input, signal),
    redeemResponse: (url, startedAt, isStrict) => redeemResponse(server, url, startedAt, isStrict),
  }
  const steps = createSignInSteps({ ...server, flow })
  const timeout = timeoutMs + LOCK_GRACE_MS
  const refresh = {
    ...client,
    lock: createTabLock({ environment, storage, name: `latchkey/${key}/refresh`, timeoutMs: timeout, loadStorageLease }),
    isFresh: refresher.isFresh.bind(refresher),
    finishGrant: finishGrantOf(client),
    signInSilently: () => steps.signInSilently(),
  }
  return {
    ...steps,
    flow,
    transactions: server.transactions,
    lock: refresh.lock,
    finishGrant: refresh.finishGrant,
    exchange: exchangeOf({ ...server, flow }),
    prepareAuthorizationUrl: (options) => reported(client, prepareAuthorizationUrl(server, options)),
    renewTokenSet: (request) => renewTokenSet(refresh, request),
    renewNarrowToken: (request) => renewNarrowToken(refresh, request),
    unlessAborted,
    checkCaller: (since, known) => checkCaller(refresh, since, known),
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

function exchangeOf(context: SignInContext & FlowParts): ServerCalls['exchange'] {
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
function finishGrantOf(client: ClientInternals): ServerCalls['finishGrant'] {
  const { config } = client
  return async (tokenSet, startedAt, reason = 'login') => {
    const result = await finishSignIn(client, { tokenSet, reason, returnTo: currentPath(config) ?? '/' }, startedAt)
    return result?.tokenSet ?? tokenSet
  }
}
