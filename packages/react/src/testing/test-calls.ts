import {
  refuseUnknownOptions,
  type OptionNames,
  checkReturnTo,
  ConfigurationError,
  EnvironmentError,
  OAuthClientError,
  SessionError,
  type LoginOptions,
  type LoginResult,
  type OAuthClient,
  type TokenSet,
} from '@latchkey/core'
import type { DeviceAuthorization, GrantRequestOptions, PollOptions } from '@latchkey/core/grants'
import type { TestClientOptions } from './test-client-options.js'
import { asUserClaims, DEFAULT_USER, testTokenSet } from './test-session.js'
import type { TestStore } from './test-store.js'

type TestCalls = Pick<
  OAuthClient<unknown>,
  'login' | 'logout' | 'getAccessToken' | 'getTokenSet' | 'refresh' | 'fetch' | 'userInfo' | 'revoke' | 'introspect'
>

/** Creates the methods of a test client. */
export function createTestCalls(store: TestStore, options: TestClientOptions<unknown>): TestCalls {
  let refreshes = 0
  const tokenSet = (): TokenSet => store.getSnapshot().tokenSet ?? throwMissingToken()
  return {
    login: (loginOptions = {}) => markHandled(login(store, options, loginOptions)),
    async logout(logoutOptions = {}) {
      const told = (async () => options.logout?.(logoutOptions))()
      const wasSignedIn = store.getSnapshot().status === 'signed-in'
      store.dispatch({ type: 'signed_out', activity: 'signing-out' })
      if (wasSignedIn) store.emit('signed-out', { reason: 'logout' })
      // Like the real one, it does not reject.
      const error = await told.then(
        () => undefined,
        (cause: unknown) => failed('logout', cause),
      )
      store.dispatch({ type: 'logout_ended' })
      if (error) store.fail(error)
      return { local: true, provider: false }
    },
    getTokenSet: () => store.getSnapshot().tokenSet,
    getAccessToken: async ({ resource } = {}) =>
      (resource === undefined ? undefined : tokenSet().byResource?.[resource])?.accessToken ?? tokenSet().accessToken,
    async refresh() {
      const current = tokenSet()
      store.dispatch({ type: 'refresh_started' })
      await Promise.resolve()
      const next = { ...current, accessToken: `test-access-token-${(refreshes += 1)}` }
      receive(store, next, 'refresh')
      return next
    },
    async fetch(input, init) {
      const request = requestOf(input, init)
      if (!init?.withholdToken) request.headers.set('authorization', `${tokenSet().tokenType} ${tokenSet().accessToken}`)
      return options.fetch ? options.fetch(request) : throwNoNetwork(request)
    },
    async userInfo() {
      tokenSet()
      try {
        return (await options.userInfo?.()) ?? store.getSnapshot().claims ?? {}
      } catch (cause) {
        throw failed('userInfo', cause)
      }
    },
    revoke: () => Promise.resolve(),
    introspect: (token = store.getSnapshot().tokenSet?.accessToken) =>
      Promise.resolve({ active: token !== undefined && token === store.getSnapshot().tokenSet?.accessToken }),
  }
}

async function login(store: TestStore, options: TestClientOptions<unknown>, loginOptions: LoginOptions): Promise<LoginResult> {
  store.dispatch({ type: 'login_started' })
  const outcome = await outcomeOf(options, loginOptions)
  if (outcome instanceof OAuthClientError) {
    store.fail(outcome)
    throw outcome
  }
  const claims = asUserClaims(outcome)
  const tokenSet = testTokenSet(claims)
  receive(store, tokenSet, 'login', claims)
  const returnTo = loginOptions.returnTo ?? '/'
  store.emit('signed-in', { tokenSet, returnTo })
  return { tokenSet, returnTo }
}

/** A `login` that throws or rejects is a sign-in that fails, like one that returns the error. */
async function outcomeOf(options: TestClientOptions<unknown>, loginOptions: LoginOptions): Promise<unknown> {
  try {
    refuseForeign(loginOptions.returnTo)
    return claimsOrError((await options.login?.(loginOptions)) ?? defaultUser(options))
  } catch (cause) {
    return failed('login', cause)
  }
}

/** A test may return any error: then the sign-in fails with it. */
function claimsOrError(outcome: unknown): unknown {
  if (outcome instanceof Error) return failed('login', outcome)
  if (typeof outcome === 'object' && outcome && !Array.isArray(outcome)) return outcome
  const received = Array.isArray(outcome) ? 'a list' : `a ${typeof outcome}`
  return new ConfigurationError('configuration', `The "login" of the test returned ${received}.`, {
    hint: 'Return the claims of the user, such as { sub: "alice" }, or an error.',
  })
}

function failed(name: 'login' | 'logout' | 'userInfo', cause: unknown): OAuthClientError {
  if (cause instanceof OAuthClientError) return cause
  const hint = 'See "cause". To fail with another code, throw or return an error of @latchkey/core.'
  return new EnvironmentError('unexpected', `The "${name}" of the test failed.`, { hint, cause })
}

/** With the text of the error, which the client loads only when it is needed. */
function refuseForeign(returnTo = '/'): void {
  try {
    checkReturnTo(returnTo)
  } catch (cause) {
    throw new ConfigurationError('invalid_return_to', '"returnTo" must be a path on this origin, such as "/orders?page=2".', {
      hint: 'Pass location.pathname + location.search, never a whole URL.',
      spec: 'RFC 9700, section 4.11.1',
      cause,
    })
  }
}

/** Node's `Request` knows no page (jsdom, happy-dom): a relative URL is resolved here, as a browser does. */
function requestOf(input: RequestInfo | URL, init: RequestInit | undefined): Request {
  const base = typeof document === 'undefined' ? undefined : document.baseURI
  if (!(input instanceof Request) && !URL.canParse(String(input), base)) {
    throw new ConfigurationError('configuration', `The URL "${String(input)}" is relative, and there is no page.`, {
      hint: 'Pass an absolute URL, or run the test in a browser, jsdom or happy-dom.',
    })
  }
  try {
    return new Request(input instanceof Request ? input : new URL(input, base), init)
  } catch (cause) {
    throw new ConfigurationError('configuration', 'The request could not be made.', { cause })
  }
}

const DEVICE_OPTIONS: OptionNames<GrantRequestOptions & PollOptions> = {
  scope: 'string | list',
  resources: 'list',
  params: 'object',
  clientAuth: 'string | function',
  signal: 'signal',
  onProgress: 'function',
  wait: 'function',
}

/**
 * Returns what `useDeviceLogin` shows. The user approves when the test's `login` returns.
 *
 * @throws ConfigurationError for an option that the real function refuses
 */
export function testDeviceAuthorization(
  { login: signIn }: Pick<OAuthClient<unknown>, 'login'>,
  options: GrantRequestOptions & PollOptions,
): DeviceAuthorization {
  refuseUnknownOptions('deviceAuthorization()', options, DEVICE_OPTIONS)
  return {
    userCode: 'TEST-CODE',
    verificationUri: 'https://issuer.test/device',
    verificationUriComplete: 'https://issuer.test/device?user_code=TEST-CODE',
    expiresAt: Date.now() + 600_000,
    poll: async () => (await signIn())?.tokenSet ?? throwMissingToken(),
  }
}

function receive(
  store: TestStore,
  tokenSet: TokenSet,
  reason: 'login' | 'refresh',
  claims = store.getSnapshot().claims ?? {},
): void {
  store.dispatch({ type: 'token_set_received', tokenSet, claims })
  store.emit('token-set', { tokenSet, reason })
}

function defaultUser({ session }: TestClientOptions<unknown>): unknown {
  return typeof session === 'object' && 'claims' in session && session.claims !== undefined ? session.claims : DEFAULT_USER
}

function throwMissingToken(): never {
  throw new SessionError('missing_token', 'No user is signed in, so there is no access token.', {
    hint: 'Give <TestOAuthProvider> a session with claims, or let the test sign in first.',
  })
}

function throwNoNetwork({ url }: Request): never {
  throw new ConfigurationError('configuration', `The test client has no network: ${new URL(url).origin} cannot be reached.`, {
    hint: 'Return responses from the "fetch" of <TestOAuthProvider>.',
  })
}

/** The error is also in the state, so an ignored promise must not raise `unhandledrejection`. */
function markHandled<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => undefined)
  return promise
}
