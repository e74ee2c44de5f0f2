import type {
  ClientEvents,
  ClientOptions,
  LoginOptions,
  LogoutOptions,
  OAuthClient,
  OAuthClientError,
  UserClaims,
} from '@latchkey/core'
import type { RegisteredClaims } from '../provider/register.js'
import { createTestCalls } from './test-calls.js'
import type { TestSession } from './test-session.js'
import { createStore } from './test-store.js'

export interface TestClientOptions<Claims = RegisteredClaims> {
  /** Default: nobody is signed in. */
  readonly session?: TestSession<Claims>
  /**
   * Called with every sign-in; gives the claims of who signs in, or the error it fails with. Default: the session's own user, else
   * `{ sub: 'test-user', name: 'Test User' }`.
   */
  readonly login?: (options: LoginOptions) => Claims | OAuthClientError | Promise<Claims | OAuthClientError>
  /** Called with every sign-out. */
  readonly logout?: (options: LogoutOptions) => void
  /** Answers in the place of every resource; the request has its access token. Default: every request is refused. */
  readonly fetch?: (request: Request) => Response | Promise<Response>
  /** What the UserInfo endpoint says. Default: the claims. */
  readonly userInfo?: () => UserClaims | Promise<UserClaims>
  /** What `client.options` shows. */
  readonly options?: Partial<ClientOptions>
}

export interface TestClient<Claims = RegisteredClaims> extends OAuthClient<Claims> {
  /** The session is another one from now on, as when something happened in another tab. */
  setSession(session: TestSession<Claims>): void
  /** Tells the listeners of `useSessionEvent` and `client.on`. */
  emit<Name extends keyof ClientEvents>(name: Name, event: ClientEvents[Name]): void
}

/** A client without network, storage or timers. Its state changes by the rules of the real one, and only when it is told to. */
export function createTestClient<Claims = RegisteredClaims>(setup: TestClientOptions<NoInfer<Claims>> = {}): TestClient<Claims> {
  const store = createStore(setup.session ?? { status: 'signed-out' })
  const { getSnapshot, subscribe, on, emit, setSession } = store
  const client: TestClient<unknown> = {
    options: { issuer: 'https://issuer.test', clientId: 'test-client', ...setup.options },
    start: () => Promise.resolve(),
    isCallback: () => false,
    handleCallback: () => Promise.resolve(undefined),
    ...createTestCalls(store, setup),
    getSnapshot,
    subscribe,
    on,
    emit,
    setSession,
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the claims are those that the test gives
  return client as TestClient<Claims>
}
