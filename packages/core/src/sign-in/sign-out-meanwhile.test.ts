import { describe, expect, it, onTestFinished } from 'vitest'
import { createAuthorizationUrl, exchange } from '../client/authorization-url.js'
import { countOf } from '../client/client.fixture.js'
import type { ClientOptions } from '../client/client-options.js'
import type { OAuthClient } from '../client/client.js'
import { createOAuthClient } from '../client/create-client.js'
import { passwordGrant } from '../grants/password-grant.js'
import { issuer, redirectUri, type TestServer } from '../protocol/test-server.fixture.js'
import { openSharedTabs } from '../storage/shared-storage.fixture.js'

async function callbackOf(client: OAuthClient, server: TestServer): Promise<string> {
  const { state, nonce } = await createAuthorizationUrl(client)
  server.nonce = nonce
  return `${redirectUri}?${new URLSearchParams({ code: 'code-1', state, iss: issuer }).toString()}`
}

/** Two tabs of one browser: a user is signed in, in both. The client of the second one was never started. */
async function openTabs() {
  const tabs = await openSharedTabs()
  onTestFinished(() => tabs.close())
  const other = await tabs.open()
  await other.login()
  const client = createOAuthClient(other.options as ClientOptions)
  onTestFinished(() => client.close())
  return { ...tabs, other, client }
}

const signOut = (client: OAuthClient): Promise<unknown> => client.logout({ local: true, revoke: false })

/** Lets the messages between the tabs arrive. */
const messages = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 20))

describe('a sign-in in flight, by a client that was not started, when another tab signs out', () => {
  it.each<[string, (client: OAuthClient, server: TestServer) => Promise<unknown>]>([
    ['login()', (client) => client.login()],
    ['handleCallback()', async (client, server) => client.handleCallback(await callbackOf(client, server))],
    ['exchange()', async (client, server) => exchange(client, await callbackOf(client, server))],
    [
      'a grant',
      async (client, server) => {
        server.nonce = undefined
        await passwordGrant(client, { username: 'u', password: 'p' })
      },
    ],
  ])('signs no user in: %s', async (_, signIn) => {
    const { client, other, server, storage, sessionKey } = await openTabs()
    let release: () => void = () => undefined
    const released = new Promise<undefined>((resolve) => (release = () => resolve(undefined)))
    server.faults = { respond: ({ url }) => (url.endsWith('/token') ? released : undefined) }
    const before = countOf(server, 'POST /token')
    const signingIn = signIn(client, server)
    await expect.poll(() => countOf(server, 'POST /token')).toBe(before + 1)
    await signOut(other)
    await messages()
    release()
    expect(await signingIn).toBeUndefined()
    expect(client.getSnapshot().status).not.toBe('signed-in')
    expect(storage.values.has(sessionKey)).toBe(false)
  })
})

describe('a client that was not started', () => {
  it('stops a sign-in in another tab when it signs out', async () => {
    const { client, other, server, storage, sessionKey } = await openTabs()
    let release: () => void = () => undefined
    const released = new Promise<undefined>((resolve) => (release = () => resolve(undefined)))
    server.faults = { respond: ({ url }) => (url.endsWith('/token') ? released : undefined) }
    const signingIn = other.login()
    await expect.poll(() => countOf(server, 'POST /token')).toBe(2)
    await signOut(client)
    await messages()
    release()
    expect(await signingIn).toBeUndefined()
    expect(storage.values.has(sessionKey)).toBe(false)
  })

  it('shows the other tabs the session that it signs in to', async () => {
    const { client, other } = await openTabs()
    await signOut(other)
    await client.login()
    await expect.poll(() => other.getSnapshot().status).toBe('signed-in')
  })
})
