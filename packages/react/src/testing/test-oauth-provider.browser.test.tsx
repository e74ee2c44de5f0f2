// cspell:ignore sesion
import { ServerError } from '@latchkey/core'
import { act, fireEvent, render, screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import {
  RequireSignIn,
  SignedIn,
  SignedOut,
  useAuthedFetch,
  useLogin,
  useLogout,
  useOAuth,
  useSessionEvent,
  useToken,
  useUserInfo,
} from '../index.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'
import { createTestClient, TestOAuthProvider, type TestSession } from '../testing.js'

cleanUpAfterEach()

const alice = { claims: { sub: 'alice', name: 'Alice', email: 'alice@example.com' } }
const refused = new ServerError('authorization_error', 'refused', { error: 'access_denied' })

function State() {
  const { status, activity, claims, error } = useOAuth()
  return <p data-testid="state">{[status, activity, claims?.name ?? '-', error?.code ?? '-'].join(' ')}</p>
}
const state = (): string | null => screen.getByTestId('state').textContent

describe('<TestOAuthProvider>', () => {
  it.each<[string, TestSession | undefined]>([
    ['signed-out idle - -', undefined],
    ['restoring idle - -', { status: 'restoring' }],
    ['restoring idle - -', 'restoring'],
    ['signed-out idle - -', 'signed-out'],
    ['signed-in idle Test User -', 'signed-in'],
    ['restoring signing-in - -', { status: 'restoring', activity: 'signing-in' }],
    ['signed-out signing-in - -', { status: 'signed-out', activity: 'signing-in' }],
    ['signed-out idle - authorization_error', { status: 'signed-out', error: refused }],
    ['signed-in idle Alice -', alice],
    ['signed-in refreshing Alice -', { ...alice, activity: 'refreshing' }],
    ['signed-in signing-out Alice -', { ...alice, activity: 'signing-out' }],
    ['signed-in idle Alice authorization_error', { ...alice, error: refused }],
  ])('shows "%s" at the first render', (expected, session) => {
    render(
      <TestOAuthProvider session={session}>
        <State />
      </TestOAuthProvider>,
    )
    expect(state()).toBe(expected)
  })

  it('supports every hook without a network', async () => {
    const requests: string[] = []
    const respond = (request: Request): Response => {
      requests.push(`${request.url} ${request.headers.get('authorization')}`)
      return Response.json({})
    }
    function Everything() {
      const { accessToken, idToken } = useToken()
      const { data: email } = useUserInfo({ select: (user) => user.email })
      const authedFetch = useAuthedFetch()
      return (
        <button onClick={() => void authedFetch('https://api.test/orders')}>
          {accessToken} {idToken} {email}
        </button>
      )
    }
    render(
      <TestOAuthProvider session={alice} fetch={respond}>
        <Everything />
        <SignedIn>in</SignedIn>
        <SignedOut>out</SignedOut>
      </TestOAuthProvider>,
    )
    fireEvent.click(await screen.findByText('test-access-token test-id-token alice@example.com'))
    await expect.poll(() => requests).toEqual(['https://api.test/orders Bearer test-access-token'])
    expect(screen.getByText('in')).toBeTruthy()
    expect(screen.queryByText('out')).toBeNull()
  })

  it('signs in and out with the app’s buttons, and passes their options to the test', async () => {
    const login = vi.fn(() => ({ sub: 'bob', name: 'Bob' }))
    const logout = vi.fn()
    const events: string[] = []
    function Menu() {
      const { login: signIn } = useLogin()
      const { logout: signOut } = useLogout()
      useSessionEvent('signed-out', ({ reason }) => events.push(reason))
      return (
        <>
          <button onClick={() => void signIn({ prompt: 'login' })}>in</button>
          <button onClick={() => void signOut({ local: true })}>out</button>
        </>
      )
    }
    render(
      <TestOAuthProvider login={login} logout={logout} onSignedIn={(returnTo) => events.push(returnTo)}>
        <State />
        <Menu />
      </TestOAuthProvider>,
    )
    await act(async () => fireEvent.click(screen.getByText('in')))
    expect(state()).toBe('signed-in idle Bob -')
    await act(async () => fireEvent.click(screen.getByText('out')))
    expect(state()).toBe('signed-out idle - -')
    expect(login).toHaveBeenCalledExactlyOnceWith({ prompt: 'login' })
    expect(logout).toHaveBeenCalledExactlyOnceWith({ local: true })
    expect(events).toEqual(['/', 'logout'])
  })

  it('fails a sign-in with the error that `login` returns', async () => {
    render(
      <TestOAuthProvider login={() => refused}>
        <State />
        <RequireSignIn fallback={({ error }) => error?.error}>orders</RequireSignIn>
      </TestOAuthProvider>,
    )
    await screen.findByText('access_denied')
    expect(state()).toBe('signed-out idle - authorization_error')
  })

  it('applies a changed session prop, and keeps the current state under an unchanged one', async () => {
    const app = (session: TestSession) => (
      <TestOAuthProvider session={session}>
        <State />
        <RequireSignIn>orders</RequireSignIn>
      </TestOAuthProvider>
    )
    const { rerender } = render(app({ status: 'signed-out' }))
    await screen.findByText('orders')
    expect(state()).toBe('signed-in idle Test User -')
    rerender(app({ status: 'signed-out' }))
    expect(state()).toBe('signed-in idle Test User -')
    rerender(app({ ...alice }))
    expect(state()).toBe('signed-in idle Alice -')
    rerender(app({ status: 'restoring' }))
    expect(state()).toBe('restoring idle - -')
  })

  it('rejects a request without a `fetch` option, with a hint', async () => {
    const client = createTestClient({ session: alice })
    await expect(client.fetch('https://api.test/')).rejects.toMatchObject({ code: 'configuration', hint: /"fetch"/ })
    await expect(createTestClient().fetch('https://api.test/')).rejects.toMatchObject({ code: 'missing_token' })
  })
})

describe('createTestClient()', () => {
  it('lets the test change the session as another tab would', () => {
    const client = createTestClient({ session: alice })
    const events: unknown[] = []
    client.on('user-changed', (event) => events.push(event))
    client.on('signed-out', (event) => events.push(event))
    render(
      <TestOAuthProvider client={client}>
        <State />
      </TestOAuthProvider>,
    )
    act(() => client.setSession({ claims: { sub: 'bob', name: 'Bob' } }))
    expect(state()).toBe('signed-in idle Bob -')
    act(() => client.setSession({ status: 'signed-out' }))
    expect(state()).toBe('signed-out idle - -')
    expect(events).toEqual([{ formerSubject: 'alice', subject: 'bob' }, { reason: 'other-tab' }])
  })

  it('returns a new access token with every refresh', async () => {
    const client = createTestClient({ session: { ...alice, tokenSet: { expiresAt: 1 } } })
    const previous = await client.getAccessToken()
    const { accessToken, expiresAt } = await client.refresh()
    expect(accessToken).not.toBe(previous)
    expect(expiresAt).toBe(1)
    expect(await client.getAccessToken()).toBe(accessToken)
  })

  it('has a session without an ID token for claims without a "sub", as from a plain OAuth 2.0 server', () => {
    const client = createTestClient({ session: { claims: {} } })
    expect(client.getTokenSet()).toMatchObject({ accessToken: 'test-access-token' })
    expect(client.getTokenSet()?.idToken).toBeUndefined()
  })

  it('supports several named clients', () => {
    function Names() {
      return <p>{`${useOAuth('work').claims?.name} ${useOAuth('github').status}`}</p>
    }
    render(
      <TestOAuthProvider clients={{ work: createTestClient({ session: alice }), github: createTestClient() }}>
        <Names />
      </TestOAuthProvider>,
    )
    expect(screen.getByText('Alice signed-out')).toBeTruthy()
  })
})

describe('a login of the test that fails', () => {
  const failing: ReadonlyArray<[string, () => never | Promise<never>, string]> = [
    [
      'throws an error of the library',
      () => {
        throw refused
      },
      'signed-out idle - authorization_error',
    ],
    ['rejects with an error of the library', () => Promise.reject(refused), 'signed-out idle - authorization_error'],
    [
      'throws another error',
      () => {
        throw new TypeError('boom')
      },
      'signed-out idle - unexpected',
    ],
    ['rejects with another error', () => Promise.reject(new TypeError('boom')), 'signed-out idle - unexpected'],
  ]
  it.each(failing)('%s: the error is in the state and reaches onError', async (_name, login, expected) => {
    const onError = vi.fn()
    const client = createTestClient({ login })
    render(
      <TestOAuthProvider client={client} onError={onError}>
        <State />
      </TestOAuthProvider>,
    )
    const error: unknown = await act(() => client.login().catch((cause: unknown) => cause))
    expect(state()).toBe(expected)
    expect(onError).toHaveBeenCalledExactlyOnceWith(error, 'default')
  })
})

it('resolves relative URLs against the page', async () => {
  const urls: string[] = []
  const client = createTestClient({ session: 'signed-in', fetch: ({ url }) => (urls.push(url), Response.json({})) })
  await client.fetch('/api/me')
  await client.fetch('me?page=2')
  expect(urls).toEqual([new URL('/api/me', document.baseURI).href, new URL('me?page=2', document.baseURI).href])
})

it('refuses unknown props and options', () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const props = { sesion: 'signed-in' } as object
  expect(() => render(<TestOAuthProvider {...props} />)).toThrow('Did you mean "session"?')
  expect(() => createTestClient({ log_in: () => ({ sub: 'a' }) } as never)).toThrow('Did you mean "login"?')
})
