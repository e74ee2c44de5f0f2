import { createOAuthClient } from '@latchkey/core'
import { act, render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { describe, expect, it } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { silently } from '../fixtures/silence-console.fixture.js'
import { OAuthProvider, useSessionMonitor } from '../index.js'
import '../fixtures/testing-library.fixture.js'

function Watch({ intervalSeconds = 2 }: { readonly intervalSeconds?: number }) {
  const { error } = useSessionMonitor({ intervalSeconds })
  return <p>{`error: ${error?.code}`}</p>
}

describe('useSessionMonitor()', () => {
  it('tells why a session cannot be watched; the session goes on', async () => {
    const client = createOAuthClient(createTestServer().options)
    render(
      <StrictMode>
        <OAuthProvider client={client}>
          <Watch />
        </OAuthProvider>
      </StrictMode>,
    )
    await screen.findByText('error: undefined')
    await act(() => client.login())
    await screen.findByText('error: unsupported')
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
    await act(() => client.logout({ local: true }))
    expect(screen.getByText('error: undefined')).toBeTruthy()
  })

  it('throws for an interval that makes no sense', () => {
    const app = (
      <OAuthProvider {...createTestServer().options}>
        <Watch intervalSeconds={-1} />
      </OAuthProvider>
    )
    expect(() => silently(() => render(app))).toThrow(expect.objectContaining({ code: 'configuration' }))
  })
})
