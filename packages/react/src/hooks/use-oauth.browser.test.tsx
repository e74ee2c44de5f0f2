import { createOAuthClient } from '@latchkey/core'
import { act, fireEvent, render, renderHook, screen } from '@testing-library/react'
import { type ReactNode, StrictMode, useState } from 'react'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { withoutConsoleErrors } from '../fixtures/console-errors.fixture.js'
import {
  OAuthProvider,
  useAuthedFetch,
  useDeviceLogin,
  useIdleTimeout,
  useLogin,
  useLogout,
  useOAuth,
  useSessionMonitor,
  useToken,
} from '../index.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'

cleanUpAfterEach()

describe('useOAuth()', () => {
  it('shows the user after a sign-in, and none after a sign-out', async () => {
    const client = createOAuthClient(createTestServer().options)
    function User() {
      const { status, claims } = useOAuth()
      return <p>{`${status} ${claims?.name}`}</p>
    }
    render(
      <OAuthProvider client={client}>
        <User />
      </OAuthProvider>,
    )
    expect(screen.getByText('restoring undefined')).toBeTruthy()
    await screen.findByText('signed-out undefined')
    await act(() => client.login())
    expect(screen.getByText('signed-in Alice')).toBeTruthy()
    await act(() => client.logout({ local: true }))
    expect(screen.getByText('signed-out undefined')).toBeTruthy()
  })

  it('shows a failed sign-in, reports no unhandled rejection, and clears the error with the next attempt', async () => {
    const server = createTestServer()
    server.denied()
    const unhandled: unknown[] = []
    const listener = (event: PromiseRejectionEvent): number => unhandled.push(event.reason)
    window.addEventListener('unhandledrejection', listener)
    onTestFinished(() => window.removeEventListener('unhandledrejection', listener))
    function User() {
      const { error, isSignedIn, login } = useOAuth()
      return <button onClick={() => void login()}>{`${isSignedIn} ${error?.code} ${error?.error}`}</button>
    }
    render(
      <OAuthProvider {...server.options}>
        <User />
      </OAuthProvider>,
    )
    fireEvent.click(await screen.findByText('false undefined undefined'))
    const failed = await screen.findByText('false authorization_error access_denied')
    server.recover()
    fireEvent.click(failed)
    await screen.findByText('true undefined undefined')
    await new Promise((resolve) => setTimeout(resolve))
    expect(unhandled).toEqual([])
  })

  it('throws outside the provider, with a hint', () => {
    // covers B-010
    function Component() {
      useOAuth()
      return null
    }
    expect(() => withoutConsoleErrors(() => render(<Component />))).toThrow(
      expect.objectContaining({ code: 'configuration', hint: expect.stringContaining('<OAuthProvider') as string }),
    )
  })

  it('throws for an unknown client, and lists the known ones', () => {
    const { options } = createTestServer()
    function Component() {
      useOAuth('gogle')
      return null
    }
    const app = (
      <OAuthProvider clients={{ google: options, github: options }}>
        <Component />
      </OAuthProvider>
    )
    expect(() => withoutConsoleErrors(() => render(app))).toThrow(/"gogle".*google, github/)
  })

  it('gives an event handler the current state although the component has not read it', async () => {
    const client = createOAuthClient(createTestServer().options)
    const seen: unknown[] = []
    function Button() {
      const auth = useOAuth()
      return <button onClick={() => seen.push(auth.claims?.name)}>who</button>
    }
    render(
      <OAuthProvider client={client}>
        <Button />
      </OAuthProvider>,
    )
    await act(() => client.login())
    fireEvent.click(screen.getByText('who'))
    expect(seen).toEqual(['Alice'])
  })

  it('follows a member that a component starts to read later, from its current value', async () => {
    const client = createOAuthClient(createTestServer().options)
    function Details() {
      const auth = useOAuth()
      const [isOpen, setOpen] = useState(false)
      return <button onClick={() => setOpen(true)}>{isOpen ? `${auth.status} ${auth.claims?.name}` : 'closed'}</button>
    }
    render(
      <OAuthProvider client={client}>
        <Details />
      </OAuthProvider>,
    )
    await act(() => client.login())
    fireEvent.click(screen.getByText('closed'))
    expect(screen.getByText('signed-in Alice')).toBeTruthy()
    await act(() => client.logout({ local: true }))
    expect(screen.getByText('signed-out undefined')).toBeTruthy()
  })
})

describe('the result', () => {
  it('refuses to be changed, because its members are those of all components', async () => {
    const { options } = createTestServer()
    const client = createOAuthClient(options)
    let result: object = {}
    function User() {
      const auth = useOAuth()
      result = auth
      return <p>{auth.status}</p>
    }
    render(
      <OAuthProvider client={client}>
        <User />
      </OAuthProvider>,
    )
    await act(() => client.login())
    for (const change of [
      () => Object.freeze(result),
      () => Object.assign(result, { other: 1 }),
      () => Object.assign(result, { login: 1 }),
    ])
      expect(change).toThrow(TypeError)
    expect({ ...result }).toMatchObject({ status: 'signed-in', client })
    expect(Object.keys(result)).not.toContain('other')
  })

  it('can be listed, spread and searched like any object', async () => {
    const { options } = createTestServer()
    const client = createOAuthClient(options)
    function User() {
      const auth = useOAuth()
      const { login, ...rest } = { ...auth }
      const members = Object.keys(auth).join(' ')
      return <p>{`${rest.isSignedIn} ${rest.claims?.name} ${typeof login} ${'claims' in auth} ${'other' in auth} ${members}`}</p>
    }
    render(
      <OAuthProvider client={client}>
        <User />
      </OAuthProvider>,
    )
    await act(() => client.login())
    screen.getByText('true Alice function true false status isSignedIn activity claims error login logout client')
  })
})

it('the result cannot be changed or frozen, since all components share what is behind it', () => {
  const client = createOAuthClient(createTestServer().options)
  const wrapper = ({ children }: { readonly children: ReactNode }) => <OAuthProvider client={client}>{children}</OAuthProvider>
  const { result } = renderHook(() => useOAuth(), { wrapper })
  const oauth = result.current
  const members = Object.keys(oauth)
  for (const change of [Object.freeze, Object.preventExtensions, Object.seal]) expect(() => change(oauth)).toThrow(TypeError)
  expect(Reflect.set(oauth, 'login', 'mine')).toBe(false)
  expect(Reflect.deleteProperty(oauth, 'status')).toBe(false)
  expect(Object.keys(oauth)).toEqual(members)
  expect({ ...oauth }).toMatchObject({ status: client.getSnapshot().status, isSignedIn: false, login: expect.any(Function) })
})

describe('identity of the result', () => {
  function createProbe() {
    const client = createOAuthClient(createTestServer().options)
    const results: unknown[] = []
    let rerender = (): void => undefined
    function User() {
      const auth = useOAuth()
      const [, setCount] = useState(0)
      rerender = () => act(() => setCount((count) => count + 1))
      results.push(auth)
      return <p>{`${auth.isSignedIn} ${auth.claims?.name}`}</p>
    }
    const app = (
      <StrictMode>
        <OAuthProvider client={client}>
          <User />
        </OAuthProvider>
      </StrictMode>
    )
    return { client, results, rerender: () => rerender(), app }
  }

  it('is kept until a member that was read changes, also if others change and the component renders', async () => {
    const { client, results, rerender, app } = createProbe()
    render(app)
    await screen.findByText('false undefined')
    await act(() => client.login())
    screen.getByText('true Alice')
    const signedIn = results.at(-1)
    const count = results.length
    await act(() => client.refresh())
    expect(results).toHaveLength(count)
    rerender()
    rerender()
    expect(results.length).toBeGreaterThan(count)
    expect(results.slice(count).every((result) => result === signedIn)).toBe(true)
  })

  it('changes with a member that was read, and shows the new values', async () => {
    const { client, results, rerender, app } = createProbe()
    render(app)
    await screen.findByText('false undefined')
    const before = results.at(-1)
    await act(() => client.login())
    screen.getByText('true Alice')
    expect(results.at(-1)).not.toBe(before)
    await act(() => client.logout({ local: true }))
    screen.getByText('false undefined')
    rerender()
    screen.getByText('false undefined')
  })
})

describe('identity of the results of other hooks', () => {
  it.each([
    ['useLogin', useLogin],
    ['useLogout', useLogout],
    ['useToken', useToken],
    ['useSessionMonitor', useSessionMonitor],
    ['useDeviceLogin', useDeviceLogin],
    ['useIdleTimeout', () => useIdleTimeout({ timeoutSeconds: 900 })],
  ])('is kept by %s when the component renders for another reason', async (_, useHook: () => unknown) => {
    const client = createOAuthClient(createTestServer().options)
    const results: unknown[] = []
    let rerender = (): void => undefined
    function User() {
      const [count, setCount] = useState(0)
      rerender = () => act(() => setCount((former) => former + 1))
      results.push(useHook())
      return <p>{`${useOAuth().status} ${count}`}</p>
    }
    render(
      <OAuthProvider client={client}>
        <User />
      </OAuthProvider>,
    )
    await screen.findByText('signed-out 0')
    await act(() => client.login())
    rerender()
    const count = results.length
    rerender()
    screen.getByText('signed-in 2')
    expect(results.length).toBeGreaterThan(count)
    expect(results.at(-1)).toBe(results[count - 1])
  })
})

describe('invariant 13: cost is bounded by what changed', () => {
  it('renders only components that read the token or the activity at a refresh', async () => {
    const server = createTestServer()
    const client = createOAuthClient(server.options)
    const renders = { name: 0, fetcher: 0, activity: 0, token: 0 }
    function Name() {
      const { claims, isSignedIn, error } = useOAuth()
      renders.name += 1
      return <p>{isSignedIn ? claims.name : error?.code}</p>
    }
    function Fetcher() {
      useAuthedFetch()
      renders.fetcher += 1
      return null
    }
    function Activity() {
      const { activity } = useOAuth()
      renders.activity += 1
      return <p>{activity}</p>
    }
    function Token() {
      const { accessToken } = useToken()
      renders.token += 1
      return <p>{accessToken?.length}</p>
    }
    render(
      <OAuthProvider client={client}>
        <Name />
        <Fetcher />
        <Activity />
        <Token />
      </OAuthProvider>,
    )
    await act(() => client.login())
    Object.assign(renders, { name: 0, fetcher: 0, activity: 0, token: 0 })
    const previous = client.getTokenSet()?.accessToken
    // Not inside `act`, which would batch the changes into one render.
    await client.refresh()
    await act(async () => undefined)
    expect(client.getTokenSet()?.accessToken).not.toBe(previous)
    expect(renders).toEqual({ name: 0, fetcher: 0, activity: 2, token: 1 })
  })
})
