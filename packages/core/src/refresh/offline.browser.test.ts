import { describe, expect, it, onTestFinished } from 'vitest'
import { settled } from '../platform/settled.fixture.js'
import { createClientBench, type ClientBench } from '../client/client.fixture.js'
import { createOAuthClient } from '../client/create-client.js'
import type { ClientOptions } from '../client/client-options.js'

/** The network of the device, as `navigator.onLine` and the events tell it. */
function setOnLine(isOnLine: boolean): void {
  Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => isOnLine })
  dispatchEvent(new Event(isOnLine ? 'online' : 'offline'))
  onTestFinished(() => {
    Reflect.deleteProperty(navigator, 'onLine')
  })
}

const failToFetch = (): never => {
  throw new TypeError('Failed to fetch')
}

/** The test server's access tokens live five minutes. */
const LIFETIME_MS = 300_000

/** A page that is signed in, and has drawn itself: its renewal is at work. */
async function benchAtWork(options: Partial<ClientOptions> = {}): Promise<ClientBench> {
  const bench = await createClientBench({ name: crypto.randomUUID(), ...options })
  onTestFinished(() => bench.client.close())
  const isIdle = new Promise((resolve) => requestIdleCallback(resolve))
  await bench.client.start()
  await bench.client.login()
  await isIdle
  await settled()
  return bench
}

describe('offline', () => {
  it('keeps showing the user; calls fail with a typed, retryable error; back online it continues by itself', async () => {
    const { client, server, advance } = await createClientBench({ name: crypto.randomUUID() })
    await client.start()
    await client.login()
    setOnLine(false)
    server.faults = { respond: failToFetch }
    await expect(client.fetch('https://api.example/')).rejects.toMatchObject({ code: 'offline', retryable: true })
    advance(LIFETIME_MS)
    await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'offline', retryable: true })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', claims: { sub: 'user-1' } })
    server.faults = {}
    const former = client.getTokenSet()?.expiresAt
    setOnLine(true)
    await expect.poll(() => client.getTokenSet()?.expiresAt).not.toBe(former)
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
    await client.close()
  })
})

describe('the option "offlineGrace"', () => {
  it('stops showing the user when it is over, while the page stays open; forgets nothing, and shows them again once back', async () => {
    const { client, server, advance } = await benchAtWork({ offlineGrace: 60 })
    server.faults = { respond: failToFetch }
    advance(LIFETIME_MS + 57_000)
    setOnLine(false)
    expect(client.getSnapshot().status).toBe('signed-in')
    await expect.poll(() => client.getSnapshot().status).toBe('signed-out')
    expect(client.getSnapshot()).toMatchObject({ error: { code: 'offline', retryable: true } })
    server.faults = {}
    setOnLine(true)
    await expect.poll(() => client.getSnapshot().status).toBe('signed-in')
  })

  it('does so for a session without a refresh token too', async () => {
    const { client, advance, server } = await benchAtWork({ offlineGrace: 60 })
    server.faults = { token: { refresh_token: undefined } }
    await client.login()
    advance(LIFETIME_MS + 57_000)
    setOnLine(false)
    await expect.poll(() => client.getSnapshot().status).toBe('signed-out')
  })

  it('shows the user within it, and without a limit if none is set', async () => {
    const within = await benchAtWork({ offlineGrace: 60 })
    const forever = await benchAtWork()
    within.advance(LIFETIME_MS + 50_000)
    forever.advance(LIFETIME_MS * 100)
    setOnLine(false)
    await settled()
    for (const { client } of [within, forever]) expect(client.getSnapshot().status).toBe('signed-in')
  })

  it('counts at a start without a network', async () => {
    const { client, advance } = await benchAtWork({ offlineGrace: 60 })
    advance(LIFETIME_MS + 61_000)
    setOnLine(false)
    const later = createOAuthClient(client.options)
    onTestFinished(() => later.close())
    await later.start()
    expect(later.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'offline' } })
  })

  it('means nothing while the network is there', async () => {
    const { client, advance, server } = await benchAtWork({ offlineGrace: 60 })
    server.faults = { respond: (request) => (request.url.endsWith('/token') ? new Response('', { status: 503 }) : undefined) }
    advance(LIFETIME_MS + 61_000)
    document.dispatchEvent(new Event('visibilitychange'))
    await settled()
    expect(client.getSnapshot().status).toBe('signed-in')
  })
})
