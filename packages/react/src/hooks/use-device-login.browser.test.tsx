import { createOAuthClient } from '@latchkey/core'
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { StrictMode } from 'react'
import { describe, expect, it } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { OAuthProvider, useDeviceLogin, useOAuth } from '../index.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'

cleanUpAfterEach()

function setUp() {
  const server = createTestServer()
  const client = createOAuthClient({ ...server.options, scope: 'profile' })
  /** Sets the token endpoint's response to the next polls. */
  const respond = (body: object, status = 400): void => {
    server.respond(({ url }) => (url.endsWith('/token') ? Response.json(body, { status }) : undefined))
  }
  respond({ error: 'authorization_pending' })
  /** Pending waits of the polling interval, ended by the test. */
  const waits: (() => void)[] = []
  const endWait = async (): Promise<void> => {
    await waitFor(() => expect(waits).toHaveLength(1))
    await act(async () => waits.pop()?.())
  }
  function Television() {
    const { status, instructions, error, login, cancel } = useDeviceLogin()
    const { isSignedIn } = useOAuth()
    const wait = () => new Promise<void>((resolve) => waits.push(resolve))
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
  return { server, client, respond, waits, endWait, app }
}

describe('useDeviceLogin()', () => {
  it('shows the address and the code, and is signed in once the user has approved on the other device', async () => {
    const { client, respond, endWait, app } = setUp()
    render(app)
    fireEvent.click(screen.getByText('idle'))
    expect(screen.getByText('starting')).toBeTruthy()
    await screen.findByText(/^https:\/\/issuer\.localhost\/device [89]$/)
    respond({ access_token: 'access-token', token_type: 'Bearer' }, 200)
    await endWait()
    await screen.findByText('in')
    expect(screen.getByText('nothing to show')).toBeTruthy()
    expect(client.getTokenSet()?.accessToken).toBe('access-token')
  })

  it('shows that the user has denied the request, and starts over on the next call', async () => {
    const { respond, endWait, app } = setUp()
    render(app)
    fireEvent.click(screen.getByText('idle'))
    await screen.findByText('waiting')
    respond({ error: 'access_denied' })
    await endWait()
    await screen.findByText('access_denied')
    fireEvent.click(screen.getByText('failed'))
    await screen.findByText(/^https:/)
  })

  it.each([
    ['it is canceled', () => fireEvent.click(screen.getByText('cancel'))],
    ['the component unmounts', (unmount: () => void) => unmount()],
  ])('stops polling when %s', async (_, stop) => {
    const { server, waits, endWait, app } = setUp()
    const { unmount } = render(app)
    fireEvent.click(screen.getByText('idle'))
    await endWait()
    await waitFor(() => expect(server.count('token')).toBe(1))
    await waitFor(() => expect(waits).toHaveLength(1))
    stop(unmount)
    await endWait()
    expect(waits).toEqual([])
    expect(server.count('token')).toBe(1)
  })

  it('shows no error after a cancel', async () => {
    const { endWait, app } = setUp()
    render(app)
    fireEvent.click(screen.getByText('idle'))
    await screen.findByText('waiting')
    fireEvent.click(screen.getByText('cancel'))
    await endWait()
    expect(screen.getByText('idle')).toBeTruthy()
    expect(screen.getByText('nothing to show')).toBeTruthy()
  })
})
