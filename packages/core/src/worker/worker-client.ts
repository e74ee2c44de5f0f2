import { createError } from '../errors/create-error.js'
import type { OAuthClient } from '../client/client.js'
import type { AuthedRequestInit } from '../fetch/fetch-options.js'
import type { LogoutOptions, LogoutResult } from '../sign-out/logout-options.js'
import type { ClientOptions } from '../client/client-options.js'
import type { ClientEvents } from '../client/events.js'
import { loadRelayCallback, loadServerCalls, loadTransport } from '../client/lazy.js'
import { Lifecycle } from '../client/lifecycle.js'
import { type ClientConfig, resolveOptions } from '../client/resolve-options.js'
import { asClientError } from '../errors/client-error.js'
import type { ConfigurationError } from '../errors/errors.js'
import { refuseAborted } from '../platform/abort.js'
import { createEmitter } from '../platform/emitter.js'
import type { UserClaims } from '../protocol/claims.js'
import { dueAt, RefreshTimer } from '../refresh/refresh-timer.js'
import { Session } from '../session/session.js'
import type { SessionEvent, SessionState } from '../session/session-state.js'
import type { AuthorizationFlow } from '../sign-in/authorization-flow.js'
import { RedirectGuard } from '../sign-in/redirect-guard.js'
import { SignIn } from '../sign-in/sign-in.js'
import { createSignInSteps } from '../sign-in/sign-in-steps.js'
import { blockSilentSignIn } from '../sign-in/silent-sign-in-block.js'
import { memory } from '../storage/memory.js'
import { type ClientWorker, connectWorker } from './connect-worker.js'
import type { RpcPort } from './rpc-port.js'
import { deserializeError } from './serialized-error.js'
import { deserializeResponse, serializeRequest } from './serialized-fetch.js'
import type { Redacted, WorkerApi } from './worker-api.js'

type PageOptions =
  | 'issuer'
  | 'server'
  | 'clientId'
  | 'name'
  | 'redirectUri'
  | 'postLogoutRedirectUri'
  | 'transport'
  | 'silent'
  | 'leeway'
  | 'timeout'
  | 'fetch'
  | 'now'
  | 'environment'

/** The options that the page needs. Pass all others (scope, resources, storage, hooks) to `serveClient` in the worker. */
export interface WorkerClientOptions extends Pick<ClientOptions, PageOptions> {
  /** A module worker whose file calls `serveClient` with the same `issuer`, `clientId` and `name`. */
  readonly worker: ClientWorker
}

/**
 * Creates a client whose tokens stay in a worker. It has the interface of every other client, and the hooks of `@latchkey/react` accept
 * it. But no token is in the page: `getAccessToken` rejects, token sets contain only expiry, scope and claims, and `fetch` and
 * `userInfo` run in the worker, where the list of resources is.
 *
 * This prevents a script in the page from stealing tokens. It does not prevent the script from calling the API through this client
 * while the page is open, or from starting a sign-in.
 *
 * @throws ConfigurationError for options that are missing, incomplete or contradict each other
 * @example
 * import { workerClient } from '@latchkey/core/worker'
 * const worker = new Worker(new URL('./oauth.worker.ts', import.meta.url), { type: 'module' })
 * const client = workerClient({ worker, issuer: 'https://id.example.com', clientId: 'spa' })
 */
export function workerClient<Claims = UserClaims>({ worker, ...options }: WorkerClientOptions): OAuthClient<Claims> {
  const config = resolveOptions({ ...options, storage: memory() })
  const events = createEmitter<ClientEvents>()
  const rpc = connectWorker(worker, config, {
    dispatch: (event) => applyEvent(session, event),
    emit: ({ name, event }) => events.emit(name, withError(event) as never),
  })
  const session = new Session({
    ...SESSION,
    key: config.key,
    events,
    records: remoteRecords(
      () => rpc.call('start', undefined),
      (cause) => session.fail(asClientError(cause)),
    ),
  })
  const flow: AuthorizationFlow = {
    async createRequest(input, signal) {
      try {
        return await rpc.call('createRequest', input, signal)
      } finally {
        refuseAborted(signal)
      }
    },
    redeemResponse: (url, startedAt) => rpc.call('redeemResponse', { url, startedAt }),
  }
  const redirects = new RedirectGuard(config.tab, config.environment.now)
  const steps = createSignInSteps({ config, session, flow, redirects, loadTransport })
  const signIn = new SignIn({ config, session, loadSteps: async () => steps, loadTransport, loadRelayCallback })
  const lifecycle = new Lifecycle({
    config,
    session,
    signIn,
    preload: async () => undefined,
    signInSilently: async () => session.state.status === 'signed-in' || steps.signInSilently(),
    onRestored: async () => undefined,
    joinTabs: () => () => undefined,
    async startBackgroundWork() {
      const timer = new RefreshTimer({
        environment: config.environment,
        events,
        dueAt: () => session.state.tokenSet && dueAt(session.state.tokenSet, config.leewaySeconds),
        refresh: () => rpc.call('refreshInAdvance', undefined),
      })
      return () => timer.stop()
    },
    close: () => rpc.call('close', undefined).catch(() => undefined),
  })
  return {
    options: config.options,
    start: () => lifecycle.start(),
    isCallback: (url) => signIn.isCallback(pageUrl(config, url)),
    login: (loginOptions = {}) => quiet(signIn.login(loginOptions)),
    handleCallback: (url) =>
      quiet(url === undefined ? signIn.handlePage(pageUrl(config, url)) : signIn.handleCallback(new URL(url))),
    getAccessToken: () => Promise.reject(noTokensHere()),
    getTokenSet: () => session.state.tokenSet,
    refresh: ({ signal, ...refreshOptions } = {}) => rpc.call('refresh', refreshOptions, signal),
    fetch: (input, init) => fetchInWorker(config, rpc, input, init),
    userInfo: ({ signal } = {}) => rpc.call('userInfo', undefined, signal),
    logout: (logoutOptions = {}) => quiet(logout(config, redirects, rpc, logoutOptions)),
    revoke: (token, revokeOptions) => rpc.call('revoke', { token, options: revokeOptions }),
    introspect: (token) => rpc.call('introspect', token),
    subscribe: (listener) => session.subscribe(listener),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the worker's `claims` schema checked them
    getSnapshot: () => session.state as SessionState<Claims>,
    on: (name, listener) => events.on(name, listener),
    close: () => lifecycle.close(),
    [Symbol.asyncDispose]: () => lifecycle.close(),
  }
}

const SESSION = { options: {}, sendToTabs: () => undefined, loadInvalidClaims: loadServerCalls }

function remoteRecords(start: () => Promise<void>, onError: (cause: unknown) => void): any {
  return {
    async read() {
      await start().catch(onError)
      return undefined
    },
  }
}

function applyEvent(session: Session, event: Redacted<SessionEvent>): void {
  // The page's own start decides when the user is shown as signed out: a silent sign-in may still find a session.
  if (event.type === 'restored' && !event.tokenSet) return
  session.dispatch(withError(event) as SessionEvent)
}

function withError(event: object): object {
  const { error } = event as Redacted<{ readonly error?: unknown }>
  return error ? { ...event, error: deserializeError(error) } : event
}

function pageUrl({ environment }: ClientConfig, url: string | URL | undefined): URL {
  return new URL(url ?? environment.window?.location.href ?? 'about:blank')
}

function quiet<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined)
  return work
}

async function logout(
  config: ClientConfig,
  redirects: RedirectGuard,
  rpc: RpcPort<WorkerApi>,
  options: LogoutOptions,
): Promise<LogoutResult> {
  blockSilentSignIn(config.tab, 'logout')
  const { postLogoutRedirectUri = config.postLogoutRedirectUri } = options
  const url = await rpc.call('logout', postLogoutRedirectUri === undefined ? options : { ...options, postLogoutRedirectUri })
  if (url === undefined) return { local: true, provider: false }
  if (options.state !== undefined) redirects.expectResponse(options.state)
  config.environment.window?.location.assign(url)
  return { local: true, provider: true }
}

async function fetchInWorker(
  config: ClientConfig,
  rpc: RpcPort<WorkerApi>,
  input: RequestInfo | URL,
  init: AuthedRequestInit = {},
): Promise<Response> {
  const { withholdToken, resource: _resource, ...plain } = init
  const request = new Request(input, plain)
  if (withholdToken || request.headers.has('authorization')) return config.environment.fetch(request)
  const { signal } = request
  return deserializeResponse(await rpc.call('fetch', await serializeRequest(request, init), signal), signal)
}

function noTokensHere(): ConfigurationError {
  return createError('unsupported', 'Access tokens stay in the worker, so the page cannot get one.', {
    hint: 'Send the request with client.fetch() or useAuthedFetch(). The worker adds the token.',
  })
}
