import { createOAuthClient } from '@latchkey/core'
import { act, fireEvent, render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { describe, expect, it } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { OAuthProvider, useDeviceLogin, useOAuth } from '../index.js'
import '../fixtures/testing-library.fixture.js'

function setUp() {
  const server = createTestServer()
  const client = createOAuthClient({ ...server.options, scope: 'profile' })
  /** What the token endpoint says to the next polls, until the person has decided. */
  const answer = (body: object, status = 400): void => {
    server.respond = ({ url }) => (url.endsWith('/token') ? Response.json(body, { status }) : undefined)
  }
  answer({ error: 'authorization_pending' })
  function Television() {
    const { status, instructions, error, login, cancel } = useDeviceLogin()
    const { isSignedIn } = useOAuth()
    // Seconds in a test would be wasted: the waiting is the client's own, only shorter.
    const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 5))
    return (
      <>
        <button onClick={() => void login({ wait })}>{isSignedIn ? 'in' : status}</button>
        <button onClick={cancel}>cancel</button>
        <p>
          {instructions ? `${instructions.verificationUri} ${instructions.userCode.length}` : (error?.error ?? 'nothing to show')}
        </p>
      </>
    )
  }
  const app = (
    <StrictMode>
      <OAuthProvider client={client}>
        <Television />
      </OAuthProvider>
    </StrictMode>
  )
  return { server, client, answer, app }
}

describe('useDeviceLogin()', () => {
  it('shows the address and the code, and is signed in once the person has agreed elsewhere', async () => {
    const { client, answer, app } = setUp()
    render(app)
    fireEvent.click(screen.getByText('idle'))
    expect(screen.getByText('starting')).toBeTruthy()
    await screen.findByText(/^https:\/\/id.example\/device [89]$/)
    answer({ access_token: 'access-token', token_type: 'Bearer' }, 200)
    await screen.findByText('in')
    expect(screen.getByText('nothing to show')).toBeTruthy()
    expect(client.getTokenSet()?.accessToken).toBe('access-token')
  })

  it('shows that the person has refused, and begins anew when asked to', async () => {
    const { answer, app } = setUp()
    render(app)
    fireEvent.click(screen.getByText('idle'))
    await screen.findByText('waiting')
    answer({ error: 'access_denied' })
    await screen.findByText('access_denied')
    fireEvent.click(screen.getByText('failed'))
    await screen.findByText(/^https:/)
  })

  it('stops asking when it is cancelled, and shows nothing of it', async () => {
    const { server, app } = setUp()
    render(app)
    fireEvent.click(screen.getByText('idle'))
    await screen.findByText('waiting')
    fireEvent.click(screen.getByText('cancel'))
    await stopsAsking(server)
    expect(screen.getByText('idle')).toBeTruthy()
    expect(screen.getByText('nothing to show')).toBeTruthy()
  })

  it('stops asking when the component is gone', async () => {
    const { server, app } = setUp()
    const { unmount } = render(app)
    fireEvent.click(screen.getByText('idle'))
    await screen.findByText('waiting')
    unmount()
    await stopsAsking(server)
  })
})

async function stopsAsking(server: ReturnType<typeof createTestServer>): Promise<void> {
  const pause = (milliseconds: number) => act(() => new Promise((resolve) => setTimeout(resolve, milliseconds)))
  // One that was under way may still arrive.
  await pause(50)
  const asked = server.count('/token')
  await pause(100)
  expect(server.count('/token')).toBe(asked)
}
