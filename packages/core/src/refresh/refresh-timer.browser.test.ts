import { describe, expect, it, onTestFinished } from 'vitest'
import { settled } from '../platform/settled.fixture.js'
import { countOf, createClientBench, type ClientBench } from '../client/client.fixture.js'
import { internalsOf } from '../client/internals.js'
import { createRefreshTimer } from './refresh-timer.js'

/** A signed-in page with its refresh timer. Tokens expire after 300 s and are refreshed 60 s before. */
async function benchWithTimer(): Promise<ClientBench & { readonly look: () => void }> {
  const bench = await createClientBench({ name: crypto.randomUUID() })
  // The client is not started, so that there is one timer only.
  await bench.client.login()
  const internals = internalsOf(bench.client)
  const timer = createRefreshTimer({ ...internals, ...(await internals.accessCalls()) })
  onTestFinished(async () => {
    timer.stop()
    await bench.client.close()
  })
  // What a timer would do, or a device that wakes from sleep.
  return { ...bench, look: () => document.dispatchEvent(new Event('visibilitychange')) }
}

function setPage(member: 'visibilityState' | 'onLine', value: unknown): void {
  const target = member === 'onLine' ? navigator : document
  Object.defineProperty(target, member, { configurable: true, get: () => value })
  onTestFinished(() => void Reflect.deleteProperty(target, member))
}

const refreshes = ({ server }: ClientBench): number => countOf(server, 'POST /token') - 1

describe('RefreshTimer', () => {
  it('leaves a fresh token alone', async () => {
    const bench = await benchWithTimer()
    bench.look()
    await settled()
    expect(refreshes(bench)).toBe(0)
  })

  it('renews before the expiry, so that no call has to wait', async () => {
    const bench = await benchWithTimer()
    bench.advance(241_000)
    bench.look()
    await expect.poll(() => refreshes(bench)).toBe(1)
    await bench.client.getAccessToken()
    expect(refreshes(bench)).toBe(1)
  })

  it.each(['pageshow', 'online'])('looks again on "%s"', async (name) => {
    const bench = await benchWithTimer()
    bench.advance(241_000)
    window.dispatchEvent(new Event(name))
    await expect.poll(() => refreshes(bench)).toBe(1)
  })

  it('does nothing while the page is hidden, and catches up when it is visible', async () => {
    const bench = await benchWithTimer()
    setPage('visibilityState', 'hidden')
    bench.advance(241_000)
    bench.look()
    await settled()
    expect(refreshes(bench)).toBe(0)
    setPage('visibilityState', 'visible')
    bench.look()
    await expect.poll(() => refreshes(bench)).toBe(1)
  })

  it('does nothing without a network', async () => {
    const bench = await benchWithTimer()
    setPage('onLine', false)
    bench.advance(241_000)
    bench.look()
    await settled()
    expect(refreshes(bench)).toBe(0)
  })

  it('backs off after a refusal, as long as the server requires', async () => {
    const bench = await benchWithTimer()
    const busy = (): Response => new Response('', { status: 429, headers: { 'retry-after': '120' } })
    bench.server.faults = { respond: (request) => (request.url.endsWith('/token') ? busy() : undefined) }
    bench.advance(241_000)
    bench.look()
    await expect.poll(() => refreshes(bench)).toBe(1)
    // The server has counted the request before the client reads the response, and `Retry-After` runs from then on.
    await expect.poll(() => bench.client.getSnapshot().error?.code).toBe('rate_limited')
    await settled()
    for (let wake = 0; wake < 20; wake += 1) bench.look()
    bench.advance(119_000)
    bench.look()
    await settled()
    expect(refreshes(bench)).toBe(1)
    expect(bench.client.getSnapshot().status).toBe('signed-in')
    bench.server.faults = {}
    bench.advance(2000)
    bench.look()
    await expect.poll(() => refreshes(bench)).toBe(2)
  })

  it('pauses longer from failure to failure where the server says nothing', async () => {
    const bench = await benchWithTimer()
    bench.server.faults = {
      respond: (request) => (request.url.endsWith('/token') ? new Response('', { status: 503 }) : undefined),
    }
    bench.advance(241_000)
    const waited: number[] = []
    for (let failure = 1; failure <= 4; failure += 1) {
      let seconds = 0
      bench.look()
      await settled()
      while (refreshes(bench) < failure && seconds < 60) {
        bench.advance(1000)
        seconds += 1
        bench.look()
        await settled()
      }
      waited.push(seconds)
    }
    expect(refreshes(bench)).toBe(4)
    // 1 to 2 s, 2 to 4 s, 4 to 8 s, by chance within: never shorter than half of what it could be. An attempt within the pause of the
    // token endpoint (2 s, 4 s, …) sends nothing, and the next one comes one step later.
    expect(waited[0]).toBe(0)
    expect(waited[1]).toBeLessThanOrEqual(6)
    expect(waited[3]).toBeGreaterThanOrEqual(4)
  })

  it('does not renew again and again a token that lives shorter than the leeway', async () => {
    const bench = await benchWithTimer()
    bench.server.faults = { token: { expires_in: 30 } }
    await bench.client.refresh()
    const before = refreshes(bench)
    bench.look()
    await settled()
    expect(refreshes(bench)).toBe(before)
  })
})

describe('the back/forward cache', () => {
  it('ends the activity of a sign-in that was left, so that nothing is stuck "in progress"', async () => {
    const { client } = await createClientBench({
      name: crypto.randomUUID(),
      transport: { name: 'redirect', prepare: () => ({ navigate: () => new Promise(() => undefined), cancel: () => undefined }) },
    })
    onTestFinished(() => client.close())
    await client.start()
    void client.login()
    await expect.poll(() => client.getSnapshot().activity).toBe('signing-in')
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
    await expect.poll(() => client.getSnapshot().activity).toBe('idle')
    expect(client.getSnapshot().error).toBeUndefined()
  })
})

describe('claims with the names of every object’s members', () => {
  it('do no harm', async () => {
    const { client, server } = await createClientBench({ name: crypto.randomUUID() })
    onTestFinished(() => client.close())
    const hostile = JSON.parse('{"__proto__":{"isAdmin":true},"constructor":"x","toString":"y","hasOwnProperty":"z"}') as Record<
      string,
      unknown
    >
    server.faults = { claims: hostile, userInfo: hostile, token: hostile }
    await client.start()
    await client.login()
    expect(client.getSnapshot().status).toBe('signed-in')
    await client.userInfo()
    await client.refresh()
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
    expect((client.getSnapshot().claims as Record<string, unknown>)['isAdmin']).toBeUndefined()
  })
})
