import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { settled } from '../platform/settled.fixture.js'
import { countOf, createClientBench, instantTransport } from '../client/client.fixture.js'
import { clientKey } from '../client/resolve-options.js'
import { createOAuthClient } from '../client/create-client.js'
import type { ClientOptions } from '../client/client-options.js'
import type { OAuthClient } from '../client/client.js'
import { internalsOf } from '../client/internals.js'
import { issuer, redirectUri, type TestServer } from '../protocol/test-server.fixture.js'
import { rotate } from '../refresh/rotating-server.fixture.js'
import { indexedDb } from '../storage/indexed-db.js'

// Two clients with the same name are two tabs: each has its own state, channel and connection; storage and locks are shared.

interface Tabs {
  readonly server: TestServer
  readonly name: string
  readonly database: string
  readonly advance: (ms: number) => void
  readonly open: (options?: Partial<ClientOptions>) => Promise<OAuthClient>
}

async function signedInTabs(): Promise<Tabs> {
  const name = crypto.randomUUID()
  const database = `tabs-${name}`
  const clock = { offset: 0 }
  const { server } = await createClientBench()
  server.now = () => Math.floor((Date.now() + clock.offset) / 1000)
  const open = async (options: Partial<ClientOptions> = {}): Promise<OAuthClient> => {
    const client = createOAuthClient({
      issuer,
      clientId: 'client-1',
      name,
      redirectUri,
      scope: 'openid profile',
      transport: instantTransport(server),
      resources: ['https://api.example/'],
      storage: indexedDb(database),
      fetch: server.fetch,
      now: () => Date.now() + clock.offset,
      ...options,
    } as ClientOptions)
    await client.start()
    return client
  }
  const first = await open()
  await first.login()
  await first.close()
  return { server, name, database, advance: (ms) => (clock.offset += ms), open }
}

describe('warm start - invariant 13', () => {
  it('restores the session without a request', async () => {
    const { server, open } = await signedInTabs()
    const before = server.log.length
    const client = await open()
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', claims: { sub: 'user-1' } })
    expect(await client.getAccessToken()).toBe('access-token-1')
    expect(server.log).toHaveLength(before)
    await client.close()
  })

  it('keeps no token in clear text in the database (invariant 6)', async () => {
    const { database } = await signedInTabs()
    const dump = await new Promise<string>((resolve, reject) => {
      const opening = indexedDB.open(database)
      opening.addEventListener('error', () => reject(opening.error))
      opening.addEventListener('success', () => {
        const reading = opening.result.transaction('records').objectStore('records').getAll() as IDBRequest<unknown[]>
        reading.addEventListener('success', () => {
          const texts = reading.result.map((record) => {
            const data = (record as { data?: unknown }).data
            return data instanceof ArrayBuffer ? new TextDecoder('latin1').decode(data) : JSON.stringify(record)
          })
          resolve(texts.join())
        })
      })
    })
    expect(dump.length).toBeGreaterThan(500)
    for (const secret of ['access-token-1', 'refresh-token-2', 'eyJ']) expect(dump).not.toContain(secret)
  })
})

describe('invariant 2: one refresh for all tabs', () => {
  it('sends one request when eight tabs notice the expiry at once, and all go on with its token', async () => {
    const { server, open, advance } = await signedInTabs()
    const tabs = await Promise.all(Array.from({ length: 8 }, () => open()))
    advance(250_000)
    const log = rotate(server)
    const tokens = await Promise.all(tabs.map((tab) => tab.getAccessToken()))
    expect(log).toHaveLength(1)
    expect(tokens).toEqual(Array(8).fill('access-3'))
    for (const tab of tabs) expect(tab.getSnapshot()).toMatchObject({ status: 'signed-in', activity: 'idle', error: undefined })
    await Promise.all(tabs.map((tab) => tab.close()))
  })

  it('does the same by a lease in IndexedDB where Web Locks are missing', async () => {
    const { server, open, advance } = await signedInTabs()
    const environment = { locks: undefined }
    const tabs = await Promise.all(Array.from({ length: 4 }, () => open({ environment })))
    advance(250_000)
    const before = countOf(server, 'POST /token')
    await Promise.all(tabs.map((tab) => tab.getAccessToken()))
    expect(countOf(server, 'POST /token') - before).toBe(1)
    await Promise.all(tabs.map((tab) => tab.close()))
  })

  it('reads the storage once more before it calls a session dead', async () => {
    const { server, open, advance } = await signedInTabs()
    // The other tab refreshed and wrote, but its message did not arrive: this tab sends a used refresh token.
    const slow = await open()
    const fast = await open()
    advance(250_000)
    let refusals = 0
    server.faults = {
      respond: async (request) => {
        if (!request.url.endsWith('/token') || refusals > 0) return undefined as never
        refusals += 1
        // Another tab that stole the lock gets its token meanwhile.
        await fast.login()
        return Response.json({ error: 'invalid_grant' }, { status: 400 })
      },
    }
    expect(await slow.getAccessToken()).toBe('access-token-1')
    expect(slow.getSnapshot().status).toBe('signed-in')
    await Promise.all([slow.close(), fast.close()])
  })

  it('steals the lock of a frozen tab, once for all waiting tabs', async () => {
    const { open, advance, server } = await signedInTabs()
    const tabs = await Promise.all(Array.from({ length: 4 }, () => open({ timeout: 0.2 })))
    advance(250_000)
    const log = rotate(server)
    // A frozen tab: it holds the lock and never continues.
    const lockName = `latchkey/${clientKey(issuer, 'client-1', tabs[0]?.options.name)}/refresh`
    void navigator.locks.request(lockName, () => new Promise(() => undefined)).catch(() => undefined)
    expect(await Promise.all(tabs.map((tab) => tab.getAccessToken()))).toEqual(Array(4).fill('access-3'))
    expect(log).toHaveLength(1)
    for (const tab of tabs) expect(tab.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
    await Promise.all(tabs.map((tab) => tab.close()))
  })

  it.each([
    { by: 'Web Locks', environment: {} },
    { by: 'a lease', environment: { locks: undefined } },
  ])('waits for a tab that takes long, with $by', async ({ environment }) => {
    const { open, advance, server } = await signedInTabs()
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const slow = await open({
      timeout: 0.2,
      environment,
      onTokenSet: async (_tokenSet, reason) => {
        if (reason === 'refresh') await held
      },
    })
    const other = await open({ timeout: 0.2, environment })
    advance(250_000)
    const log = rotate(server)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const first = slow.getAccessToken()
    await expect.poll(() => log.length).toBe(1)
    const waiting = other.getAccessToken()
    const fiveSeconds = async (): Promise<void> => {
      for (let second = 0; second < 5; second++) {
        await vi.advanceTimersByTimeAsync(1000)
        // Heartbeats are messages: they need real turns.
        await settled()
      }
    }
    await fiveSeconds()
    await fiveSeconds()
    release()
    await fiveSeconds()
    expect(await Promise.all([first, waiting])).toEqual(['access-3', 'access-3'])
    expect(log).toHaveLength(1)
    await Promise.all([slow.close(), other.close()])
  })
})

describe('invariant 10: tabs agree', () => {
  it('sees a sign-out in the other tab within a second', async () => {
    const { open } = await signedInTabs()
    const [here, there] = await Promise.all([open(), open()])
    const reasons: string[] = []
    there.on('signed-out', ({ reason }) => reasons.push(reason))
    await here.logout({ local: true, revoke: false })
    await expect.poll(() => there.getSnapshot().status).toBe('signed-out')
    expect(reasons).toEqual(['other-tab'])
    await Promise.all([here.close(), there.close()])
  })

  it('sees a sign-in and a refresh in the other tab', async () => {
    const { open, advance } = await signedInTabs()
    const [here, there] = await Promise.all([open(), open()])
    await here.logout({ local: true, revoke: false })
    await expect.poll(() => there.getSnapshot().status).toBe('signed-out')
    await here.login()
    await expect.poll(() => there.getSnapshot().status).toBe('signed-in')
    const former = there.getTokenSet()?.expiresAt
    advance(250_000)
    await here.refresh()
    await expect.poll(() => there.getTokenSet()?.expiresAt).not.toBe(former)
    await Promise.all([here.close(), there.close()])
  })

  it('tells who must forget whom when another user signs in elsewhere', async () => {
    const { open, server } = await signedInTabs()
    const [here, there] = await Promise.all([open(), open()])
    const changes: unknown[] = []
    there.on('user-changed', (change) => changes.push(change))
    server.faults = { claims: { sub: 'user-2' } }
    await here.login()
    await expect.poll(() => there.getSnapshot().claims?.sub).toBe('user-2')
    expect(changes).toEqual([{ formerSubject: 'user-1', subject: 'user-2' }])
    await Promise.all([here.close(), there.close()])
  })

  it('does not bring a session back that was ended in another tab while this one was refreshing', async () => {
    const { open, server, advance } = await signedInTabs()
    const [here, there] = await Promise.all([open(), open()])
    advance(250_000)
    let release: (() => void) | undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    server.faults = {
      respond: async (request) => {
        if (request.url.endsWith('/token')) await held
        return undefined as never
      },
    }
    const refreshing = here.getAccessToken().catch((error: unknown) => error)
    await expect.poll(() => here.getSnapshot().activity).toBe('refreshing')
    await there.logout({ local: true, revoke: false })
    release?.()
    expect(await refreshing).toMatchObject({ code: 'missing_token' })
    expect(here.getSnapshot().status).toBe('signed-out')
    const later = await open()
    expect(later.getSnapshot().status).toBe('signed-out')
    await Promise.all([here.close(), there.close(), later.close()])
  })
})

describe('a code exchange in flight when another tab signs out', () => {
  it.each([
    ['a user was signed in', (client: OAuthClient) => client.login(), true],
    ['no user was signed in', (client: OAuthClient) => client.login(), false],
    [
      'no user was signed in and the sign-in is silent',
      (client: OAuthClient, server: TestServer) => signInSilently(client, server),
      false,
    ],
  ])('signs no user in afterwards: %s', async (_case, signIn, isSignedIn) => {
    const { server, open } = await signedInTabs()
    const other = await open()
    if (!isSignedIn) await other.logout({ local: true, revoke: false })
    const client = await open()
    let release: () => void = () => undefined
    const released = new Promise<undefined>((resolve) => (release = () => resolve(undefined)))
    server.faults = { respond: ({ url }) => (url.endsWith('/token') ? released : undefined) }
    const before = countOf(server, 'POST /token')
    const ignored: string[] = []
    client.on('callback-ignored', ({ reason }) => ignored.push(reason))
    const signingIn = signIn(client, server)
    await expect.poll(() => countOf(server, 'POST /token')).toBe(before + 1)
    const { session } = internalsOf(client)
    const { logouts } = session
    await other.logout({ local: true, revoke: false })
    // The message of the other tab arrives some time later.
    await expect.poll(() => session.logouts).toBeGreaterThan(logouts)
    release()
    expect(await signingIn).toBeUndefined()
    expect(ignored).toHaveLength(1)
    const later = await open()
    for (const tab of [client, other, later]) expect(tab.getSnapshot()).toMatchObject({ status: 'signed-out', activity: 'idle' })
    await Promise.all([client, other, later].map((tab) => tab.close()))
  })

  it('is not ended by a session that ends for another reason: the user signs in again', async () => {
    const { server, open } = await signedInTabs()
    const other = await open()
    const client = await open()
    // Held, or the new session could be stored, and then cleared, before the sign-in has ended.
    let release: () => void = () => undefined
    const released = new Promise<undefined>((resolve) => (release = () => resolve(undefined)))
    server.faults = { respond: ({ url }) => (url.endsWith('/token') ? released : undefined) }
    const signingIn = client.login()
    await expect.poll(() => countOf(server, 'POST /token')).toBe(2)
    await internalsOf(other).session.clearRecord()
    release()
    expect(await signingIn).toBeDefined()
    await Promise.all([client, other].map((tab) => tab.close()))
  })
})

/** As the option "silent" does, with the transport of this test. */
async function signInSilently(client: OAuthClient, server: TestServer): Promise<unknown> {
  const { flow } = await internalsOf(client).serverCalls()
  const input = { parameters: { prompt: 'none' }, returnTo: '/', redirectUri, transport: 'iframe', isSilent: true }
  const { url, state, startedAt } = await flow.createRequest(input, undefined)
  server.nonce = new URL(url).searchParams.get('nonce') ?? undefined
  return flow.redeemResponse(
    `${redirectUri}?${new URLSearchParams({ code: 'code-1', state, iss: issuer }).toString()}`,
    startedAt,
  )
}

describe('invariant 11: storage that fails degrades', () => {
  it('signs in and refreshes where IndexedDB is blocked, and tells once', async () => {
    const fail = (): Promise<never> => Promise.reject(new DOMException('blocked', 'SecurityError'))
    const { client, advance } = await createClientBench({
      storage: { persistent: true, keepsCryptoKeys: true, get: fail, update: fail, keys: fail },
    })
    const emitted: string[] = []
    client.on('storage-degraded', ({ error }) => emitted.push(error.code))
    await client.start()
    await client.login()
    advance(250_000)
    expect(await client.getAccessToken()).toBe('access-token-1')
    await expect.poll(() => emitted).toEqual(['storage'])
    await client.close()
  })

  it('starts signed out, not broken, with a record it cannot read', async () => {
    const { open, database } = await signedInTabs()
    const storage = indexedDb(database)
    await storage.update('latchkey/sealing-key', () => undefined)
    storage.close?.()
    const emitted: string[] = []
    const client = createOAuthClient({
      issuer,
      clientId: 'client-1',
      name: database.slice(5),
      redirectUri,
      storage: indexedDb(database),
    })
    client.on('storage-degraded', ({ error }) => emitted.push(error.message))
    await client.start()
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', error: undefined })
    await expect.poll(() => emitted).toHaveLength(1)
    const again = await open()
    await again.login()
    expect(again.getSnapshot().status).toBe('signed-in')
    await Promise.all([client.close(), again.close()])
  })
})

describe('start()', () => {
  it('survives StrictMode: start, close, start', async () => {
    const { open, name } = await signedInTabs()
    const client = await open({ name })
    await client.close()
    await client.start()
    const other = await open()
    await other.logout({ local: true, revoke: false })
    await expect.poll(() => client.getSnapshot().status).toBe('signed-out')
    await Promise.all([client.close(), other.close()])
  })
})
