import { loadFlows } from './lazy.js'
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
  const parts: ClientParts = createClientParts(config, (news) => lifecycle.announce(news))
  const lifecycle = new Lifecycle(parts)
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
    logout: (logoutOptions = {}) => quiet(lifecycle.logout(logoutOptions)),
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
