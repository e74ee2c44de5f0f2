import { createOAuthClient, type LoginOptions, type OAuthClient } from '@latchkey/core'
import { act, fireEvent, render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { describe, expect, it } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { OAuthProvider, requireSignIn, RequireSignIn, useUser, withSignIn } from '../index.js'
import { openCallback, openPage } from '../fixtures/open-page.fixture.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'

cleanUpAfterEach()

/** Records the calls of `login`. With `staysPending` they never settle, as when the browser navigates away. */
function recordLogins(
  client: OAuthClient,
  { staysPending = false } = {},
): { readonly client: OAuthClient; readonly logins: LoginOptions[] } {
  const logins: LoginOptions[] = []
  const login: OAuthClient['login'] = (options = {}) => {
    logins.push(options)
    return staysPending ? new Promise(() => undefined) : client.login(options)
  }
  return { client: { ...client, login }, logins }
}

describe('<RequireSignIn>', () => {
  it('starts one sign-in in StrictMode, and renders its children afterwards', async () => {
    const { client, logins } = recordLogins(createOAuthClient(createTestServer().options))
    render(
      <StrictMode>
        <OAuthProvider client={client}>
          <RequireSignIn fallback="wait">orders</RequireSignIn>
        </OAuthProvider>
      </StrictMode>,
    )
    expect(screen.getByText('wait')).toBeTruthy()
    await screen.findByText('orders')
    expect(logins).toEqual([{}])
  })

  it('returns to its own page', async () => {
    const server = createTestServer()
    openPage('/orders?page=2#total')
    const returned: string[] = []
    render(
      <OAuthProvider {...server.options} onSignedIn={(returnTo) => returned.push(returnTo)}>
        <RequireSignIn>orders</RequireSignIn>
      </OAuthProvider>,
    )
    await screen.findByText('orders')
    expect(returned).toEqual(['/orders?page=2#total'])
  })

  it('starts one authorization request for several guards on a page', async () => {
    const { client, logins } = recordLogins(createOAuthClient(createTestServer().options))
    render(
      <OAuthProvider client={client}>
        <RequireSignIn>orders</RequireSignIn>
        <RequireSignIn>account</RequireSignIn>
      </OAuthProvider>,
    )
    await screen.findByText(/orders.*account/)
    expect(logins).toHaveLength(1)
  })

  it('uses a redirect if the client’s transport is a popup, which needs a click', async () => {
    const options = { ...createTestServer().options, transport: 'popup' } as const
    const { client, logins } = recordLogins(createOAuthClient(options), { staysPending: true })
    render(
      <OAuthProvider client={client}>
        <RequireSignIn fallback="wait" loginOptions={{ prompt: 'login' }} />
      </OAuthProvider>,
    )
    await act(() => client.start())
    expect(logins).toEqual([{ transport: 'redirect', prompt: 'login' }])
  })

  it('does not start a sign-in after a sign-out', async () => {
    const { client, logins } = recordLogins(createOAuthClient(createTestServer().options))
    await client.login()
    logins.length = 0
    render(
      <OAuthProvider client={client}>
        <RequireSignIn fallback="signed out">orders</RequireSignIn>
      </OAuthProvider>,
    )
    await screen.findByText('orders')
    await act(() => client.logout({ local: true }))
    expect(screen.getByText('signed out')).toBeTruthy()
    expect(logins).toEqual([])
  })

  it('starts a sign-in when the server has ended the session', async () => {
    const server = createTestServer()
    const { client, logins } = recordLogins(createOAuthClient(server.options), { staysPending: true })
    await createOAuthClient(server.options).login()
    await client.start()
    render(
      <OAuthProvider client={client}>
        <RequireSignIn fallback="wait">orders</RequireSignIn>
      </OAuthProvider>,
    )
    await screen.findByText('orders')
    server.fail(400, { at: 'token', error: 'invalid_grant' })
    await act(() => client.refresh().catch(() => undefined))
    expect(screen.getByText('wait')).toBeTruthy()
    expect(logins).toHaveLength(1)
  })
})

describe('invariant 9: no loop', () => {
  it('shows a failed sign-in and does not repeat it when the guard renders or mounts again', async () => {
    const server = createTestServer()
    server.denied()
    const { client, logins } = recordLogins(createOAuthClient(server.options))
    const app = (key: number) => (
      <OAuthProvider client={client}>
        <RequireSignIn
          key={key}
          fallback={({ error, login }) => <button onClick={() => void login()}>{error?.code ?? '…'}</button>}
        >
          orders
        </RequireSignIn>
      </OAuthProvider>
    )
    const { rerender } = render(app(1))
    await screen.findByText('authorization_error')
    rerender(app(1))
    rerender(app(2))
    await act(async () => undefined)
    expect(logins).toHaveLength(1)

    server.recover()
    fireEvent.click(screen.getByText('authorization_error'))
    await screen.findByText('orders')
    expect(logins).toHaveLength(2)
  })

  it('starts no second request when the browser returns without a response', async () => {
    const transport = { name: 'redirect', prepare: () => ({ navigate: async () => undefined, cancel: () => undefined }) }
    const { client, logins } = recordLogins(createOAuthClient({ ...createTestServer().options, transport }))
    render(
      <OAuthProvider client={client}>
        <RequireSignIn fallback={({ status, activity }) => <p>{`${status} ${activity} ${logins.length}`}</p>}>
          orders
        </RequireSignIn>
      </OAuthProvider>,
    )
    await screen.findByText('signed-out signing-in 1')
    await screen.findByText('signed-out idle 1')
    await act(async () => undefined)
    expect(logins).toHaveLength(1)
  })

  it('starts no request after an authorization error response', async () => {
    const server = createTestServer()
    server.denied()
    await openCallback(server)
    const { client, logins } = recordLogins(createOAuthClient(server.options))
    render(
      <OAuthProvider client={client}>
        <RequireSignIn fallback={({ error }) => <p>{error?.code}</p>}>orders</RequireSignIn>
      </OAuthProvider>,
    )
    await screen.findByText('authorization_error')
    expect(logins).toEqual([])
  })
})

describe('withSignIn()', () => {
  it('renders the component with its props once a user is signed in', async () => {
    const { client, logins } = recordLogins(createOAuthClient(createTestServer().options))
    const Orders = withSignIn(({ page }: { readonly page: number }) => `page ${page} of ${String(useUser().name)}`, {
      fallback: 'wait',
    })
    render(
      <OAuthProvider client={client}>
        <Orders page={2} />
      </OAuthProvider>,
    )
    expect(screen.getByText('wait')).toBeTruthy()
    await screen.findByText('page 2 of Alice')
    expect(logins).toEqual([{}])
  })
})

describe('requireSignIn()', () => {
  it('returns the user’s claims without a request', async () => {
    const server = createTestServer()
    await createOAuthClient(server.options).login()
    const before = server.requests.length
    expect(await requireSignIn(createOAuthClient(server.options))).toMatchObject({ name: 'Alice' })
    expect(server.requests).toHaveLength(before)
  })

  it('refreshes an expired token instead of redirecting', async () => {
    const server = createTestServer()
    await createOAuthClient(server.options).login()
    server.clock.advance(4000)
    const { client, logins } = recordLogins(createOAuthClient(server.options))
    const before = server.count('token')
    expect(await requireSignIn(client)).toMatchObject({ name: 'Alice' })
    expect(server.count('token') - before).toBe(1)
    expect(logins).toEqual([])
  })

  it('treats the session as valid while the server is unreachable', async () => {
    const server = createTestServer()
    await createOAuthClient(server.options).login()
    server.clock.advance(4000)
    server.fail(503)
    const { client, logins } = recordLogins(createOAuthClient(server.options))
    expect(await requireSignIn(client)).toMatchObject({ name: 'Alice' })
    expect(logins).toEqual([])
  })

  it('redirects to sign in when the server has ended the session', async () => {
    const server = createTestServer()
    await createOAuthClient(server.options).login()
    server.clock.advance(4000)
    server.fail(400, { at: 'token', error: 'invalid_grant' })
    const { client, logins } = recordLogins(createOAuthClient(server.options), { staysPending: true })
    void requireSignIn(client)
    await expect.poll(() => logins).toHaveLength(1)
  })

  it.each([
    ['React Router', { request: { url: 'https://app.example/orders?page=2' } }],
    ['TanStack Router', { location: { href: '/orders?page=2' } }],
    ['the caller', { returnTo: '/orders?page=2' }],
  ])('signs in and returns to the target of %s', async (_, target) => {
    const { client, logins } = recordLogins(createOAuthClient(createTestServer().options))
    expect(await requireSignIn(client, target)).toMatchObject({ name: 'Alice' })
    expect(logins).toEqual([{ returnTo: '/orders?page=2' }])
  })

  it('signs in after a sign-out that is in progress, which a sign-in would cancel at the server', async () => {
    const { options } = createTestServer()
    let revoke = (): void => undefined
    const revoked = new Promise<void>((resolve) => (revoke = resolve))
    const send: typeof fetch = async (input, init) => {
      const request = new Request(input, init)
      if (request.url.endsWith('/revoke')) await revoked
      return (options.fetch ?? fetch)(request)
    }
    const { client, logins } = recordLogins(createOAuthClient({ ...options, fetch: send }))
    await client.login()
    const signedOut = client.logout({ local: true })
    const claims = requireSignIn(client)
    await new Promise((resolve) => setTimeout(resolve))
    expect(logins).toHaveLength(1)
    revoke()
    await signedOut
    expect(await claims).toMatchObject({ name: 'Alice' })
    expect(logins).toHaveLength(2)
  })

  it('throws the error of a failed sign-in and starts no other (invariant 9)', async () => {
    const server = createTestServer()
    server.denied()
    await openCallback(server)
    const { client, logins } = recordLogins(createOAuthClient(server.options))
    await expect(requireSignIn(client)).rejects.toMatchObject({ code: 'authorization_error' })
    await expect(requireSignIn(client)).rejects.toMatchObject({ code: 'authorization_error' })
    expect(logins).toEqual([])
  })

  describe('after a sign-in that the user cancelled', () => {
    const loader = (path: string) => ({ request: { url: new URL(path, location.href).href } })

    /** The page of `returnTo` after the callback, as a router loads it: its loaders run while the client starts. */
    async function cancelled(returnTo: string) {
      const server = createTestServer()
      server.denied()
      await openCallback(server, returnTo)
      const { client, logins } = recordLogins(createOAuthClient(server.options))
      const initial = requireSignIn(client, loader(location.href))
      await expect(initial).rejects.toMatchObject({ code: 'authorization_error', error: 'access_denied' })
      expect(location.pathname).toBe(returnTo)
      server.recover()
      return { client, logins, server }
    }

    it('throws for the page of the failure, whichever way the router loads it, and starts no sign-in (invariant 9)', async () => {
      const { client, logins } = await cancelled('/orders')
      const landed = loader('/orders')
      for (const navigation of [landed, landed])
        await expect(requireSignIn(client, navigation)).rejects.toMatchObject({ code: 'authorization_error' })
      expect(logins).toEqual([])
    })

    it.each([
      ['React Router', loader('/orders?page=2')],
      ['TanStack Router', { location: { href: '/orders?page=2' } }],
    ])('signs in when the user navigates to a guarded route: %s', async (_, navigation) => {
      const { client, logins } = await cancelled('/orders')
      expect(await requireSignIn(client, navigation)).toMatchObject({ name: 'Alice' })
      expect(logins).toEqual([{ returnTo: '/orders?page=2' }])
    })

    it('signs in when the user opens the page of the failure again, and shows the next failure, too', async () => {
      const { client, logins, server } = await cancelled('/orders')
      await expect(requireSignIn(client, loader('/orders'))).rejects.toMatchObject({ code: 'authorization_error' })
      server.denied()
      for (let attempt = 1; attempt <= 2; attempt += 1) {
        const again = loader('/orders')
        await expect(requireSignIn(client, again)).rejects.toMatchObject({ code: 'authorization_error' })
        await expect(requireSignIn(client, again)).rejects.toMatchObject({ code: 'authorization_error' })
        expect(logins).toHaveLength(attempt)
      }
      server.recover()
      expect(await requireSignIn(client, loader('/orders'))).toMatchObject({ name: 'Alice' })
    })

    it('starts one sign-in for the loaders of nested routes', async () => {
      const { client, logins } = await cancelled('/orders')
      const navigation = loader('/account')
      await Promise.all([requireSignIn(client, navigation), requireSignIn(client, navigation)])
      expect(logins).toHaveLength(1)
    })
  })

  it('keeps the fragment, which the request of a React Router loader does not have', async () => {
    openPage('/orders?page=2#row')
    const { client, logins } = recordLogins(createOAuthClient(createTestServer().options), { staysPending: true })
    void requireSignIn(client, { request: { url: new URL('/orders?page=2', location.href).href } })
    void requireSignIn(client, { request: { url: new URL('/account', location.href).href } })
    void requireSignIn(client, { location: { href: '/orders?page=3#cell' } })
    await expect
      .poll(() => logins.map(({ returnTo }) => returnTo))
      .toEqual(['/orders?page=2#row', '/account', '/orders?page=3#cell'])
  })

  it('starts no sign-in for a route that is only loaded ahead', async () => {
    const { client, logins } = recordLogins(createOAuthClient(createTestServer().options))
    const preloading = requireSignIn(client, { location: { href: '/orders' }, preload: true })
    await expect(preloading).rejects.toMatchObject({ code: 'interaction_required' })
    expect(logins).toEqual([])
  })

  it('rejects when the browser returns without a response', async () => {
    const server = createTestServer()
    const transport = { name: 'redirect', prepare: () => ({ navigate: async () => undefined, cancel: () => undefined }) }
    const client = createOAuthClient({ ...server.options, transport })
    await expect(requireSignIn(client)).rejects.toMatchObject({ code: 'interaction_required' })
  })
})
