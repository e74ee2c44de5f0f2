import { createOAuthClient, type OAuthClient } from '@latchkey/core'
import { createBrowserRouter, type LoaderFunctionArgs } from 'react-router'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestServer } from '../fixtures/authorization-server.fixture.js'
import { openCallback, openPage } from '../fixtures/open-page.fixture.js'
import { requireSignIn } from '../index.js'

/** The real router, at the current address: `/` is public, all else is guarded. Starting it loads the route of the address. */
async function startRouter(client: OAuthClient) {
  const guard = (args: LoaderFunctionArgs): Promise<unknown> => requireSignIn(client, args)
  const router = createBrowserRouter([
    { id: 'public', path: '/', loader: () => null, errorElement: null },
    { id: 'orders', path: '/orders', loader: guard, errorElement: null },
  ])
  onTestFinished(() => router.dispose())
  await expect.poll(() => router.state.initialized).toBe(true)
  return { router, shown: () => [router.state.errors?.['orders'], router.state.loaderData['orders']] as const }
}

describe('requireSignIn() in React Router', () => {
  it('signs in for a guarded link, and gives the route the claims', async () => {
    openPage('/')
    const { router, shown } = await startRouter(createOAuthClient(createTestServer().options))
    await router.navigate('/orders?page=2')
    expect(shown()).toEqual([undefined, expect.objectContaining({ name: 'Alice' })])
  })

  it('shows a cancelled sign-in once, and starts a new one when the link is opened again', async () => {
    const server = createTestServer()
    server.denied()
    await openCallback(server, '/orders')
    const client = createOAuthClient(server.options)
    await client.start()
    const { router, shown } = await startRouter(client)
    expect(shown()[0]).toMatchObject({ code: 'authorization_error', error: 'access_denied' })
    await router.navigate('/')
    await router.navigate('/orders')
    expect(shown()[0]).toMatchObject({ error: 'access_denied' })
    server.recover()
    await router.navigate('/')
    await router.navigate('/orders')
    expect(shown()).toEqual([undefined, expect.objectContaining({ name: 'Alice' })])
  })

  it('returns to the deep link with its fragment', async () => {
    openPage('/orders?page=2#row')
    const client = createOAuthClient(createTestServer().options)
    const returned: string[] = []
    client.on('signed-in', ({ returnTo }) => returned.push(returnTo ?? ''))
    const { shown } = await startRouter(client)
    expect(shown()[1]).toMatchObject({ name: 'Alice' })
    expect(returned).toEqual(['/orders?page=2#row'])
  })
})
