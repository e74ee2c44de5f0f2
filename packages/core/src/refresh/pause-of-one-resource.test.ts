import { describe, expect, it } from 'vitest'
import { countOf, createClientBench, type ClientBench } from '../client/client.fixture.js'
import { issuer, redirectUri } from '../protocol/test-server.fixture.js'
import { createOAuthRegistry } from '../registry.js'
import { memory } from '../storage/memory.js'

const bad = 'https://bad.example/'

/** A server whose token endpoint fails for one resource, and serves all else. */
async function bench(response: () => Response): Promise<ClientBench> {
  const made = await createClientBench({
    storage: memory(),
    resources: ['https://api.example/', { url: bad, resource: bad }],
  })
  await made.client.login()
  made.server.faults = {
    respond: async (request) => (await isForBad(request)) ?? (isForApi(request) ? new Response('ok') : undefined),
  }
  const isForApi = ({ url }: Request): boolean => url.startsWith('https://api.')
  const isForBad = async (request: Request): Promise<Response | undefined> =>
    request.url.endsWith('/token') && new URLSearchParams(await request.clone().text()).get('resource') === bad
      ? response()
      : undefined
  return made
}

describe('token requests that fail for one resource only (invariant 3)', () => {
  it.each([
    ['500', () => new Response(null, { status: 500 })],
    ['503 with Retry-After', () => new Response(null, { status: 503, headers: { 'retry-after': '3600' } })],
  ])('leave calls for others alone: %s', async (_name, response) => {
    const { client, server, advance } = await bench(response)
    const before = countOf(server, 'POST /token')
    for (let second = 0; second < 600; second += 5) {
      await expect(client.fetch(bad)).rejects.toMatchObject({ code: 'server_error' })
      await expect(client.fetch(bad)).rejects.toMatchObject({ code: 'server_error' })
      expect((await client.fetch('https://api.example/')).ok).toBe(true)
      advance(5000)
    }
    expect(await client.getAccessToken({ scope: 'other' })).toBe('access-token-1')
    await client.refresh()
    // Its own pause holds.
    expect(countOf(server, 'POST /token') - before).toBeLessThan(30)
    await client.close()
  })

  it('pause all requests if the server limits the rate of the client', async () => {
    const { client, server } = await bench(() => new Response(null, { status: 429, headers: { 'retry-after': '60' } }))
    await expect(client.fetch(bad)).rejects.toMatchObject({ code: 'rate_limited' })
    await expect(client.fetch(bad)).rejects.toMatchObject({ code: 'rate_limited' })
    const before = countOf(server, 'POST /token')
    await expect(client.getAccessToken({ scope: 'other' })).rejects.toMatchObject({ code: 'rate_limited', retryAfterSeconds: 60 })
    await expect(client.refresh()).rejects.toMatchObject({ code: 'rate_limited' })
    expect(countOf(server, 'POST /token')).toBe(before)
    await client.close()
  })

  it('leave those of a stored token alone as well', async () => {
    const { client, server } = await bench(() => new Response(null, { status: 500 }))
    const stored = { access_token: 'stored', token_type: 'Bearer', refresh_token: 'refresh-1', expires_at: 1 }
    const { options } = client
    const registry = createOAuthRegistry(
      { a: { issuer, clientId: 'client-1', redirectUri, fetch: server.fetch, storage: memory(), resources: options.resources } },
      { fetchToken: () => stored },
    )
    for (let i = 0; i < 4; i += 1)
      await expect(registry.a.getAccessToken({ resource: bad })).rejects.toMatchObject({ code: 'server_error' })
    server.faults = { ...server.faults, token: { id_token: undefined } }
    expect(await registry.a.getAccessToken({ scope: 'other' })).toBe('access-token-1')
    expect(await registry.a.getAccessToken()).toBe('access-token-1')
    await registry.close()
    await client.close()
  })
})

describe('an outage of half a minute (invariant 3)', () => {
  async function outage(): Promise<ClientBench> {
    const made = await createClientBench({ storage: memory() })
    await made.client.login()
    made.advance(400_000)
    made.server.faults = { respond: ({ url }) => (url.endsWith('/token') ? new Response(null, { status: 503 }) : undefined) }
    for (let second = 0; second < 30; second += 1) {
      await expect(made.client.getAccessToken()).rejects.toMatchObject({ code: 'server_error' })
      made.advance(1000)
    }
    return made
  }

  it('is over for calls a few seconds after the server has recovered', async () => {
    const { client, server, advance } = await outage()
    server.faults = {}
    let seconds = 0
    while (!(await client.getAccessToken().catch(() => ''))) {
      seconds += 1
      advance(1000)
    }
    expect(seconds).toBeLessThanOrEqual(8)
    await client.close()
  })

  it('is over for the user who tries again at once', async () => {
    const { client, server } = await outage()
    for (let i = 0; i < 3; i += 1) await expect(client.refresh()).rejects.toMatchObject({ code: 'server_error' })
    server.faults = {}
    expect((await client.refresh()).accessToken).toBe('access-token-1')
    await client.close()
  })
})
