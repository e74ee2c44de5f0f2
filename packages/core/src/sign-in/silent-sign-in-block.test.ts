import { describe, expect, it, onTestFinished } from 'vitest'
import { instantTransport } from '../client/client.fixture.js'
import type { ClientOptions } from '../client/client-options.js'
import type { OAuthClient } from '../client/client.js'
import { issuer } from '../protocol/test-server.fixture.js'
import { createOAuthClient } from '../client/create-client.js'
import { openSharedTabs, type SharedTabs } from '../storage/shared-storage.fixture.js'
import { FakePage } from './fake-page.fixture.js'

interface TwoTabs extends SharedTabs {
  readonly page: FakePage
  readonly client: OAuthClient
  readonly other: OAuthClient
  readonly openPage: (address: string) => Promise<{ page: FakePage; client: OAuthClient }>
}

/** Two tabs of an app that signs in silently by redirect, at a server without refresh tokens. */
async function openTwoTabs(): Promise<TwoTabs> {
  const tabs = await openSharedTabs()
  onTestFinished(() => tabs.close())
  tabs.server.faults = { token: { refresh_token: undefined } }
  const first = new FakePage('/')
  const openPage = async (address: string) => {
    const page = new FakePage(address, first.sessionStorage)
    const options: Partial<ClientOptions> = { silent: ['redirect'], environment: { window: page.window } }
    const client = createOAuthClient({ ...other.options, ...options } as ClientOptions)
    onTestFinished(() => client.close())
    // A page that leaves does not resolve.
    void client.start()
    await expect.poll(() => client.getSnapshot().status === 'restoring' && !page.assigned.length).toBe(false)
    return { page, client }
  }
  const other = await tabs.open()
  await other.login()
  return { ...tabs, ...(await openPage('/')), other, openPage }
}

const signOut = (client: OAuthClient): Promise<unknown> => client.logout({ local: true, revoke: false })

const statusOf = async (client: OAuthClient, status: string): Promise<void> =>
  expect.poll(() => client.getSnapshot().status).toBe(status)

describe('the block of silent sign-in after a sign-out', () => {
  it('ends with the next session, also with one of another tab', async () => {
    const { page, client, other, advance } = await openTwoTabs()
    await signOut(client)
    await statusOf(other, 'signed-out')
    await other.login()
    await statusOf(client, 'signed-in')
    advance(310_000)
    void client.getAccessToken().catch(() => undefined)
    await expect.poll(() => page.assigned).toHaveLength(1)
    expect(page.assigned[0]).toContain('prompt=none')
    expect(other.getSnapshot().status).toBe('signed-in')
  })

  it('ends with the session that the page finds when it is loaded again', async () => {
    const { client, other, advance, openPage } = await openTwoTabs()
    await signOut(client)
    await client.close()
    await statusOf(other, 'signed-out')
    await other.login()
    const again = await openPage('/')
    expect(again.client.getSnapshot().status).toBe('signed-in')
    advance(310_000)
    void again.client.getAccessToken().catch(() => undefined)
    await expect.poll(() => again.page.assigned).toHaveLength(1)
  })

  it('does not come back when the adopted session ends without a sign-out', async () => {
    const { client, other, openPage, storage, sessionKey } = await openTwoTabs()
    await signOut(client)
    await statusOf(other, 'signed-out')
    await other.login()
    await statusOf(client, 'signed-in')
    await client.close()
    storage.values.delete(sessionKey)
    const again = await openPage('/')
    await expect.poll(() => again.page.assigned).toHaveLength(1)
  })

  it('stays as long as no user is signed in', async () => {
    const { client, openPage } = await openTwoTabs()
    await signOut(client)
    const again = await openPage('/')
    expect(again.client.getSnapshot().status).toBe('signed-out')
    expect(again.page.assigned).toEqual([])
  })
})

describe('the block of silent redirects after one that found no user', () => {
  /** A page that has been to the server and back, without a user there. */
  async function openAfterLoginRequired() {
    const tabs = await openTwoTabs()
    await signOut(tabs.other)
    await statusOf(tabs.client, 'signed-out')
    const started = await tabs.openPage('/')
    await expect.poll(() => started.page.assigned).toHaveLength(1)
    const state = new URL(started.page.assigned[0] ?? '').searchParams.get('state') ?? ''
    const returned = await tabs.openPage(`/cb?error=login_required&state=${state}&iss=${encodeURIComponent(issuer)}`)
    await statusOf(returned.client, 'signed-out')
    expect(returned.page.assigned).toEqual([])
    return { ...tabs, ...returned }
  }

  it('ends with a session of another tab', async () => {
    const { page, client, other, advance } = await openAfterLoginRequired()
    await other.login()
    await statusOf(client, 'signed-in')
    advance(310_000)
    void client.getAccessToken().catch(() => undefined)
    await expect.poll(() => page.assigned).toHaveLength(1)
  })

  it('ends no later than with a sign-in of this tab', async () => {
    const { page, client, server, advance } = await openAfterLoginRequired()
    await client.login({ transport: instantTransport(server) })
    advance(310_000)
    void client.getAccessToken().catch(() => undefined)
    await expect.poll(() => page.assigned).toHaveLength(1)
  })
})
