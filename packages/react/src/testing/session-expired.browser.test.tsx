import { SessionError } from '@latchkey/core'
import { act, render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'
import { useOAuth, useSessionEvent } from '../index.js'
import { renderWithAuth, TestOAuthProvider } from '../testing.js'

cleanUpAfterEach()

function Banner({ onSignedOut }: { readonly onSignedOut?: (reason: string) => void }) {
  const { error, status } = useOAuth()
  useSessionEvent('signed-out', ({ reason }) => onSignedOut?.(reason))
  return error?.code === 'token_invalid' ? <p role="alert">{status}</p> : <p>{status}</p>
}

it('shows a banner when the server has ended the session, with the reason "session-ended"', async () => {
  const reasons: string[] = []
  const { server } = await renderWithAuth(<Banner onSignedOut={(reason) => reasons.push(reason)} />)
  expect(screen.queryByRole('alert')).toBeNull()
  server.endSessions()
  expect((await screen.findByRole('alert')).textContent).toBe('signed-out')
  expect(reasons).toEqual(['session-ended'])
})

it('shows a banner with the next refresh after the tokens were revoked', async () => {
  const { server } = await renderWithAuth(<Banner />)
  server.revoke()
  await act(async () => server.clock.advance(3600))
  expect((await screen.findByRole('alert')).textContent).toBe('signed-out')
})

it('shows a banner for the session of a test that has ended, and none after a sign-out by the user', async () => {
  const { rerender } = render(
    <TestOAuthProvider session="signed-in">
      <Banner />
    </TestOAuthProvider>,
  )
  expect(screen.queryByRole('alert')).toBeNull()
  rerender(
    <TestOAuthProvider session={{ status: 'signed-out', error: new SessionError('token_invalid') }}>
      <Banner />
    </TestOAuthProvider>,
  )
  expect(screen.getByRole('alert').textContent).toBe('signed-out')
  const { client } = await renderWithAuth(<Banner />)
  await act(async () => client.logout({ local: true }))
  expect(screen.getAllByRole('alert')).toHaveLength(1)
})
