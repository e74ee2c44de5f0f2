import { describe, expect, it, onTestFinished } from 'vitest'
import { createClientBench } from './client.fixture.js'

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

describe('offline', () => {
  it('keeps showing the user; calls fail with a typed, retryable error; back online it goes on by itself', async () => {
    const { client, server, advance } = await createClientBench({ name: crypto.randomUUID() })
    await client.start()
    await client.login()
    setOnLine(false)
    server.faults = { respond: failToFetch }
    await expect(client.fetch('https://api.example/')).rejects.toMatchObject({ code: 'offline', retryable: true })
    advance(300_000)
    await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'offline', retryable: true })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', claims: { sub: 'user-1' } })
    server.faults = {}
    const former = client.getTokenSet()?.expiresAt
    setOnLine(true)
    await expect.poll(() => client.getTokenSet()?.expiresAt, { timeout: 3000 }).not.toBe(former)
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
    await client.close()
  })

  it('stops showing the user after "offlineGrace", forgets nothing, and shows them again once back', async () => {
    const { client, server, advance } = await createClientBench({ name: crypto.randomUUID(), offlineGrace: 60 })
    await client.start()
    await client.login()
    await expect.poll(() => performance.now() > 0).toBe(true)
    server.faults = { respond: failToFetch }
    advance(300_000 + 61_000)
    const { suspendWhenOfflineTooLong } = await import('./offline.js')
    const { partsOf } = await import('./parts-of-client.js')
    setOnLine(false)
    suspendWhenOfflineTooLong(partsOf(client))
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'offline' } })
    server.faults = {}
    setOnLine(true)
    await expect.poll(() => client.getSnapshot().status).toBe('signed-in')
    await client.close()
  })

  it('shows the user within "offlineGrace"', async () => {
    const { client, advance } = await createClientBench({ name: crypto.randomUUID(), offlineGrace: 60 })
    await client.start()
    await client.login()
    setOnLine(false)
    advance(300_000 + 59_000)
    const { suspendWhenOfflineTooLong } = await import('./offline.js')
    const { partsOf } = await import('./parts-of-client.js')
    suspendWhenOfflineTooLong(partsOf(client))
    expect(client.getSnapshot().status).toBe('signed-in')
    await client.close()
  })
})
