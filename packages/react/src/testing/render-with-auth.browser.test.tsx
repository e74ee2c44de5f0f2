import { act, render, renderHook, screen } from '@testing-library/react'
import { StrictMode, createContext, useContext, type ReactNode } from 'react'
import { expect, it, vi } from 'vitest'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'
import { OAuthProvider, useAuthedQuery, useLogin, useLogout, useOAuth, useSessionEvent, useToken } from '../index.js'
import { createTestServer, renderWithAuth } from '../testing.js'

cleanUpAfterEach()

function Menu() {
  const { status, claims, error, activity } = useOAuth()
  const { login } = useLogin()
  const { logout } = useLogout()
  return (
    <>
      <p>{`${status} ${activity} ${claims?.name ?? '-'} ${error?.code ?? '-'}`}</p>
      <button onClick={() => void login()}>Sign in</button>
      <button onClick={() => void login({ transport: 'popup' })}>Popup</button>
      <button onClick={() => void logout()}>Sign out</button>
      <button onClick={() => void logout({ transport: 'popup' })}>Sign out by popup</button>
    </>
  )
}

const click = (name: string): void => act(() => screen.getByRole('button', { name }).click())

it('renders an app with a user who is signed in, in its first render', async () => {
  const statuses: string[] = []
  function Statuses() {
    statuses.push(useOAuth().status)
    return null
  }
  const { server, client, container } = await renderWithAuth(
    <>
      <Menu />
      <Statuses />
    </>,
    { user: { sub: 'alice', name: 'Alice' } },
  )
  expect(container.textContent).toContain('signed-in idle Alice -')
  expect(new Set(statuses)).toEqual(new Set(['signed-in']))
  expect(server.user).toBe('alice')
  expect(client.getSnapshot().claims).toMatchObject({ sub: 'alice' })
})

it('signs in and out by the app: in this page, and by a popup', async () => {
  const { server } = await renderWithAuth(<Menu />, { user: null })
  screen.getByText('signed-out idle - -')
  click('Sign in')
  await screen.findByText('signed-in idle Test User -')
  click('Sign out')
  await screen.findByText('signed-out idle - -')
  click('Popup')
  await screen.findByText('signed-in idle Test User -')
  click('Sign out by popup')
  await screen.findByText('signed-out idle - -')
  expect([server.count('authorize'), server.count('end-session'), server.count('revoke')]).toEqual([2, 2, 2])
  server.denied()
  click('Popup')
  await screen.findByText('signed-out idle - authorization_error')
})

it('shows that a session has ended, without a request of the app', async () => {
  function Banner() {
    useSessionEvent('signed-out', ({ reason }) => void reasons.push(reason))
    return useOAuth().error?.code === 'token_invalid' ? <p role="alert">Your session has expired.</p> : null
  }
  const reasons: string[] = []
  const { server } = await renderWithAuth(<Banner />)
  server.endSessions()
  await screen.findByRole('alert')
  expect(reasons).toEqual(['session-ended'])
})

it('refreshes when the test moves the clock', async () => {
  const Token = () => <p>{useToken().accessToken}</p>
  const { server, client, container } = await renderWithAuth(<Token />)
  const former = container.textContent
  server.expire()
  await expect.poll(() => server.count('token')).toBe(2)
  await expect.poll(() => container.textContent).not.toBe(former)
  expect(container.textContent).toBe(await client.getAccessToken())
})

it('calls the APIs of the page’s origin', async () => {
  function Plan() {
    const { data } = useAuthedQuery({
      queryKey: ['plan'],
      queryFn: async (fetch) => (await fetch('/api/plan')).json() as Promise<{ plan: string }>,
    })
    return <p>{data?.plan}</p>
  }
  const server = createTestServer({ api: (_, { sub }) => Response.json({ plan: `gold of ${String(sub)}` }) })
  await renderWithAuth(<Plan />, { server })
  await screen.findByText('gold of test-user')
})

it('wraps the app inside of the provider, in StrictMode too, and rerenders it there', async () => {
  const Theme = createContext('none')
  const Wrapper = ({ children }: { readonly children: ReactNode }) => (
    <StrictMode>
      <Theme.Provider value={useOAuth().status}>{children}</Theme.Provider>
    </StrictMode>
  )
  const Show = ({ text }: { readonly text: string }) => <p>{`${text} ${useContext(Theme)}`}</p>
  const { rerender, client, unmount } = await renderWithAuth(<Show text="one" />, { wrapper: Wrapper })
  screen.getByText('one signed-in')
  rerender(<Show text="two" />)
  screen.getByText('two signed-in')
  const close = vi.spyOn(client, 'close')
  unmount()
  expect(close).toHaveBeenCalledTimes(1)
})

it('renders with another function, and refuses a user whom the server does not have', async () => {
  const result = await renderWithAuth(<Menu />, {
    render: async (ui, { wrapper }) => ({ html: render(ui, { wrapper }).container.innerHTML }),
  })
  expect(result.html).toContain('signed-in idle Test User')
  await expect(renderWithAuth(<Menu />, { user: 'bob', server: createTestServer() })).rejects.toThrow('no user "bob"')
  await expect(renderWithAuth(<Menu />, { users: [] } as never)).rejects.toThrow('Did you mean "user"?')
})

it('the options of a server configure a provider as well', async () => {
  const server = createTestServer({
    users: [
      { sub: 'alice', name: 'Alice' },
      { sub: 'bob', name: 'Bob' },
    ],
  })
  const { result } = renderHook(() => ({ ...useOAuth(), ...useLogin() }), {
    wrapper: ({ children }) => <OAuthProvider {...server.options}>{children}</OAuthProvider>,
  })
  await expect.poll(() => result.current.status).toBe('signed-out')
  server.user = 'bob'
  await act(() => result.current.login())
  expect(result.current.claims?.name).toBe('Bob')
})
