import { createOAuthClient } from '@latchkey/core'
import { act, fireEvent, render, screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { OAuthProvider, useLogin, useLogout, useSessionEvent } from '../index.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'

cleanUpAfterEach()

function LoginButton() {
  const { login, isPending, error } = useLogin()
  return <button onClick={() => void login()}>{isPending ? 'signing in' : (error?.code ?? 'sign in')}</button>
}

describe('useLogin()', () => {
  it('reports that a sign-in is in progress and that it failed, and clears the error with the next one', async () => {
    const server = createTestServer()
    server.denied()
    const client = createOAuthClient(server.options)
    render(
      <OAuthProvider client={client}>
        <LoginButton />
      </OAuthProvider>,
    )
    fireEvent.click(screen.getByText('sign in'))
    const failed = await screen.findByText('authorization_error')
    server.recover()
    fireEvent.click(failed)
    expect(screen.getByText('signing in')).toBeTruthy()
    await screen.findByText('sign in')
    expect(client.getSnapshot().status).toBe('signed-in')
  })

  it('ignores sign-ins that it did not start', async () => {
    const server = createTestServer()
    server.denied()
    const client = createOAuthClient(server.options)
    render(
      <OAuthProvider client={client}>
        <LoginButton />
      </OAuthProvider>,
    )
    await act(() => client.login().catch(() => undefined))
    expect(client.getSnapshot().error?.code).toBe('authorization_error')
    expect(screen.getByText('sign in')).toBeTruthy()
  })
})

describe('useLogout()', () => {
  it('signs out and reports that it is in progress', async () => {
    const client = createOAuthClient(createTestServer().options)
    await client.login()
    function LogoutButton() {
      const { logout, isPending } = useLogout()
      return <button onClick={() => void logout({ local: true })}>{isPending ? 'signing out' : 'sign out'}</button>
    }
    render(
      <OAuthProvider client={client}>
        <LogoutButton />
      </OAuthProvider>,
    )
    fireEvent.click(screen.getByText('sign out'))
    expect(screen.getByText('signing out')).toBeTruthy()
    await screen.findByText('sign out')
    expect(client.getSnapshot().status).toBe('signed-out')
  })
})

describe('useSessionEvent()', () => {
  it('calls the listener of the last render, and none after the unmount', async () => {
    const client = createOAuthClient(createTestServer().options)
    const reasons: string[] = []
    function Listener({ label }: { readonly label: string }) {
      useSessionEvent('token-set', ({ reason }) => reasons.push(`${label} ${reason}`))
      return null
    }
    const app = (label: string) => (
      <OAuthProvider client={client}>
        <Listener label={label} />
      </OAuthProvider>
    )
    const { rerender, unmount } = render(app('first'))
    rerender(app('second'))
    await act(() => client.login())
    unmount()
    await client.refresh()
    expect(reasons).toEqual(['second login'])
  })
})
