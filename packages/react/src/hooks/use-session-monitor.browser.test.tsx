import { createOAuthClient } from '@latchkey/core'
import { act, render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { describe, expect, it } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { withoutConsoleErrors } from '../fixtures/console-errors.fixture.js'
import { OAuthProvider, useSessionMonitor } from '../index.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'

cleanUpAfterEach()

function Monitor({ intervalSeconds = 2 }: { readonly intervalSeconds?: number }) {
  const { error } = useSessionMonitor({ intervalSeconds })
  return <p>{`error: ${error?.code}`}</p>
}

describe('useSessionMonitor()', () => {
  it('reports why a session cannot be monitored, and keeps the session', async () => {
    const client = createOAuthClient(createTestServer().options)
    render(
      <StrictMode>
        <OAuthProvider client={client}>
          <Monitor />
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

  it('throws for an invalid interval', () => {
    const app = (
      <OAuthProvider {...createTestServer().options}>
        <Monitor intervalSeconds={-1} />
      </OAuthProvider>
    )
    expect(() => withoutConsoleErrors(() => render(app))).toThrow(expect.objectContaining({ code: 'configuration' }))
  })
})
