// cspell:ignore Eror
import { createOAuthClient, memory, type ClientOptions, type TokenStorage } from '@latchkey/core'
import { act, render, screen, waitFor } from '@testing-library/react'
import { StrictMode, Suspense, type ReactNode } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { callbackUrl, createTestServer } from '../fixtures/authorization-server.fixture.js'
import { openCallback, openPage } from '../fixtures/open-page.fixture.js'
import { withoutConsoleErrors } from '../fixtures/console-errors.fixture.js'
import { OAuthProvider, SignedIn, SignedOut, useOAuth, useSuspenseUser, useToken, type OAuthProviderProps } from '../index.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'

cleanUpAfterEach()

function User({ name }: { readonly name?: string }) {
  const { status, claims, error } = useOAuth(name)
  return <p>{`${name ?? 'user'}: ${status} ${claims?.name ?? error?.code}`}</p>
}

describe('<OAuthProvider> on a page opened with an authorization response', () => {
  it('signs in with one code exchange in StrictMode (invariant 1)', async () => {
    const server = createTestServer()
    await openCallback(server)
    render(
      <StrictMode>
        <OAuthProvider {...server.options}>
          <User />
        </OAuthProvider>
      </StrictMode>,
    )
    await screen.findByText('user: signed-in Alice')
    expect(server.count('token')).toBe(1)
  })

  it('shows `callback`, and does not render the app before the URL is cleaned and `returnTo` is shown', async () => {
    const server = createTestServer()
    await openCallback(server, '/orders?page=2')
    const seen = new Set<string>()
    const returned: (readonly [returnTo: string, shown: string])[] = []
    function Location() {
      seen.add(location.pathname + location.search)
      return null
    }
    render(
      <OAuthProvider
        {...server.options}
        callback={<p>Signing in</p>}
        onSignedIn={(returnTo) => returned.push([returnTo, location.pathname + location.search])}
      >
        <Location />
        <User />
      </OAuthProvider>,
    )
    expect(screen.getByText('Signing in')).toBeTruthy()
    await screen.findByText('user: signed-in Alice')
    expect([...seen]).toEqual(['/orders?page=2'])
    expect(returned).toEqual([['/orders?page=2', '/orders?page=2']])
  })

  it('shows nothing by default while the response is handled', async () => {
    const server = createTestServer()
    await openCallback(server)
    const { container } = render(
      <OAuthProvider {...server.options}>
        <User />
      </OAuthProvider>,
    )
    expect(container.textContent).toBe('')
    await screen.findByText('user: signed-in Alice')
  })

  it('reports an error response, and renders the app signed out', async () => {
    const server = createTestServer()
    server.denied()
    await openCallback(server)
    const errors: unknown[] = []
    render(
      <OAuthProvider {...server.options} onError={(error, name) => errors.push([error.code, name])}>
        <User />
      </OAuthProvider>,
    )
    await screen.findByText('user: signed-out authorization_error')
    expect(errors).toEqual([['authorization_error', 'default']])
    expect(location.search).toBe('')
  })

  it('passes the response to the right client of two at one server', async () => {
    const server = createTestServer()
    const { storage = memory() } = server.options
    const github = createOAuthClient({ ...server.options, storage, name: 'github' })
    openPage(await callbackUrl(server, (transport) => github.login({ transport })))
    render(
      <OAuthProvider clients={{ google: { ...server.options, storage }, github: { ...server.options, storage } }}>
        <User name="google" />
        <User name="github" />
      </OAuthProvider>,
    )
    await screen.findByText('github: signed-in Alice')
    expect(screen.getByText('google: signed-out undefined')).toBeTruthy()
  })
})

describe('<OAuthProvider> and its clients', () => {
  it('reuses the client if arrays and functions are written inline, and creates another for another client id', async () => {
    const server = createTestServer()
    const app = (options: ClientOptions, children: ReactNode) => (
      <OAuthProvider {...options} resources={['https://api.example/']} params={{ ui: () => 'dark' }}>
        {children}
      </OAuthProvider>
    )
    const clients = new Set<unknown>()
    function Collect() {
      clients.add(useOAuth().client)
      return null
    }
    const { rerender } = render(app(server.options, <Collect />))
    rerender(app({ ...server.options }, <Collect />))
    rerender(app({ ...server.options }, <Collect />))
    expect(clients.size).toBe(1)
    rerender(app({ ...server.options, clientId: 'another' }, <Collect />))
    expect(clients.size).toBe(2)
  })

  it('closes the client it created when it unmounts, and not before', async () => {
    // covers D-029
    const server = createTestServer()
    const { storage, closed } = countCloses()
    const { unmount } = render(
      <StrictMode>
        <OAuthProvider {...server.options} storage={storage}>
          <User />
        </OAuthProvider>
      </StrictMode>,
    )
    await screen.findByText('user: signed-out undefined')
    expect(closed()).toBe(0)
    unmount()
    await waitFor(() => expect(closed()).toBe(1))
  })

  it('does not close a client that was passed in', async () => {
    const server = createTestServer()
    const { storage, closed } = countCloses()
    const client = createOAuthClient({ ...server.options, storage })
    const { unmount } = render(
      <OAuthProvider client={client}>
        <User />
      </OAuthProvider>,
    )
    await screen.findByText('user: signed-out undefined')
    unmount()
    await waitForUnmountEffects()
    expect(closed()).toBe(0)
    await client.close()
    expect(closed()).toBe(1)
  })

  it('separates the sessions of several clients; hooks that name no client use the first', async () => {
    const server = createTestServer()
    const google = createOAuthClient({ ...server.options, name: 'google' })
    render(
      <OAuthProvider clients={{ google, github: server.options }}>
        <User />
        <User name="github" />
        <SignedIn>in</SignedIn>
        <SignedOut client="github">out</SignedOut>
      </OAuthProvider>,
    )
    await screen.findByText('github: signed-out undefined')
    await act(() => google.login())
    expect(screen.getByText('user: signed-in Alice')).toBeTruthy()
    expect(screen.getByText('github: signed-out undefined')).toBeTruthy()
    expect(screen.getByText(/inout/)).toBeTruthy()
  })

  it('has the stored token before the children of <SignedIn> render, without a request', async () => {
    //
    const { storage: _, ...options } = createTestServer().options
    const before = createOAuthClient(options)
    const { tokenSet } = (await before.login()) ?? {}
    await before.close()
    const tokens: unknown[] = []
    const requests: unknown[] = []
    function Account() {
      tokens.push(useToken().accessToken)
      return <p>account</p>
    }
    render(
      <OAuthProvider {...options} fetch={(input) => Promise.reject(new Error(String(requests.push(input))))}>
        <SignedIn>
          <Account />
        </SignedIn>
      </OAuthProvider>,
    )
    await screen.findByText('account')
    expect(tokens).toEqual([tokenSet?.accessToken])
    expect(requests).toEqual([])
  })

  it('rejects invalid options with a hint', () => {
    const { issuer: _, ...options } = createTestServer().options
    expect(() => withoutConsoleErrors(() => render(<OAuthProvider {...options} />))).toThrow(
      expect.objectContaining({ code: 'configuration' }),
    )
  })
})

describe('useSuspenseUser()', () => {
  it('suspends while the session is restored, inside a boundary below the provider', async () => {
    const client = createOAuthClient(createTestServer().options)
    render(
      <OAuthProvider client={client}>
        <Suspense fallback="restoring">
          <Suspended />
        </Suspense>
      </OAuthProvider>,
    )
    expect(screen.getByText('restoring')).toBeTruthy()
    await screen.findByText('no user')
    await act(() => client.login())
    expect(screen.getByText('user Alice')).toBeTruthy()
  })

  it('does not create clients in a loop if the boundary is above the provider (invariant 9)', async () => {
    const server = createTestServer()
    let reads = 0
    const { storage = memory() } = server.options
    const counting: TokenStorage = { ...storage, get: (key) => ((reads += 1), storage.get(key)) }
    render(
      <Suspense fallback="restoring">
        <OAuthProvider {...server.options} storage={counting}>
          <Suspended />
        </OAuthProvider>
      </Suspense>,
    )
    await screen.findByText('no user')
    expect(reads).toBe(1)
  })
})

function Suspended() {
  const user = useSuspenseUser()
  return <p>{user ? `user ${user.name}` : 'no user'}</p>
}

function countCloses(): { readonly storage: TokenStorage; readonly closed: () => number } {
  let closes = 0
  return { storage: { ...memory(), close: () => (closes += 1) }, closed: () => closes }
}

/** The provider closes clients in a microtask after the unmount; one that is queued later runs after it. */
function waitForUnmountEffects(): Promise<void> {
  return new Promise((resolve) => queueMicrotask(resolve))
}

describe('unknown props', () => {
  const settings = { issuer: 'https://id.example', clientId: 'spa' }
  it.each([
    ['of inline options', { ...settings, client_id: 'x' }, 'clientId'],
    ['beside inline options', { ...settings, onSignIn: () => undefined }, 'onSignedIn'],
    ['beside a client', { client: createOAuthClient(settings), onEror: () => undefined }, 'onError'],
    ['beside clients', { clients: { a: settings }, scope: 'openid' }, 'The options are: children'],
    ['of one of the clients', { clients: { a: { ...settings, scopes: 'openid' } } }, 'scope'],
  ])('%s are refused with a suggestion', (_where, props, suggestion) => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    expect(() => render(<OAuthProvider {...(props as OAuthProviderProps)} />)).toThrow(suggestion)
  })
})
