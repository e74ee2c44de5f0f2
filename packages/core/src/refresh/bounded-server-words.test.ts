import { describe, expect, it } from 'vitest'
import { countOf, createClientBench, type ClientBench } from '../client/client.fixture.js'
import type { ClientOptions } from '../client/client-options.js'
import { createOAuthClient } from '../client/create-client.js'
import { issuer } from '../protocol/test-server.fixture.js'
import { dueAt } from './refresh-timer.js'
import { memory } from '../storage/memory.js'

const HOUR = 3_600_000

async function signedIn(options: Partial<ClientOptions> = {}): Promise<ClientBench> {
  const bench = await createClientBench({ storage: memory(), ...options })
  await bench.client.login()
  return bench
}

/** The token endpoint is busy for refresh requests. */
const busy = (retryAfter: string, headers: Readonly<Record<string, string>> = {}) => ({
  respond: async (request: Request) =>
    request.url.endsWith('/token') && (await request.clone().text()).includes('refresh_token')
      ? new Response(null, { status: 429, headers: { 'retry-after': retryAfter, ...headers } })
      : (undefined as never),
})

/** Two attempts: the first is refused by the server, the app's second one is still let through. */
async function pause({ client, server }: ClientBench, retryAfter: string, headers?: Record<string, string>): Promise<void> {
  server.faults = busy(retryAfter, headers)
  for (let i = 0; i < 3; i += 1) await expect(client.refresh()).rejects.toMatchObject({ code: 'rate_limited' })
  server.faults = {}
}

describe('Retry-After (invariant 14)', () => {
  it.each(['99999999', '9'.repeat(400), 'Fri, 31 Dec 9999 23:59:59 GMT'])(
    'stops refreshes for an hour at most: %s',
    async (value) => {
      const bench = await signedIn()
      await pause(bench, value)
      await expect(bench.client.refresh()).rejects.toMatchObject({ code: 'rate_limited', retryAfterSeconds: 3600 })
      bench.advance(HOUR)
      await bench.client.refresh()
      await bench.client.close()
    },
  )

  it('is read on the clock of the server, if that can be seen', async () => {
    const bench = await signedIn()
    await pause(bench, 'Thu, 01 Jan 2099 00:00:02 GMT', { date: 'Thu, 01 Jan 2099 00:00:00 GMT' })
    await expect(bench.client.refresh()).rejects.toMatchObject({ retryAfterSeconds: 2 })
    await bench.client.close()
  })

  it('ends with the session: the next user is not stopped by it', async () => {
    const bench = await signedIn()
    const { client, server } = bench
    await pause(bench, '1800')
    await client.logout()
    await client.login()
    const before = countOf(server, 'POST /token')
    await client.refresh()
    expect(countOf(server, 'POST /token')).toBe(before + 1)
    await client.close()
  })

  it('ends with another sign-in during the session', async () => {
    const bench = await signedIn()
    await pause(bench, '1800')
    await bench.client.login()
    await bench.client.refresh()
    await bench.client.close()
  })

  it('is not saved for the session that follows the one it was meant for', async () => {
    const bench = await signedIn()
    const { client, server } = bench
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const { respond } = busy('1800')
    server.faults = { respond: async (request) => respond(request).then((response) => response && held.then(() => response)) }
    const late = client.refresh()
    while (countOf(server, 'POST /token') < 2) await new Promise((resolve) => setImmediate(resolve))
    await client.logout({ revoke: false })
    await client.login()
    release()
    await expect(late).rejects.toThrow()
    server.faults = {}
    for (let i = 0; i < 3; i += 1) await client.refresh()
    await client.close()
  })

  it('is no longer than the server said where the clock was wrong when it was saved', async () => {
    const bench = await signedIn()
    bench.advance(24 * HOUR)
    await pause(bench, '2')
    bench.advance(-24 * HOUR)
    await bench.client.refresh()
    await bench.client.close()
  })
})

describe('a lifetime of one second (invariant 14)', () => {
  it.each([{ expires_in: 1 }, { expires_at: 1 }, { expires_in: 0.001 }])('costs no refresh per call: %j', async (token) => {
    const { client, server, advance } = await createClientBench({ storage: memory() })
    server.faults = { token }
    await client.login()
    const before = countOf(server, 'POST /token')
    for (let ms = 0; ms < 6000; ms += 50) {
      await client.getAccessToken()
      advance(50)
    }
    expect(countOf(server, 'POST /token') - before).toBeLessThanOrEqual(7)
    await client.close()
  })

  it.each([
    [1, 5],
    [0, 5],
    [-100, 5],
    [20, 10],
    [300, 240],
  ])('is refreshed in advance no more often than every five seconds: %d s after %d s', (lifetime, seconds) => {
    const tokenSet = { accessToken: 'a', tokenType: 'Bearer', receivedAt: 1000, expiresAt: 1000 + lifetime, response: {} }
    expect(dueAt(tokenSet, 60, 1_000_000)).toBe((1000 + seconds) * 1000)
  })

  it('takes no expiry that is further away than a hundred years', async () => {
    const { client, server } = await createClientBench()
    server.faults = { token: { expires_at: 1e300 } }
    await client.login()
    expect(client.getTokenSet()?.expiresAt).toBeLessThan(Date.now() / 1000 + 3.2e9)
    await client.close()
  })
})

describe('an API that always responds 401 (invariant 14)', () => {
  const refuseAll = (error?: string): { readonly respond: (request: Request) => Response } => ({
    respond: ({ url }) =>
      url.startsWith('https://api.example/')
        ? new Response(null, { status: 401, ...(error && { headers: { 'www-authenticate': `Bearer error="${error}"` } }) })
        : (undefined as never),
  })

  it.each([undefined, 'invalid_token'])('costs one renewal a minute, whatever the address: %s', async (error) => {
    const { client, server, advance } = await signedIn()
    server.faults = refuseAll(error)
    for (let i = 0; i < 10; i += 1) expect((await client.fetch(`https://api.example/${i}`)).status).toBe(401)
    expect(countOf(server, 'POST /token')).toBe(2)
    advance(61_000)
    for (let i = 0; i < 10; i += 1) await client.fetch('https://api.example/')
    expect(countOf(server, 'POST /token')).toBe(3)
    await client.close()
  })

  it('does not keep a token of another session from being renewed', async () => {
    const { client, server } = await signedIn()
    server.faults = refuseAll()
    await client.fetch('https://api.example/')
    await client.logout({ revoke: false })
    await client.login()
    const before = countOf(server, 'POST /token')
    await client.fetch('https://api.example/')
    expect(countOf(server, 'POST /token')).toBe(before + 1)
    await client.close()
  })

  it('is one for the UserInfo endpoint, too', async () => {
    const { client, server } = await signedIn()
    server.faults = {
      respond: ({ url }) => (url.endsWith('/userinfo') ? new Response(null, { status: 401 }) : (undefined as never)),
    }
    for (let i = 0; i < 5; i += 1) await expect(client.userInfo()).rejects.toMatchObject({ code: 'userinfo_error' })
    expect(countOf(server, 'POST /token')).toBe(2)
    await client.close()
  })
})

describe('a clock that is corrected during the session', () => {
  it('does not make an expired token look fresh', async () => {
    const { client, server, advance } = await createClientBench({ storage: memory() })
    advance(HOUR)
    await client.login()
    advance(-HOUR)
    advance(310_000)
    await client.getAccessToken()
    expect(countOf(server, 'POST /token')).toBe(2)
    await client.getAccessToken()
    expect(countOf(server, 'POST /token')).toBe(2)
    await client.close()
  })

  it('is noticed by the timer', () => {
    const tokenSet = { accessToken: 'a', tokenType: 'Bearer', receivedAt: 10_000, expiresAt: 10_300, response: {} }
    expect(dueAt(tokenSet, 60, 6_400_000)).toBe(6_400_000)
    expect(dueAt({ ...tokenSet, clockOffsetSeconds: 3600 }, 60, 6_400_000)).toBe(6_640_000)
  })

  it('does not after a reload either', async () => {
    const storage = memory()
    const { client, server, advance } = await createClientBench({ storage })
    advance(HOUR)
    await client.login()
    await client.close()
    advance(310_000 - HOUR)
    const now = (): number => server.now() * 1000
    const reloaded = createOAuthClient({ issuer, clientId: 'client-1', storage, fetch: server.fetch, now })
    await reloaded.getAccessToken()
    expect(countOf(server, 'POST /token')).toBe(2)
    await reloaded.close()
  })
})
