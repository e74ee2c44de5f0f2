import { createOAuthClient, type OAuthClient } from '@latchkey/core'
import { act, render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'
import { OAuthProvider, useOAuth } from '../index.js'
import { createTestClient, TestOAuthProvider } from '../testing.js'

cleanUpAfterEach()

function Name() {
  const { isSignedIn, claims } = useOAuth()
  return <i>{isSignedIn ? String(claims.name) : 'none'}</i>
}

/** Counts how often the state is read during a refresh, beside as many components. */
async function countReads(components: number): Promise<number> {
  const client = createOAuthClient(createTestServer().options)
  let reads = 0
  const counting: OAuthClient = { ...client, getSnapshot: () => ((reads += 1), client.getSnapshot()) }
  const { unmount } = render(
    <OAuthProvider client={counting}>
      {Array.from({ length: components }, (_, key) => (
        <Name key={key} />
      ))}
    </OAuthProvider>,
  )
  await act(() => client.login())
  expect(screen.getAllByText('Alice')).toHaveLength(components)
  reads = 0
  await client.refresh()
  await act(async () => undefined)
  unmount()
  return reads
}

it('asks no component at a refresh, if none has read what changes', async () => {
  expect(await countReads(50)).toBe(await countReads(1))
})

it('notices changes again after all components were gone', async () => {
  const client = createTestClient({ session: 'signed-in' })
  const Status = () => <p>{`signed in: ${useOAuth().isSignedIn}`}</p>
  const show = (isShown: boolean) => <TestOAuthProvider client={client}>{isShown && <Status />}</TestOAuthProvider>
  const { rerender } = render(show(true))
  screen.getByText('signed in: true')
  rerender(show(false))
  await act(() => client.logout())
  rerender(show(true))
  screen.getByText('signed in: false')
  act(() => client.setSession('signed-in'))
  screen.getByText('signed in: true')
})
