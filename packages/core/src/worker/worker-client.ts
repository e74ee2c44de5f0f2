import { createError } from '../errors/create-error.js'
import type { ConfigurationError } from '../errors/errors.js'
import type { UserClaims } from '../protocol/claims.js'
import { type ClientConfig, createClientConfig } from '../client/resolve-options.js'
import type { ClientOptions } from '../client/client-options.js'
import type { OAuthClient } from '../client/client.js'
import type { AuthedRequestInit } from '../fetch/fetch-options.js'
import type { SessionState } from '../session/session-state.js'
import { isOwnCallback } from '../sign-in/start.js'
import { endSilence } from '../sign-in/silence.js'
import { memory } from '../storage/memory.js'
import { PageLife, pageUrl, reportOwn } from './page-life.js'
import { PageSession } from './page-session.js'
import { PageTrips } from './page-trips.js'
import { fromTransferableResponse, toTransferableRequest, transferablesOf } from './transferable-fetch.js'
import { type ClientWorker, WorkerLink } from './worker-link.js'

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

/** What the page has to know. Everything else (scope, resources, storage, hooks) is said where the worker calls `serveClient`. */
export interface WorkerClientOptions extends Pick<ClientOptions, PageOptions> {
  /** A module worker whose file calls `serveClient` with the same `issuer`, `clientId` and `name`. */
  readonly worker: ClientWorker
}

/**
 * A client whose tokens live in a worker. It has the interface of every other client, and the hooks of `@latchkey/react` take it, but
 * no token is in the page: `getAccessToken` rejects, token sets have expiry, scope and claims only, `fetch` and `userInfo` go through
 * the worker, where the resource list holds.
 *
 * It keeps tokens from being carried off. It does not keep a script that runs in the page from calling the API through this client
 * while the page is open, nor from starting a sign-in of its own.
 *
 * @throws ConfigurationError for options that are missing, half-given or contradict each other
 * @example
 * import { workerClient } from '@latchkey/core/worker'
 * const worker = new Worker(new URL('./oauth.worker.ts', import.meta.url), { type: 'module' })
 * const client = workerClient({ worker, issuer: 'https://id.example.com', clientId: 'spa' })
 */
export function workerClient<Claims = UserClaims>({ worker, ...options }: WorkerClientOptions): OAuthClient<Claims> {
  const config = createClientConfig({ ...options, storage: memory() })
  const session = new PageSession()
  const link = new WorkerLink(worker, { key: config.key, patienceMs: config.timeoutMs }, (message) => session.hear(message))
  const trips = new PageTrips(config, link)
  const life = new PageLife({ config, session, link, trips })
  session.events.on('signed-in', () => {
    trips.redirects.reset()
    endSilence(config)
  })
  // Whoever does not look at the promise finds the failure in the state.
  const quiet = <T>(work: Promise<T>): Promise<T> => {
    work.catch((cause: unknown) => reportOwn(session, cause))
    return work
  }
  return {
    options: config.options,
    start: () => life.start(),
    isCallback: (url) => isOwnCallback(config, pageUrl(config, url)),
    login: (loginOptions = {}) => quiet(trips.login(loginOptions)),
    handleCallback: (url) => quiet(life.handleCallback(url)),
    getAccessToken: () => Promise.reject(noTokensHere()),
    getTokenSet: () => session.state.tokenSet,
    refresh: ({ signal, ...rest } = {}) => link.call('refresh', [rest], { signal }),
    fetch: (input, init) => fetchInWorker(config, link, input, init),
    userInfo: ({ signal } = {}) => link.call('userInfo', [], { signal }),
    logout: (logoutOptions = {}) => quiet(life.logout(logoutOptions)),
    revoke: (token, revokeOptions) => link.call('revoke', [token, revokeOptions]),
    introspect: (token) => link.call('introspect', [token]),
    subscribe: (listener) => session.subscribe(listener),
    getSnapshot: () => session.state as SessionState<Claims>,
    on: (name, listener) => session.events.on(name, listener),
    close: () => life.close(),
    [Symbol.asyncDispose]: () => life.close(),
  }
}

async function fetchInWorker(
  config: ClientConfig,
  link: WorkerLink,
  input: RequestInfo | URL,
  init: AuthedRequestInit = {},
): Promise<Response> {
  const { withholdToken, resource: _resource, ...plain } = init
  const request = new Request(input, plain)
  // What needs no token of ours is not the worker's business.
  if (withholdToken || request.headers.has('authorization')) return config.environment.fetch(request)
  const { signal } = request
  const sent = await toTransferableRequest(request, init)
  return fromTransferableResponse(await link.call('fetch', [sent], { signal, transfer: transferablesOf(sent) }))
}

function noTokensHere(): ConfigurationError {
  return createError('unsupported', 'access tokens stay in the worker: there is none to hand out', {
    hint: 'Send the request by client.fetch() or useAuthedFetch(); the worker puts the token in.',
  })
}
