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
  const ofOther = recordMessages()
  const other = await tabs.open({ environment: { openChannel: ofOther.openChannel } })
  await other.login()
  const ofClient = recordMessages()
  const client = createOAuthClient({ ...(other.options as ClientOptions), environment: { openChannel: ofClient.openChannel } })
  onTestFinished(() => client.close())
  return { ...tabs, other, client, receivedByOther: ofOther.received, receivedByClient: ofClient.received }
}

/** Opens the channels of one tab, and keeps the messages that it has received from other tabs. */
function recordMessages() {
  const received: unknown[] = []
  const openChannel = (name: string): BroadcastChannel => {
    const channel = new BroadcastChannel(name)
    channel.addEventListener('message', ({ data }) => received.push(data))
    return channel
  }
  return { received, openChannel }
}

const signOut = (client: OAuthClient): Promise<unknown> => client.logout({ local: true, revoke: false })

/** Waits for the last message of a sign-out in another tab. */
const signedOut = (received: readonly unknown[]): Promise<void> => expect.poll(() => received).toContain('session-cleared')

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
    const { client, other, server, storage, sessionKey, receivedByClient } = await openTabs()
    let release: () => void = () => undefined
    const released = new Promise<undefined>((resolve) => (release = () => resolve(undefined)))
    server.faults = { respond: ({ url }) => (url.endsWith('/token') ? released : undefined) }
    const before = countOf(server, 'POST /token')
    const signingIn = signIn(client, server)
    await expect.poll(() => countOf(server, 'POST /token')).toBe(before + 1)
    await signOut(other)
    await signedOut(receivedByClient)
    release()
    expect(await signingIn).toBeUndefined()
    expect(client.getSnapshot().status).not.toBe('signed-in')
    expect(storage.values.has(sessionKey)).toBe(false)
  })
})

describe('a sign-out during a sign-in', () => {
  it('signs no user in if "onTokenSet" was still running', async () => {
    const { open, storage, sessionKey } = await openSharedTabs()
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    let isHeld: () => void = () => undefined
    const held = new Promise<void>((resolve) => (isHeld = resolve))
    const client = await open({ onTokenSet: () => (isHeld(), released) })
    onTestFinished(() => client.close())
    const signingIn = client.login()
    await held
    await signOut(client)
    release()
    expect(await signingIn).toBeUndefined()
    expect(client.getSnapshot().status).toBe('signed-out')
    expect(storage.values.has(sessionKey)).toBe(false)
  })

  it('redeems no code that arrives afterwards', async () => {
    const { open, server } = await openSharedTabs()
    const client = await open()
    onTestFinished(() => client.close())
    const { transport } = client.options
    if (typeof transport !== 'object') throw new Error('expected a custom transport')
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    let isHeld: () => void = () => undefined
    const held = new Promise<void>((resolve) => (isHeld = resolve))
    const slow: typeof transport = {
      name: 'slow',
      prepare: (...given) => {
        const prepared = transport.prepare(...given)
        return {
          ...prepared,
          navigate: async (request) => {
            isHeld()
            await released
            return prepared.navigate(request)
          },
        }
      },
    }
    const signingIn = client.login({ transport: slow })
    await held
    await signOut(client)
    release()
    expect(await signingIn).toBeUndefined()
    expect(countOf(server, 'POST /token')).toBe(0)
  })
})

describe('a client that was not started', () => {
  it('stops a sign-in in another tab when it signs out', async () => {
    const { client, other, server, storage, sessionKey, receivedByOther } = await openTabs()
    let release: () => void = () => undefined
    const released = new Promise<undefined>((resolve) => (release = () => resolve(undefined)))
    server.faults = { respond: ({ url }) => (url.endsWith('/token') ? released : undefined) }
    const signingIn = other.login()
    await expect.poll(() => countOf(server, 'POST /token')).toBe(2)
    await signOut(client)
    await signedOut(receivedByOther)
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
