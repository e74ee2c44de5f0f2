import { act, render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'
import { withoutConsoleErrors } from '../fixtures/console-errors.fixture.js'
import { RequireSignIn, SignedIn, useUser } from '../index.js'
import { createTestClient, TestOAuthProvider } from '../testing.js'

cleanUpAfterEach()

let renders = 0

function Name() {
  renders++
  return <p>{`Hello ${String(useUser().name)}`}</p>
}

it('returns the claims inside <RequireSignIn>, and nothing renders without them', async () => {
  const client = createTestClient({ session: { claims: { sub: 'alice', name: 'Alice' } } })
  render(
    <TestOAuthProvider client={client}>
      <RequireSignIn fallback="signed out">
        <Name />
      </RequireSignIn>
    </TestOAuthProvider>,
  )
  expect(screen.getByText('Hello Alice')).toBeDefined()
  const before = renders
  await act(() => client.refresh())
  expect(renders).toBe(before)
  await act(() => client.logout())
  expect(screen.getByText('signed out')).toBeDefined()
  act(() => client.setSession({ claims: { sub: 'bob', name: 'Bob' } }))
  expect(screen.getByText('Hello Bob')).toBeDefined()
})

it('returns the claims inside <SignedIn>', () => {
  render(
    <TestOAuthProvider session="signed-in">
      <SignedIn>
        <Name />
      </SignedIn>
    </TestOAuthProvider>,
  )
  expect(screen.getByText('Hello Test User')).toBeDefined()
})

it('throws and says where it belongs if no user is signed in', () => {
  withoutConsoleErrors(() => {
    const ui = (
      <TestOAuthProvider session="signed-out">
        <Name />
      </TestOAuthProvider>
    )
    expect(() => render(ui)).toThrow('<RequireSignIn>')
  })
})
