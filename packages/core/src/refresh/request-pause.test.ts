import { describe, expect, it } from 'vitest'
import { countOf, createClientBench } from '../client/client.fixture.js'
import type { ClientOptions } from '../client/client-options.js'
import { assertionSession, type AssertionSessionOptions, clientCredentialsSession, type StandaloneClient } from '../grants.js'
import { createTestServer, issuer, metadata, redirectUri } from '../protocol/test-server.fixture.js'
import { createOAuthRegistry } from '../registry.js'
import { memory } from '../storage/memory.js'

/** Calls in a minute: many more than requests. */
const CALLS = 150
const MINUTE = 60_000

describe('a token endpoint that fails each time, without Retry-After (invariant 14)', () => {
  const failing = (status: number) => ({
    respond: (request: Request) => (request.url.endsWith('/token') ? new Response(null, { status }) : (undefined as never)),
  })

  it.each([
    [500, 'fetch'],
    [503, 'fetch'],
    [429, 'fetch'],
    [500, 'getAccessToken'],
    [500, 'narrow'],
  ])('costs a request now and then, not one per call: %d, %s', async (status, call) => {
    const { client, server, advance } = await createClientBench({ storage: memory() })
    await client.login()
    const before = countOf(server, 'POST /token')
    server.faults = failing(status)
    advance(400_000)
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      fetch: () => client.fetch('https://api.example/'),
      getAccessToken: () => client.getAccessToken(),
      narrow: () => client.getAccessToken({ scope: 'narrow' }),
    }
    for (let i = 0; i < CALLS; i += 1) {
      await expect(calls[call]?.()).rejects.toMatchObject({ code: status === 429 ? 'rate_limited' : 'server_error' })
      advance(MINUTE / CALLS)
    }
    const requests = countOf(server, 'POST /token') - before
    expect(requests).toBeGreaterThan(3)
    expect(requests).toBeLessThan(12)
    server.faults = {}
    advance(60_000)
    await client.getAccessToken()
    expect(client.getSnapshot().status).toBe('signed-in')
    await client.close()
  })

  it('is tried again at once after a single failure', async () => {
    const { client, server, advance } = await createClientBench({ storage: memory() })
    await client.login()
    advance(400_000)
    for (let i = 0; i < 3; i += 1) {
      server.faults = failing(500)
      await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'server_error' })
      server.faults = {}
      await client.getAccessToken()
      advance(400_000)
    }
    await client.close()
  })
})

describe('a token session or a stored token, whose server says when to come again (invariant 14)', () => {
  type Ask = (options: Partial<ClientOptions>) => () => Promise<unknown>
  const expired = { access_token: 'stored', token_type: 'Bearer', refresh_token: 'refresh-1', expires_at: 1 }
  const clientSession = (options: Partial<ClientOptions>) =>
    clientCredentialsSession({ ...options, clientAuth: 'client_secret_post', clientSecret: 'secret-1' } as StandaloneClient, {
      resources: ['https://api.example/'],
    })
  const registryOf = (options: Partial<ClientOptions>) =>
    createOAuthRegistry({ one: { redirectUri, storage: memory(), ...options } as ClientOptions }, { fetchToken: () => expired })
      .one
  const subjects: Readonly<Record<string, Ask>> = {
    'client credentials': (options) => {
      const session = clientSession(options)
      return () => session.getAccessToken()
    },
    'client credentials, fetch': (options) => {
      const session = clientSession(options)
      return () => session.fetch('https://api.example/')
    },
    assertion: ({ fetch, now }) => {
      const signed = { issuer: 'me', key: new Uint8Array(32), header: { alg: 'HS256' }, signAssertion: () => 'a.b.c' }
      const session = assertionSession({ tokenEndpoint: `${issuer}/token`, ...signed, fetch, now } as AssertionSessionOptions)
      return () => session.getAccessToken()
    },
    'stored token': (options) => {
      const client = registryOf(options)
      return () => client.getAccessToken()
    },
    'stored token, forced': (options) => {
      const client = registryOf(options)
      return () => client.refresh()
    },
    'stored token, one scope': (options) => {
      const client = registryOf(options)
      return () => client.getAccessToken({ scope: 'narrow' })
    },
  }

  async function bench(make: Ask, response: () => Response) {
    const server = await createTestServer()
    let offset = 0
    const now = (): number => Date.now() + offset
    const ask = make({ server: metadata, clientId: 'client-1', fetch: server.fetch, now })
    server.faults = { respond: (request) => (request.url.endsWith('/token') ? response() : (undefined as never)) }
    return { server, ask, advance: (ms: number) => (offset += ms) }
  }

  it.each(Object.entries(subjects))('is asked once until then: %s', async (_, make) => {
    const busy = () => new Response(null, { status: 429, headers: { 'retry-after': '120' } })
    const { server, ask, advance } = await bench(make, busy)
    for (let i = 0; i < 10; i += 1) await expect(ask()).rejects.toMatchObject({ code: 'rate_limited', retryAfterSeconds: 120 })
    expect(countOf(server, 'POST /token')).toBe(1)
    advance(121_000)
    await expect(ask()).rejects.toMatchObject({ code: 'rate_limited' })
    expect(countOf(server, 'POST /token')).toBe(2)
    advance(-200_000)
    // The clock was set back: the pause is not longer for it.
    await expect(ask()).rejects.toMatchObject({ code: 'rate_limited' })
    expect(countOf(server, 'POST /token')).toBe(3)
  })

  it.each(Object.entries(subjects))('costs a request now and then where it only fails: %s', async (_, make) => {
    const { server, ask, advance } = await bench(make, () => new Response(null, { status: 500 }))
    for (let i = 0; i < CALLS; i += 1) {
      await expect(ask()).rejects.toMatchObject({ code: 'server_error', retryable: true })
      advance(MINUTE / CALLS)
    }
    expect(countOf(server, 'POST /token')).toBeLessThan(12)
    server.faults = { token: { id_token: undefined, refresh_token: undefined } }
    advance(60_000)
    await ask()
  })
})
