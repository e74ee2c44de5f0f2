import { createOAuthClient } from '@latchkey/core'
import { act, fireEvent, render, screen } from '@testing-library/react'
import { useState } from 'react'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { silently } from '../fixtures/silence-console.fixture.js'
import { OAuthProvider, useAuthedFetch, useOAuth, useToken } from '../index.js'
import '../fixtures/testing-library.fixture.js'

describe('useOAuth()', () => {
  it('shows who has signed in, and that nobody is after a sign-out', async () => {
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
    server.person = undefined
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
    server.person = 'bob'
    fireEvent.click(failed)
    await screen.findByText('true undefined undefined')
    await new Promise((resolve) => setTimeout(resolve))
    expect(unhandled).toEqual([])
  })

  it('throws outside the provider and says what to do', () => {
    // covers B-010
    function Stray() {
      useOAuth()
      return null
    }
    expect(() => silently(() => render(<Stray />))).toThrow(
      expect.objectContaining({ code: 'configuration', hint: expect.stringContaining('<OAuthProvider') as string }),
    )
  })

  it('throws for a name the provider does not know, and names those it does', () => {
    const { options } = createTestServer()
    function Stray() {
      useOAuth('gogle')
      return null
    }
    const app = (
      <OAuthProvider clients={{ google: options, github: options }}>
        <Stray />
      </OAuthProvider>
    )
    expect(() => silently(() => render(app))).toThrow(/"gogle".*google, github/)
  })

  it('gives an event handler the newest state, though the component has not read it', async () => {
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

  it('follows what a component begins to read later, from the newest state on', async () => {
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

describe('invariant 13: cost is bounded by what changed', () => {
  it('renders nobody at a refresh but who reads the token or the activity', async () => {
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
    const former = client.getTokenSet()?.accessToken
    // Not in one `act`: it would fold the changes into one render.
    await client.refresh()
    await act(async () => undefined)
    expect(client.getTokenSet()?.accessToken).not.toBe(former)
    expect(renders).toEqual({ name: 0, fetcher: 0, activity: 2, token: 1 })
  })
})
