// cspell:ignore scoep
import { workerClient } from '@latchkey/core/worker'
import { act, render, renderHook, screen } from '@testing-library/react'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { OAuthProvider, useDeviceLogin, useIdleTimeout, useOAuth, useSessionMonitor } from '../index.js'
import { TestOAuthProvider } from '../testing.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'

cleanUpAfterEach()

// Hooks that need more of a client than its public interface.

function Page() {
  const { secondsLeft } = useIdleTimeout({ timeoutSeconds: 900, warnSeconds: 60 })
  const monitor = useSessionMonitor()
  const device = useDeviceLogin()
  return (
    <>
      <p>{`${useOAuth().status}, ${secondsLeft} left, monitor ${monitor.error?.code}, device ${device.status}`}</p>
      <p>{device.error?.code}</p>
      <p>{device.instructions?.userCode}</p>
      <button onClick={() => void device.login()}>start</button>
    </>
  )
}

describe('hooks below <TestOAuthProvider>', () => {
  it('do not end a session that has no time of sign-in, until the user is idle', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const logout = vi.fn()
    render(
      <TestOAuthProvider session={{ claims: { sub: 'ada' } }} logout={logout}>
        <Page />
      </TestOAuthProvider>,
    )
    await act(() => vi.advanceTimersByTimeAsync(1000))
    screen.getByText('signed-in, undefined left, monitor undefined, device idle')
    await act(() => vi.advanceTimersByTimeAsync(850_000))
    screen.getByText('signed-in, 49 left, monitor undefined, device idle')
    expect(logout).not.toHaveBeenCalled()
    // The sign-out loads code, and may start further timers.
    const isSignedOut = async (): Promise<boolean> => {
      await act(() => vi.advanceTimersByTimeAsync(50_000))
      return screen.queryByText('signed-out, undefined left, monitor undefined, device idle') !== null
    }
    await expect.poll(isSignedOut).toBe(true)
    expect(logout).toHaveBeenCalledTimes(1)
  })

  it('sign in by another device, with the user of the test', async () => {
    let approve: (() => void) | undefined
    const approved = new Promise<void>((resolve) => (approve = resolve))
    const login = async (): Promise<{ sub: string }> => {
      await approved
      return { sub: 'alan' }
    }
    render(
      <TestOAuthProvider login={login}>
        <Page />
      </TestOAuthProvider>,
    )
    act(() => screen.getByText('start').click())
    await screen.findByText('TEST-CODE')
    await act(async () => approve?.())
    await screen.findByText('signed-in, undefined left, monitor undefined, device idle')
  })
})

it('useDeviceLogin().login refuses what the real one refuses', async () => {
  const { result } = renderHook(() => useDeviceLogin(), { wrapper: TestOAuthProvider })
  const attempt = (options: unknown): Promise<unknown> => act(() => result.current.login(options as never))
  expect(await attempt({ scoep: 'a' })).toBeUndefined()
  expect(result.current.error).toMatchObject({ name: 'ConfigurationError', hint: 'Did you mean "scope"?' })
  for (const options of [null, 5, { signal: {} }, { scope: 5 }]) {
    expect(await attempt({ scope: ['openid'] })).toMatchObject({ tokenType: 'Bearer' })
    expect(result.current.status).toBe('idle')
    expect(await attempt(options)).toBeUndefined()
    expect(result.current.error).toMatchObject({ name: 'ConfigurationError' })
  }
})

describe('hooks with the client of a worker', () => {
  it('report what does not work, and throw nothing into render', async () => {
    const worker = { postMessage: () => undefined, addEventListener: () => undefined }
    const client = workerClient({ worker, issuer: 'https://id.example.com', clientId: 'page-hooks' })
    render(
      <OAuthProvider client={client}>
        <Page />
      </OAuthProvider>,
    )
    await screen.findByText(/monitor unsupported, device idle/)
    act(() => screen.getByText('start').click())
    await screen.findByText(/monitor unsupported, device failed/)
    screen.getByText('unsupported')
  })
})
