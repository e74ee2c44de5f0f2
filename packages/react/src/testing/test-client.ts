import { refuseUnknownOptions, withCheckedCalls, type ClientEvents, type OAuthClient } from '@latchkey/core'
import type { RegisteredClaims } from '../provider/register.js'
import { registerTestDouble } from '../provider/test-doubles.js'
import { createTestCalls, testDeviceAuthorization } from './test-calls.js'
import { TEST_CLIENT_OPTIONS, type TestClientOptions } from './test-client-options.js'
import type { TestSession } from './test-session.js'
import { createTestStore, type TestStore } from './test-store.js'

/** Extends the client with what a test needs to change the session from outside. */
export interface TestClient<Claims = RegisteredClaims> extends OAuthClient<Claims> {
  /** Replaces the session, as if another tab had changed it. */
  setSession(session: TestSession<Claims>): void
  /** Notifies the listeners of `useSessionEvent` and `client.on`. */
  emit<Name extends keyof ClientEvents>(name: Name, event: ClientEvents[Name]): void
}

/**
 * Creates a client without network, storage or timers. Its state follows the rules of the real client, and changes only when a call
 * or the test changes it.
 */
export function createTestClient<Claims = RegisteredClaims>(
  options: TestClientOptions<NoInfer<Claims>> = {},
): TestClient<Claims> {
  refuseUnknownOptions('createTestClient()', options, TEST_CLIENT_OPTIONS)
  const store = createTestStore(options.session ?? { status: 'signed-out' })
  const { getSnapshot, subscribe, on, emit, setSession } = store
  const client: TestClient<unknown> = {
    options: { issuer: 'https://issuer.test', clientId: 'test-client', ...options.options },
    start: () => whenRestored(store),
    isCallback: () => false,
    handleCallback: () => Promise.resolve(undefined),
    ...createTestCalls(store, options),
    getSnapshot,
    subscribe,
    on,
    emit,
    setSession,
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  const checked = withCheckedCalls(client, store.fail)
  registerTestDouble(checked, { deviceAuthorization: async (given) => testDeviceAuthorization(checked, given) })
  // The claims are those that the test passed in.
  return checked as TestClient<Claims>
}

/** As of a real client, which has started when its session is restored. */
function whenRestored({ getSnapshot, subscribe }: Pick<TestStore, 'getSnapshot' | 'subscribe'>): Promise<void> {
  if (getSnapshot().status !== 'restoring') return Promise.resolve()
  return new Promise((resolve) => {
    const unsubscribe = subscribe(() => {
      if (getSnapshot().status === 'restoring') return
      unsubscribe()
      resolve()
    })
  })
}
