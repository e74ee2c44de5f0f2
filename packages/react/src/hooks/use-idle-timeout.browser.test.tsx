import { createOAuthClient } from '@latchkey/core'
import { act, fireEvent, render, screen } from '@testing-library/react'
import { Profiler, StrictMode } from 'react'
import { describe, expect, it } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { withoutConsoleErrors } from '../fixtures/console-errors.fixture.js'
import { OAuthProvider, useIdleTimeout, useOAuth } from '../index.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'

cleanUpAfterEach()

function Countdown() {
  const { secondsLeft, keepAlive } = useIdleTimeout({
    timeoutSeconds: 900,
    warnSeconds: 60,
    logout: { local: true, revoke: false },
  })
  return <button onClick={keepAlive}>{`${secondsLeft} left`}</button>
}

function Status() {
  return <p>{useOAuth().status}</p>
}

describe('useIdleTimeout()', () => {
  it('shows the countdown, cancels it on keepAlive, and signs out at its end', async () => {
    const server = createTestServer()
    const client = createOAuthClient(server.options)
    render(
      <StrictMode>
        <OAuthProvider client={client}>
          <Countdown />
          <Status />
        </OAuthProvider>
      </StrictMode>,
    )
    await screen.findByText('signed-out')
    await act(() => client.login())
    expect(screen.getByText('undefined left')).toBeTruthy()
    act(() => server.clock.advance(860))
    fireEvent.click(screen.getByText('40 left'))
    expect(screen.getByText('undefined left')).toBeTruthy()
    act(() => server.clock.advance(901))
    await screen.findByText('signed-out')
  })

  it('does not render before the countdown (invariant 13)', async () => {
    const server = createTestServer()
    const client = createOAuthClient(server.options)
    await client.start()
    await client.login()
    let renders = 0
    render(
      <OAuthProvider client={client}>
        <Profiler id="countdown" onRender={() => (renders += 1)}>
          <Countdown />
        </Profiler>
      </OAuthProvider>,
    )
    const before = renders
    fireEvent.pointerMove(document.body)
    act(() => server.clock.advance(600))
    await act(() => client.refresh())
    fireEvent.keyDown(document.body)
    expect(renders).toBe(before)
  })

  it('throws for invalid durations', () => {
    function Wrong() {
      useIdleTimeout({ timeoutSeconds: 0 })
      return null
    }
    const app = (
      <OAuthProvider {...createTestServer().options}>
        <Wrong />
      </OAuthProvider>
    )
    expect(() => withoutConsoleErrors(() => render(app))).toThrow(expect.objectContaining({ code: 'configuration' }))
  })
})
