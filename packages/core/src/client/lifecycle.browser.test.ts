import { describe, expect, it, onTestFinished } from 'vitest'
import { settled } from '../platform/settled.fixture.js'
import { createAuthorizationUrl } from './authorization-url.js'
import { relayCallback } from '../sign-in/transports/relay-callback.js'
import { countOf, createClientBench } from './client.fixture.js'
import { createOAuthClient } from './create-client.js'
import { memory } from '../storage/memory.js'

const DAY_MS = 86_400_000

describe('abandoned authorization requests', () => {
  it('are gone from the tab a while after the next start, with all that was secret in them', async () => {
    // covers B-018
    const { client, advance } = await createClientBench({ storage: memory(), name: crypto.randomUUID() })
    const { nonce } = await createAuthorizationUrl(client)
    const left = (): string => JSON.stringify(Object.entries(sessionStorage))
    expect(left()).toContain(nonce)
    advance(DAY_MS)
    // This is a new page without the memory of the previous one.
    const later = createOAuthClient({ ...client.options, storage: memory() })
    onTestFinished(() => later.close())
    await later.start()
    await expect.poll(left).not.toContain(nonce)
    expect(left()).not.toContain('codeVerifier')
  })
})

const blocked = (): never => {
  throw new DOMException('site data is blocked', 'SecurityError')
}

/** Puts another member in the place of the page's own for one test. */
function replace(target: object, member: string, descriptor: PropertyDescriptor): void {
  const former = Object.getOwnPropertyDescriptor(target, member)
  Object.defineProperty(target, member, { configurable: true, ...descriptor })
  onTestFinished(() => {
    if (former) Object.defineProperty(target, member, former)
    else Reflect.deleteProperty(target, member)
  })
}

describe('blocked site data (invariant 11)', () => {
  it('starts, signs in and refreshes without a BroadcastChannel', async () => {
    const { client, advance } = await createClientBench({
      name: crypto.randomUUID(),
      environment: { openChannel: blocked },
    })
    onTestFinished(() => client.close())
    await client.start()
    await client.login()
    advance(250_000)
    expect(await client.getAccessToken()).toBe('access-token-1')
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
  })

  it('relays nothing from a popup without a BroadcastChannel: the page continues by itself', async () => {
    const before = location.href
    onTestFinished(() => history.replaceState(null, '', before))
    history.replaceState(null, '', `/?code=c&state=lk.abc.p.${'0'.repeat(20)}`)
    replace(globalThis, 'BroadcastChannel', {
      value: function refused(): void {
        blocked()
      },
    })
    expect(await relayCallback()).toBe(false)
  })

  it('makes a client, and tells why its session lives in memory, where reading indexedDB throws', async () => {
    replace(globalThis, 'indexedDB', { get: blocked })
    const { client } = await createClientBench({ name: crypto.randomUUID() })
    onTestFinished(() => client.close())
    const emitted: string[] = []
    client.on('storage-degraded', ({ error }) => emitted.push(error.message))
    await client.start()
    await client.login()
    expect(client.getSnapshot().status).toBe('signed-in')
    await expect.poll(() => emitted).toEqual([expect.stringContaining('SecurityError')])
  })

  const refusing = { request: () => Promise.reject(new DOMException('no locks here', 'SecurityError')) } as unknown as LockManager

  it('refreshes once for two tabs where locks are refused (invariant 2)', async () => {
    const { client, server, advance } = await createClientBench({ name: crypto.randomUUID(), environment: { locks: refusing } })
    const other = createOAuthClient(client.options)
    onTestFinished(() => Promise.all([client.close(), other.close()]).then(() => undefined))
    await client.start()
    await client.login()
    await other.start()
    advance(250_000)
    await Promise.all([client.getAccessToken(), other.getAccessToken()])
    expect(countOf(server, 'POST /token')).toBe(2)
    for (const tab of [client, other]) expect(tab.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
  })

  it('refreshes where locks are refused and the session lives in memory', async () => {
    const environment = { locks: refusing }
    const { client, advance } = await createClientBench({ name: crypto.randomUUID(), environment, storage: memory() })
    onTestFinished(() => client.close())
    await client.login()
    advance(250_000)
    expect(await client.getAccessToken()).toBe('access-token-1')
  })

  it('does not take a failure of the refresh itself for refused locks', async () => {
    let requests = 0
    const { client, server, advance } = await createClientBench({ name: crypto.randomUUID() })
    onTestFinished(() => client.close())
    await client.login()
    advance(250_000)
    server.faults = { respond: ({ url }) => (url.endsWith('/token') ? ((requests += 1), blocked()) : undefined) }
    await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'network' })
    expect(requests).toBe(1)
  })
})

describe('a page out of the back/forward cache', () => {
  it('goes along with what another tab did while it was frozen, and heard nothing of (invariant 10)', async () => {
    const deaf = { postMessage: () => undefined, close: () => undefined, addEventListener: () => undefined }
    const { client } = await createClientBench({ name: crypto.randomUUID(), environment: { openChannel: () => deaf } })
    onTestFinished(() => client.close())
    await client.start()
    await client.login()
    const other = createOAuthClient(client.options)
    await other.start()
    await other.logout({ local: true, revoke: false })
    await other.close()
    expect(client.getSnapshot().status).toBe('signed-in')
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
    await expect.poll(() => client.getSnapshot().status).toBe('signed-out')
  })
})

describe('close()', () => {
  it('ends what the client listens to and what it would do by itself; start() begins it anew', async () => {
    // covers A-018, D-029
    const closed: string[] = []
    const openChannel = (name: string): BroadcastChannel => {
      const channel = new BroadcastChannel(name)
      const close = channel.close.bind(channel)
      channel.close = () => (closed.push(name), close())
      return channel
    }
    const { client, server, advance } = await createClientBench({ name: crypto.randomUUID(), environment: { openChannel } })
    const isIdle = new Promise((resolve) => requestIdleCallback(resolve))
    await client.start()
    await client.login()
    await isIdle
    const other = createOAuthClient({ ...client.options, environment: {} })
    onTestFinished(() => Promise.all([client.close(), other.close()]).then(() => undefined))
    await other.start()
    await client.close()
    expect(closed).toHaveLength(1)
    advance(250_000)
    document.dispatchEvent(new Event('visibilitychange'))
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
    await other.logout({ local: true, revoke: false })
    window.dispatchEvent(new Event('online'))
    await settled()
    expect(countOf(server, 'POST /token')).toBe(1)
    expect(client.getSnapshot().status).toBe('signed-in')
    await client.start()
    await expect.poll(() => client.getSnapshot().status).toBe('signed-out')
  })
})
