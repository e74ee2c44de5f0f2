import { unlessAborted } from '../platform/abort.js'
import { readUserInfo } from '../fetch/user-info.js'
import { protocol } from '../protocol/index.js'
import { renewNarrowToken, renewTokenSet } from '../refresh/refresh-session.js'
import { RefreshTimer, suspendWhenOfflineTooLong } from '../refresh/refresh-timer.js'
import { createTabLock, type TabLockOptions } from '../refresh/tab-lock.js'
import { prepareAuthorizationUrl } from '../sign-in/authorization-url.js'
import { completeForeignResponse, completePageResponse, completeResponse } from '../sign-in/complete.js'
import { RedirectGuard } from '../sign-in/redirect-guard.js'
import { signInSilently } from '../sign-in/silent.js'
import { startSignIn } from '../sign-in/start.js'
import { TransactionStore } from '../sign-in/transaction-store.js'
import type { TransportLoaders } from '../sign-in/transports/select-transport.js'
import { revoke } from '../sign-out/revoke.js'
import { createSignOutUrl, signOutAtServer } from '../sign-out/sign-out.js'
import { establishSession } from '../session/write-session.js'
import type { ClientInternals, ServerCalls } from './internals.js'

// The second half of the wiring, and the entry of the lazy chunk. `create-client.ts` has the first half.

export { answerChallenge } from '../fetch/step-up.js'
export { invalidClaims } from '../session/claims.js'
export { navigatePopup } from '../sign-in/transports/popup-window.js'
export { migrateValue } from '../storage/migrations.js'

/** A request that hangs ends by its own timeout, so a lock that is held longer belongs to a frozen tab. */
const LOCK_GRACE_MS = 5000

/** Rarer code that the calls load themselves. */
export interface ServerCallsLoaders {
  readonly loadStorageLease: TabLockOptions['loadStorageLease']
  readonly loadTransport: TransportLoaders
}

/** Wires what a client needs to talk to the authorization server. Called once for each client. */
export function createServerCalls(client: ClientInternals, { loadStorageLease, loadTransport }: ServerCallsLoaders): ServerCalls {
  const { config, storage, session, refresher } = client
  const transactions = new TransactionStore(client)
  const redirects = new RedirectGuard(config.tab, config.environment.now)
  const signIn = { ...client, transactions, redirects, loadTransport }
  const refresh = {
    ...client,
    lock: createTabLock({
      environment: config.environment,
      storage,
      name: `latchkey/${config.key}/refresh`,
      timeoutMs: config.timeoutMs + LOCK_GRACE_MS,
      loadStorageLease,
    }),
    isFresh: refresher.isFresh.bind(refresher),
    signInSilently: () => signInSilently(signIn),
  }
  return {
    protocol,
    transactions,
    establishSession: (tokenSet, reason) => establishSession(session, { tokenSet, reason }),
    startSignIn: (prepared, request) => startSignIn(signIn, prepared, request),
    completePageResponse: (url) => completePageResponse(signIn, url),
    completeResponse: (url) => completeResponse(signIn, url),
    completeForeignResponse: (url) => completeForeignResponse(signIn, url),
    prepareAuthorizationUrl: (options) => prepareAuthorizationUrl(signIn, options),
    signInSilently: () => signInSilently(signIn),
    renewTokenSet: (request) => renewTokenSet(refresh, request),
    renewNarrowToken: (request) => renewNarrowToken(refresh, request),
    unlessAborted,
    startRefreshTimer: (signal) => void new RefreshTimer(client, signal),
    suspendWhenOfflineTooLong: () => void suspendWhenOfflineTooLong(client),
    readUserInfo: (options) => readUserInfo(client, client.accessToken, options),
    signOutAtServer: (tokenSet, options) => signOutAtServer(signIn, tokenSet, options),
    createSignOutUrl: (idTokenHint, options) => createSignOutUrl(signIn, idTokenHint, options),
    revoke: (token, options) => revoke(client, token, options),
  }
}
