import { createAuthedFetch } from './authed-fetch.js'
import type { UserClaims } from './claims.js'
import { createClientConfig } from './client-config.js'
import type { ClientOptions } from './client-options.js'
import { type ClientParts, createClientParts } from './client-parts.js'
import { SessionError } from './errors.js'
import { Lifecycle } from './lifecycle.js'
import { loadProtocol } from './load-protocol.js'
import type { OAuthClient } from './oauth-client.js'
import { registerParts } from './parts-of-client.js'
import { asClientError } from './refresher.js'
import type { SessionState } from './session-state.js'

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
  const { session, refresher, signIn, events } = parts
  const ready = (): Promise<void> | undefined => (session.state.status === 'restoring' ? lifecycle.start() : undefined)
  const client: OAuthClient<Claims> = {
    options: config.options as ClientOptions,
    start: () => lifecycle.start(),
    isCallback: (url) => signIn.isCallback(pageUrl(url)),
    login: (loginOptions = {}) => quiet(signIn.login(loginOptions)),
    handleCallback: (url) => quiet(url === undefined ? signIn.handlePage(pageUrl(url)) : signIn.handleCallback(new URL(url))),
    async getAccessToken(tokenOptions = {}) {
      await ready()
      return (await refresher.accessToken(tokenOptions)).accessToken
    },
    getTokenSet: () => session.state.tokenSet,
    async refresh(tokenOptions = {}) {
      await ready()
      if (tokenOptions.resource !== undefined) await refresher.accessToken({ ...tokenOptions, forceRefresh: true })
      else await refresher.refresh()
      return signedInTokenSet(session.state)
    },
    fetch: createAuthedFetch({
      fetch: config.environment.fetch,
      resources: parts.resources,
      accessToken: async (tokenOptions) => {
        await ready()
        return refresher.accessToken(tokenOptions)
      },
      protectedRequest: config.options.compliance?.protectedRequest,
      sessionSignal: () => lifecycle.sessionSignal,
    }),
    async userInfo(infoOptions = {}) {
      await ready()
      await refresher.accessToken({})
      const protocol = await loadProtocol()
      return protocol.fetchUserInfo(parts.context, signedInTokenSet(session.state), infoOptions)
    },
    logout: (logoutOptions = {}) => quiet(lifecycle.logout(logoutOptions)),
    async revoke({ token, tokenTypeHint } = {}) {
      await ready()
      const protocol = await loadProtocol()
      const tokenSet = session.state.tokenSet
      const chosen = token ?? tokenSet?.refreshToken ?? tokenSet?.accessToken
      if (chosen === undefined) throw missingToken()
      const hint = tokenTypeHint ?? (chosen === tokenSet?.refreshToken ? 'refresh_token' : 'access_token')
      await protocol.revokeToken(parts.context, chosen, hint).catch((cause: unknown) => Promise.reject(asClientError(cause)))
    },
    subscribe: (listener) => session.subscribe(listener),
    getSnapshot: () => session.state as SessionState<Claims>,
    on: (name, listener) => events.on(name, listener),
    close: () => lifecycle.close(),
    [Symbol.asyncDispose]: () => lifecycle.close(),
  }
  registerParts(client, parts)
  return client

  function pageUrl(url: string | URL | undefined): URL {
    return new URL(url ?? config.environment.window?.location.href ?? 'about:blank')
  }
}

/** Whoever does not look at the promise finds the failure in the state: it is not an unhandled rejection as well. */
function quiet<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined)
  return work
}

function signedInTokenSet(state: SessionState): NonNullable<SessionState['tokenSet']> {
  if (!state.tokenSet) throw missingToken()
  return state.tokenSet
}

function missingToken(): SessionError {
  return new SessionError('missing_token', 'nobody is signed in: there is no token', { hint: 'Call login() first.' })
}
