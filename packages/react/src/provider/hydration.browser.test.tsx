import { createOAuthClient } from '@latchkey/core'
import { act, render, screen } from '@testing-library/react'
import { renderToString } from 'react-dom/server'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { OAuthProvider, SignedIn, useOAuth, useToken } from '../index.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'

cleanUpAfterEach()

it('hydrates server-rendered HTML without a mismatch, also if the client has already restored the session', async () => {
  const server = createTestServer()
  const client = createOAuthClient(server.options)
  await client.login()
  const serverClient = createOAuthClient({ ...server.options, name: 'server' })
  const statuses: string[] = []
  function App() {
    const { status } = useOAuth()
    const { tokenType } = useToken()
    statuses.push(status)
    return (
      <p>
        {status} {tokenType ?? 'none'} <SignedIn>in</SignedIn>
      </p>
    )
  }
  const app = (rendered: typeof client) => (
    <OAuthProvider client={rendered}>
      <App />
    </OAuthProvider>
  )
  // This page is not a server, so React 18 warns about layout effects.
  const errors = vi.spyOn(console, 'error').mockReturnValue(undefined)
  onTestFinished(() => errors.mockRestore())
  const container = document.body.appendChild(document.createElement('div'))
  onTestFinished(() => container.remove())
  container.innerHTML = renderToString(app(serverClient))
  expect(container.textContent).toBe('restoring none ')
  statuses.length = 0
  errors.mockClear()
  const recovered: unknown[] = []
  render(app(client), { container, hydrate: true, onRecoverableError: (error) => void recovered.push(error) })
  await screen.findByText(/signed-in Bearer in/)
  await act(async () => undefined)
  expect(statuses[0]).toBe('restoring')
  expect(errors.mock.calls).toEqual([])
  expect(recovered).toEqual([])
})
