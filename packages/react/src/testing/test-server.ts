import {
  ConfigurationError,
  memory,
  refuseUnknownOptions,
  type ClientOptions,
  type Environment,
  type NavigateRequest,
} from '@latchkey/core'
import type { JWTPayload } from 'jose'
import { loadPeer } from './optional-peers.js'
import type { BackendOptions, TestBackend } from './test-backend.js'
import { createTestClock, type TestClock } from './test-clock.js'
import { endpointOf, type TestEndpoint, type TestRequest } from './test-endpoint.js'
import {
  createFaultList,
  failure,
  throwOffline,
  type EndFault,
  type FailureOptions,
  type FaultList,
  type FaultOptions,
  type RespondFunction,
} from './test-faults.js'
import { createTestNetwork, untilAborted, type TestNetwork } from './test-network.js'
import { testPage } from './test-page.js'
import { TEST_SERVER_OPTIONS, type TestServerOptions, type TestUser } from './test-server-options.js'

/** An authorization server in memory, behind `fetch`, and the APIs that its tokens are for. */
export interface TestServer {
  readonly issuer: string
  /**
   * Options of a client of this server: `<OAuthProvider {...server.options}>`. Instead of the browser, a sign-in goes to the server in
   * memory, which signs `user` in at once, with and without a popup. The session is stored in memory.
   */
  readonly options: ClientOptions
  /** The `sub` of the user who signs in. Set it to another one of the `users`. */
  user: string
  /**
   * Loads the server, which the first request waits for otherwise. `renderWithAuth` calls it.
   *
   * @throws ConfigurationError if `@latchkey/server` is not installed
   */
  ready(): Promise<void>
  /** The clock of the server and of clients with its `options`. */
  readonly clock: TestClock
  /** All requests to the server and the APIs, in order. */
  readonly requests: readonly TestRequest[]
  /** Returns how many requests an endpoint has received. */
  count(endpoint: TestEndpoint): number
  /** Sends a request, as `fetch` does. */
  readonly fetch: typeof fetch
  /** Returns whether a URL is the server's or one of its APIs'. */
  handles(url: string | URL): boolean
  /**
   * Sends the user's browser to a URL of the server, and follows its redirects.
   *
   * @returns the first URL that is not the server's: the authorization response
   */
  navigate(url: string | URL): Promise<URL>
  /** Moves the clock until all access tokens are expired. Clients refresh them: this does not end a session. */
  expire(): void
  /** Revokes all access and refresh tokens. A client notices with its next refresh, or when an API responds with 401. */
  revoke(): void
  /**
   * Ends all sessions, as an administrator does: revokes all tokens and lets them expire, so that clients notice at once. A page in a browser has
   * its own clock and notices with its next refresh or API call.
   */
  endSessions(): void
  /** Replaces the key that signs tokens, and publishes both. */
  rotate(): Promise<void>
  /**
   * Fails requests with an HTTP status, such as 503 or 429. With `{ error: 'invalid_grant' }` the response is an error of OAuth; with
   * `{ at: 'api' }` the APIs fail.
   */
  fail(status: number, options?: FailureOptions): EndFault
  /**
   * Replaces responses of the server and the APIs by those that the handler returns; undefined leaves the request to them.
   *
   * @example
   * server.respond(({ url }) => (url.endsWith('/userinfo') ? Response.json({ sub: 'mallory' }) : undefined))
   */
  respond(handler: RespondFunction): EndFault
  /** Rejects requests as `fetch` does without a network. */
  offline(options?: FaultOptions): EndFault
  /** Delays responses. @param ms milliseconds */
  slow(ms: number, options?: FaultOptions): EndFault
  /** Signs tokens with a key that is not the published one. */
  wrongSignature(options?: Pick<FaultOptions, 'times'>): EndFault
  /** Denies authorization requests, as a user does: `access_denied`. */
  denied(options?: Pick<FaultOptions, 'times'>): EndFault
  /** Ends all of these faults. */
  recover(): void
  /**
   * Signs a token with the server's key, such as one for your own API. `iss`, `iat` and `exp` have defaults.
   *
   * @param header `typ` of the header; default `JWT`
   */
  signToken(claims: JWTPayload, header?: { readonly typ?: string | undefined }): Promise<string>
}

const DEFAULT_USERS: readonly TestUser[] = [{ sub: 'test-user', name: 'Test User', email: 'test-user@example.com' }]

/**
 * Creates an authorization server in memory, and protected APIs. It is the package `@latchkey/server`, loaded with the first request. By
 * default it accepts every client id, redirect URI and scope.
 *
 * @throws ConfigurationError for an option that does not exist
 * @example
 * const server = createTestServer({ users: [{ sub: 'alice', name: 'Alice' }] })
 * render(<OAuthProvider {...server.options}><App /></OAuthProvider>)
 */
export function createTestServer(options: TestServerOptions = {}): TestServer {
  refuseUnknownOptions('createTestServer()', options, TEST_SERVER_OPTIONS)
  const {
    issuer = 'https://issuer.localhost',
    users = DEFAULT_USERS,
    accessTokenLifetime = 3600,
    server: overrides = {},
  } = options
  const resources = options.resources ?? defaultResources()
  const clock = createTestClock()
  const faults = createFaultList()
  const sessions = { user: knownUser(users, users[0]?.sub ?? '') }
  let backend: TestBackend | undefined
  let loading: Promise<TestBackend> | undefined
  const backendOptions = { issuer, users, user: () => sessions.user, now: clock.now, accessTokenLifetime, overrides }
  const load = (): Promise<TestBackend> => (loading ??= loadBackend(backendOptions).then((loaded) => (backend = loaded)))
  const endpoint = (url: string | URL): TestEndpoint | undefined => endpointOf(new URL(url), issuer, resources)
  const network = createTestNetwork({ endpoint, faults, load, api: options.api, fetch: options.fetch })
  const isServer = (url: URL): boolean => ![undefined, 'api'].includes(endpoint(url))
  const page = testPage({ handles: isServer, navigate: network.navigate })
  const server: Omit<TestServer, 'user'> = {
    issuer,
    clock,
    options: clientOptions({ issuer, resources, clock, network, page }, options.client),
    ...network,
    ready: async () => void (await load()),
    handles: (url) => endpoint(url) !== undefined,
    navigate: (url) => network.navigate(new URL(url)),
    expire: () => clock.advance(accessTokenLifetime + 1),
    revoke: () => backend?.revoke(),
    endSessions() {
      server.revoke()
      server.expire()
    },
    rotate: async () => (await load()).rotate(),
    signToken: async (claims, header = {}) => (await load()).sign(claims, header),
    ...faultMethods(faults),
  }
  return Object.defineProperty(server as TestServer, 'user', {
    enumerable: true,
    get: () => sessions.user,
    set(sub: string) {
      sessions.user = knownUser(users, sub)
    },
  })
}

function defaultResources(): readonly string[] {
  const page = typeof location === 'undefined' || !location.origin.startsWith('http') ? [] : [`${location.origin}/`]
  return [...page, 'https://api.test/']
}

async function loadBackend(options: BackendOptions): Promise<TestBackend> {
  const server = await loadPeer('@latchkey/server', 'createTestServer()', () => import('@latchkey/server'))
  const { createTestBackend } = await import('./test-backend.js')
  return createTestBackend(server, options)
}

/** @throws ConfigurationError, because the test would sign in another user than it says */
function knownUser(users: readonly TestUser[], sub: string): string {
  if (users.some((user) => user.sub === sub)) return sub
  throw new ConfigurationError('configuration', `The test server has no user ${JSON.stringify(sub)}.`, {
    hint: users.length === 0 ? 'Pass at least one user.' : `Its users are: ${users.map((user) => user.sub).join(', ')}.`,
  })
}

interface ClientParts {
  readonly issuer: string
  readonly resources: readonly string[]
  readonly clock: TestClock
  readonly network: TestNetwork
  readonly page: Partial<Environment>
}

function clientOptions(
  { issuer, resources, clock, network, page }: ClientParts,
  overrides?: Partial<ClientOptions>,
): ClientOptions {
  const navigate = async ({ url, signal }: NavigateRequest): Promise<URL> => untilAborted(network.navigate(url), signal)
  return {
    issuer,
    // Sessions, locks and channels of other tests, which may run in another frame of the same origin, have other names.
    clientId: `test-client-${crypto.randomUUID().slice(0, 8)}`,
    // Without a page there is no default.
    ...(page.window === undefined && { redirectUri: 'https://app.test/' }),
    resources,
    storage: memory(),
    transport: { name: 'test', prepare: () => ({ navigate, cancel: () => undefined }) },
    fetch: network.fetch,
    now: clock.now,
    environment: page,
    ...overrides,
  }
}

function faultMethods(
  faults: FaultList,
): Pick<TestServer, 'fail' | 'respond' | 'offline' | 'slow' | 'wrongSignature' | 'denied' | 'recover'> {
  return {
    fail: (status, options = {}) => faults.add({ ...options, respond: () => failure(status, options) }),
    respond: (handler) => faults.add({ respond: handler, at: 'any' }),
    offline: (options) => faults.add({ ...options, respond: throwOffline }),
    slow: (ms, options) => faults.add({ ...options, delayMs: ms }),
    // The other endpoints return tokens only for few response types, and a number of times is one of ID tokens.
    wrongSignature: ({ times } = {}) =>
      faults.add({ forges: true, times, at: times === undefined ? ['token', 'authorize', 'userinfo'] : 'token' }),
    denied: (options) => faults.add({ ...options, denies: true, at: 'authorize' }),
    recover: () => faults.clear(),
  }
}
