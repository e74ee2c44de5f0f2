import { createElement, type FunctionComponent, type ReactElement } from 'react'
import { renderToString } from 'react-dom/server'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { CALLS, failuresOf, probeOf, wrongProps } from '../fixtures/wrong-arguments.fixture.js'

// What an app that is built for production does with wrong arguments, which it does not check one by one.
vi.stubEnv('NODE_ENV', 'production')
vi.resetModules()
// React's production build has no function for the JSX of a development build, as which Vitest compiles the sources.
vi.doMock('react/jsx-dev-runtime', async () => {
  const { Fragment, jsx } = await import('react/jsx-runtime')
  return { Fragment, jsxDEV: jsx }
})
const { OAuthClientError } = await import('@latchkey/core')
const latchkey = await import('../index.js')
const testing = await import('../testing.js')

afterAll(() => {
  vi.doUnmock('react/jsx-dev-runtime')
  vi.unstubAllEnvs()
  vi.resetModules()
})

const TestOAuthProvider = testing.TestOAuthProvider as unknown as FunctionComponent<Readonly<Record<string, unknown>>>
type Untyped = (...given: readonly unknown[]) => unknown

const client = testing.createTestClient({ session: 'signed-in' })
const FUNCTIONS = Object.entries({ ...latchkey, ...testing } as unknown as Readonly<Record<string, Untyped>>)
const isHook = (name: string): boolean => /^use[A-Z]/.test(name)
const isComponent = (name: string): boolean => /^[A-Z]/.test(name)
const isQuery = (name: string): boolean => name === 'useAuthedQuery' || name === 'useUserInfo'
/** Storybook calls the one, and the other needs a document. */
const isForPages = (name: string): boolean => name === 'withTestSession' || name === 'renderWithAuth'

function expectTyped(failure: unknown): void {
  if (!(failure instanceof OAuthClientError)) expect(failure).toBe('an OAuthClientError')
}

function render(child: ReactElement): void {
  try {
    renderToString(createElement(TestOAuthProvider, { session: 'signed-in' }, child))
  } catch (cause) {
    expectTyped(cause)
  }
}

describe('in production, wrong arguments fail with a typed error or not at all:', () => {
  it.each(FUNCTIONS.filter(([name]) => isHook(name)))('%s()', async (name, hook) => {
    for (const given of CALLS) {
      let result: unknown
      render(probeOf(hook, given, (returned) => (result = returned)))
      // The functions of a query are those of TanStack Query.
      if (!isQuery(name)) for (const failure of await failuresOf(result)) expectTyped(failure)
    }
  })

  it.each(FUNCTIONS.filter(([name]) => !isHook(name) && !isComponent(name) && !isForPages(name)))('%s()', async (_name, call) => {
    for (const given of [...CALLS, ...CALLS.map((each) => [client, ...each])]) {
      try {
        await call(...given)
      } catch (cause) {
        expectTyped(cause)
      }
    }
  })

  // Without those that are rendered: React's own errors name them.
  const PROPS = [
    [
      'client',
      'clients',
      'issuer',
      'clientId',
      'scope',
      'resources',
      'redirectUri',
      'storage',
      'onError',
      'onSignedIn',
      'callback',
    ],
    ['queryClient', 'session', 'login', 'logout', 'silent', 'server', 'logger', 'environment', 'fetch', 'now'],
  ].flat()
  it.each(FUNCTIONS.filter(([name]) => isComponent(name)))('<%s>', (_name, component) => {
    for (const props of wrongProps(PROPS)) {
      if (Object.values(props).some((value) => typeof value === 'symbol')) continue
      const element = component as unknown as FunctionComponent<Readonly<Record<string, unknown>>>
      render(createElement(element, props))
      render(createElement(element, { issuer: 'https://id.example', clientId: 'app', ...props }))
    }
  })
})
