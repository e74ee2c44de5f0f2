import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'
import { useOAuth } from '../index.js'
import { createTestClient, withTestSession } from '../testing.js'

cleanUpAfterEach()

function Story() {
  const { status, claims } = useOAuth()
  return <p>{`${status} ${String(claims?.name)}`}</p>
}

it.each([
  ['no parameter', undefined, 'signed-out undefined'],
  ['the name of a session', 'signed-in', 'signed-in Test User'],
  ['the claims of a user', { claims: { sub: 'alice', name: 'Alice' } }, 'signed-in Alice'],
  ['a status', { status: 'restoring' }, 'restoring undefined'],
  ['props of the provider', { session: { claims: { sub: 'bob', name: 'Bob' } } }, 'signed-in Bob'],
  ['a client', { client: createTestClient({ session: 'signed-in' }) }, 'signed-in Test User'],
])('renders a story in the session of its parameter: %s', (_what, auth, text) => {
  render(withTestSession(Story, { parameters: { auth } }))
  expect(screen.getByText(text)).toBeTruthy()
})
