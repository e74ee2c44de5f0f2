import { createOAuthClient, type LoginOptions, type OAuthClient } from '@latchkey/core'
import { act, fireEvent, render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { describe, expect, it } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { OAuthProvider, requireSignIn, RequireSignIn } from '../index.js'
import { openCallback, openPage } from '../fixtures/open-page.fixture.js'
import '../fixtures/testing-library.fixture.js'

/** What a client is asked to begin; nothing is begun with `leaves`, as when the browser is on its way. */
function recordLogins(
  client: OAuthClient,
  { leaves = false } = {},
): { readonly client: OAuthClient; readonly logins: LoginOptions[] } {
  const logins: LoginOptions[] = []
  const login: OAuthClient['login'] = (options = {}) => {
    logins.push(options)
    return leaves ? new Promise(() => undefined) : client.login(options)
  }
  return { client: { ...client, login }, logins }
}

describe('<RequireSignIn>', () => {
  it('sends who is not signed in to sign in, once in StrictMode, and shows its children afterwards', async () => {
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

  it('comes back to the page it stands on', async () => {
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

  it('begins one authorization request where several guards stand on the page', async () => {
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

  it('leaves by redirect where the client’s transport is a popup, which needs a click', async () => {
    const options = { ...createTestServer().options, transport: 'popup' } as const
    const { client, logins } = recordLogins(createOAuthClient(options), { leaves: true })
    render(
      <OAuthProvider client={client}>
        <RequireSignIn fallback="wait" loginOptions={{ prompt: 'login' }} />
      </OAuthProvider>,
    )
    await act(() => client.start())
    expect(logins).toEqual([{ transport: 'redirect', prompt: 'login' }])
  })

  it('does not begin a sign-in for who has just signed out', async () => {
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

  it('begins a sign-in when the server has ended the session', async () => {
    const server = createTestServer()
    const { client, logins } = recordLogins(createOAuthClient(server.options), { leaves: true })
    await createOAuthClient(server.options).login()
    await client.start()
    render(
      <OAuthProvider client={client}>
        <RequireSignIn fallback="wait">orders</RequireSignIn>
      </OAuthProvider>,
    )
    await screen.findByText('orders')
    server.respond = ({ url }) =>
      url.endsWith('/token') ? Response.json({ error: 'invalid_grant' }, { status: 400 }) : undefined
    await act(() => client.refresh().catch(() => undefined))
    expect(screen.getByText('wait')).toBeTruthy()
    expect(logins).toHaveLength(1)
  })
})

describe('invariant 9: no loop', () => {
  it('shows a failed sign-in and does not repeat it, though the guard renders and mounts again', async () => {
    const server = createTestServer()
    server.person = undefined
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

    server.person = 'alice'
    fireEvent.click(screen.getByText('authorization_error'))
    await screen.findByText('orders')
    expect(logins).toHaveLength(2)
  })

  it('begins no second request when the browser came back without an answer', async () => {
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

  it('does not answer a failed authorization response with another request', async () => {
    const server = createTestServer()
    server.person = undefined
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

describe('requireSignIn()', () => {
  it('returns the claims of who is signed in, without a request', async () => {
    const server = createTestServer()
    await createOAuthClient(server.options).login()
    const before = server.requests.length
    expect(await requireSignIn(createOAuthClient(server.options))).toMatchObject({ name: 'Alice' })
    expect(server.requests).toHaveLength(before)
  })

  it('refreshes an expired token before it would leave to sign in', async () => {
    const server = createTestServer()
    await createOAuthClient(server.options).login()
    server.aheadSeconds = 4000
    const { client, logins } = recordLogins(createOAuthClient(server.options))
    const former = server.count('/token')
    expect(await requireSignIn(client)).toMatchObject({ name: 'Alice' })
    expect(server.count('/token') - former).toBe(1)
    expect(logins).toEqual([])
  })

  it('lets a session count whose server is out of reach', async () => {
    const server = createTestServer()
    await createOAuthClient(server.options).login()
    server.aheadSeconds = 4000
    server.respond = () => Response.json({}, { status: 503 })
    const { client, logins } = recordLogins(createOAuthClient(server.options))
    expect(await requireSignIn(client)).toMatchObject({ name: 'Alice' })
    expect(logins).toEqual([])
  })

  it('leaves to sign in when the server says that the session is over', async () => {
    const server = createTestServer()
    await createOAuthClient(server.options).login()
    server.aheadSeconds = 4000
    server.respond = ({ url }) =>
      url.endsWith('/token') ? Response.json({ error: 'invalid_grant' }, { status: 400 }) : undefined
    const { client, logins } = recordLogins(createOAuthClient(server.options), { leaves: true })
    void requireSignIn(client)
    await expect.poll(() => logins).toHaveLength(1)
  })

  it.each([
    ['React Router', { request: { url: 'https://app.example/orders?page=2' } }],
    ['TanStack Router', { location: { href: '/orders?page=2' } }],
    ['the caller', { returnTo: '/orders?page=2' }],
  ])('signs in and comes back to where %s was going', async (_, target) => {
    const { client, logins } = recordLogins(createOAuthClient(createTestServer().options))
    expect(await requireSignIn(client, target)).toMatchObject({ name: 'Alice' })
    expect(logins).toEqual([{ returnTo: '/orders?page=2' }])
  })

  it('throws a sign-in that failed and begins no other (invariant 9)', async () => {
    const server = createTestServer()
    server.person = undefined
    await openCallback(server)
    const { client, logins } = recordLogins(createOAuthClient(server.options))
    await expect(requireSignIn(client)).rejects.toMatchObject({ code: 'authorization_error' })
    await expect(requireSignIn(client)).rejects.toMatchObject({ code: 'authorization_error' })
    expect(logins).toEqual([])
  })

  it('says so when the browser came back without an answer', async () => {
    const server = createTestServer()
    const transport = { name: 'redirect', prepare: () => ({ navigate: async () => undefined, cancel: () => undefined }) }
    const client = createOAuthClient({ ...server.options, transport })
    await expect(requireSignIn(client)).rejects.toMatchObject({ code: 'interaction_required' })
  })
})
