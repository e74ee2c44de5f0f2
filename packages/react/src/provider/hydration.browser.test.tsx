import { createOAuthClient } from '@latchkey/core'
import { act, render, screen } from '@testing-library/react'
import { renderToString } from 'react-dom/server'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { OAuthProvider, SignedIn, useOAuth, useToken } from '../index.js'
import '../fixtures/testing-library.fixture.js'

it('hydrates what a server has rendered without a mismatch, also when the client has restored the session by then', async () => {
  const server = createTestServer()
  const client = createOAuthClient(server.options)
  await client.login()
  const fresh = createOAuthClient({ ...server.options, name: 'server' })
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
  const app = (used: typeof client) => (
    <OAuthProvider client={used}>
      <App />
    </OAuthProvider>
  )
  // React 18 takes this page for no server, and complains of layout effects.
  const complaints = vi.spyOn(console, 'error').mockReturnValue(undefined)
  onTestFinished(() => complaints.mockRestore())
  const container = document.body.appendChild(document.createElement('div'))
  onTestFinished(() => container.remove())
  container.innerHTML = renderToString(app(fresh))
  expect(container.textContent).toBe('restoring none ')
  statuses.length = 0
  complaints.mockClear()
  const recovered: unknown[] = []
  render(app(client), { container, hydrate: true, onRecoverableError: (error) => void recovered.push(error) })
  await screen.findByText(/signed-in Bearer in/)
  await act(async () => undefined)
  expect(statuses[0]).toBe('restoring')
  expect(complaints.mock.calls).toEqual([])
  expect(recovered).toEqual([])
})
