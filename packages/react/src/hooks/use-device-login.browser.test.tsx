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
  /** Sets the token endpoint's response to the next polls. */
  const respond = (body: object, status = 400): void => {
    server.respond = ({ url }) => (url.endsWith('/token') ? Response.json(body, { status }) : undefined)
  }
  respond({ error: 'authorization_pending' })
  function Television() {
    const { status, instructions, error, login, cancel } = useDeviceLogin()
    const { isSignedIn } = useOAuth()
    // Shortens the polling interval.
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
  return { server, client, respond, app }
}

describe('useDeviceLogin()', () => {
  it('shows the address and the code, and is signed in once the user has approved on the other device', async () => {
    const { client, respond, app } = setUp()
    render(app)
    fireEvent.click(screen.getByText('idle'))
    expect(screen.getByText('starting')).toBeTruthy()
    await screen.findByText(/^https:\/\/id.example\/device [89]$/)
    respond({ access_token: 'access-token', token_type: 'Bearer' }, 200)
    await screen.findByText('in')
    expect(screen.getByText('nothing to show')).toBeTruthy()
    expect(client.getTokenSet()?.accessToken).toBe('access-token')
  })

  it('shows that the user has denied the request, and starts over on the next call', async () => {
    const { respond, app } = setUp()
    render(app)
    fireEvent.click(screen.getByText('idle'))
    await screen.findByText('waiting')
    respond({ error: 'access_denied' })
    await screen.findByText('access_denied')
    fireEvent.click(screen.getByText('failed'))
    await screen.findByText(/^https:/)
  })

  it('stops polling when it is canceled, without an error', async () => {
    const { server, app } = setUp()
    render(app)
    fireEvent.click(screen.getByText('idle'))
    await screen.findByText('waiting')
    fireEvent.click(screen.getByText('cancel'))
    await expectPollingToStop(server)
    expect(screen.getByText('idle')).toBeTruthy()
    expect(screen.getByText('nothing to show')).toBeTruthy()
  })

  it('stops polling when the component unmounts', async () => {
    const { server, app } = setUp()
    const { unmount } = render(app)
    fireEvent.click(screen.getByText('idle'))
    await screen.findByText('waiting')
    unmount()
    await expectPollingToStop(server)
  })
})

async function expectPollingToStop(server: ReturnType<typeof createTestServer>): Promise<void> {
  const pause = (milliseconds: number) => act(() => new Promise((resolve) => setTimeout(resolve, milliseconds)))
  // A request that was in flight may still arrive.
  await pause(50)
  const count = server.count('/token')
  await pause(100)
  expect(server.count('/token')).toBe(count)
}
