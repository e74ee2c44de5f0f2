import { createError } from '../errors/create-error.js'
import { loadFlows } from './lazy.js'
import { openQuietly } from '../platform/environment.js'
import { logout } from '../sign-out/logout.js'
import { createTabSync, type TabSync } from '../session/tab-messages.js'
import type { UserClaims } from '../protocol/claims.js'
import { createClientCalls } from './client-calls.js'
import { createClientConfig } from './resolve-options.js'
import type { ClientOptions } from './client-options.js'
import { type ClientParts, createClientParts } from './client-parts.js'
import { Lifecycle } from './lifecycle.js'
import type { OAuthClient } from './client.js'
import { registerParts } from './parts-of-client.js'
import type { SessionState } from '../session/session-state.js'

/**
 * Makes a client for one authorization server and one client id. Nothing is read, sent or listened to before `start()` (or the
 * first call that needs the session).
 *
 * @throws ConfigurationError for options that are missing, half-given or contradict each other
 */
export function createOAuthClient<Claims = UserClaims>(options: ClientOptions<Claims>): OAuthClient<Claims> {
  const config = createClientConfig(options as ClientOptions)
  let tabs: TabSync | undefined
  const parts: ClientParts = createClientParts(config, (news) => tabs?.announce(news))
  const lifecycle = new Lifecycle({
    config,
    session: parts.session,
    signIn: parts.signIn,
    preload: loadFlows,
    signInSilently: async () => (await loadFlows()).signInSilently(parts),
    onRestored: async () => {
      if (config.options.offlineGrace === undefined || config.environment.window?.navigator.onLine !== false) return
      await loadFlows().then(
        ({ suspendWhenOfflineTooLong }) => suspendWhenOfflineTooLong(parts),
        () => undefined,
      )
    },
    joinTabs() {
      tabs = joinTabs(parts)
      return () => {
        tabs?.close()
        tabs = undefined
      }
    },
    async startIdleWork() {
      const { createRenewal, sweepTransactions } = await loadFlows()
      void sweepTransactions(parts).catch(() => undefined)
      const renewal = createRenewal(parts)
      return () => renewal.stop()
    },
    close() {
      // A refresh goes on all the same: the server may have spent its refresh token already.
      parts.session.interrupt(
        createError('aborted', 'the client was closed while this request was on its way', {
          hint: 'Close it later, or start() it again.',
        }),
      )
      parts.storage.close?.()
    },
  })
  const { session, signIn, events } = parts
  const pageUrl = (url: string | URL | undefined): URL =>
    new URL(url ?? config.environment.window?.location.href ?? 'about:blank')
  const client: OAuthClient<Claims> = {
    options: config.options,
    start: () => lifecycle.start(),
    isCallback: (url) => signIn.isCallback(pageUrl(url)),
    login: (loginOptions = {}) => quiet(signIn.login(loginOptions)),
    handleCallback: (url) => quiet(url === undefined ? signIn.handlePage(pageUrl(url)) : signIn.handleCallback(new URL(url))),
    ...createClientCalls(parts, lifecycle),
    async introspect(token) {
      const { introspectToken } = await (await loadFlows()).loadIntrospection()
      return introspectToken(client as OAuthClient<never>, token === undefined ? {} : { token })
    },
    logout: (logoutOptions = {}) => quiet(logout(parts, logoutOptions)),
    subscribe: (listener) => session.subscribe(listener),
    getSnapshot: () => session.state as SessionState<Claims>,
    on: (name, listener) => events.on(name, listener),
    close: () => lifecycle.close(),
    [Symbol.asyncDispose]: () => lifecycle.close(),
  }
  registerParts(client, parts)
  return client
}

/** Whoever does not look at the promise finds the failure in the state: it is not an unhandled rejection as well. */
function quiet<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined)
  return work
}

function joinTabs({ config, session, storage, records }: ClientParts): TabSync {
  const { environment } = config
  // A process has no other tab, unless a channel was passed.
  const isShared = environment.window !== undefined || storage.persistent || config.options.environment?.openChannel !== undefined
  return createTabSync(isShared ? openQuietly(environment, `latchkey/${config.key}/session`) : undefined, (news) => {
    // Without a shared storage the other tabs' sign-out is all there is to agree on.
    if (news === 'session-cleared' && !storage.persistent) {
      void records.take(`latchkey/${config.key}/session`)
      session.end('other-tab')
    } else if (session.state.status !== 'restoring') void session.adopt()
  })
}
