import { describe, expect, it } from 'vitest'
import { countOf, createClientBench, type ClientBench } from '../client/client.fixture.js'
import type { UserClaims } from '../protocol/claims.js'
import type { ClientOptions } from '../client/client-options.js'
import type { StandardSchema } from '../session/session-options.js'
import { rotate } from './rotating-server.fixture.js'

async function signedIn(options: Partial<ClientOptions> = {}): Promise<ClientBench> {
  const bench = await createClientBench(options)
  await bench.client.login()
  return bench
}

describe('a new refresh token is kept when something fails after the response (invariant 3)', () => {
  it('when onTokenSet fails once', async () => {
    //
    let failures = 1
    const { client, server } = await signedIn({
      onTokenSet: async (_tokenSet, reason) => {
        if (reason === 'refresh' && failures-- > 0) throw new Error('the copy could not be written')
      },
    })
    const log = rotate(server)
    await expect(client.refresh()).rejects.toThrow()
    expect(client.getSnapshot().status).toBe('signed-in')
    await client.refresh()
    expect(log.map((body) => body['refresh_token'])).toEqual(['refresh-token-2', 'refresh-token-3'])
    await client.close()
  })

  it('when the server’s keys cannot be fetched', async () => {
    //
    const { client, server, advance } = await signedIn()
    await server.rotateKey('key-2')
    advance(120_000)
    server.faults = {
      token: { refresh_token: 'refresh-token-3' },
      respond: ({ url }) => (url.endsWith('/jwks') ? new Response(null, { status: 503 }) : undefined),
    }
    await expect(client.refresh()).rejects.toMatchObject({ code: 'server_error', retryable: true })
    server.faults = { token: { refresh_token: 'refresh-token-4' } }
    await client.refresh()
    expect(server.bodies.at(-1)?.get('refresh_token')).toBe('refresh-token-3')
    await client.close()
  })

  it('when the claims schema refuses the new claims', async () => {
    //
    const schema: StandardSchema<UserClaims> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) =>
          (value as UserClaims)['role'] === 'gone' ? { issues: [{ message: 'role' }] } : { value: value as UserClaims },
      },
    }
    const { client, server } = await signedIn({ claims: schema })
    server.faults = { token: { refresh_token: 'refresh-token-3' }, claims: { role: 'gone' } }
    await expect(client.refresh()).rejects.toMatchObject({ code: 'invalid_claims' })
    server.faults = {}
    await client.refresh()
    expect(server.bodies.at(-1)?.get('refresh_token')).toBe('refresh-token-3')
    await client.close()
  })
})

describe('Retry-After (invariant 3)', () => {
  const busy = ({ url }: Request): Response | undefined =>
    url.endsWith('/token') ? new Response(null, { status: 429, headers: { 'retry-after': '120' } }) : undefined

  it('leaves the server alone: an app that keeps asking gets one request through', async () => {
    const { client, server, advance } = await signedIn()
    advance(250_000)
    server.faults = { respond: busy }
    const before = countOf(server, 'POST /token')
    for (let i = 0; i < 5; i += 1) {
      await expect(client.getAccessToken()).rejects.toMatchObject({
        code: 'rate_limited',
        retryable: true,
        retryAfterSeconds: 120,
      })
    }
    expect(countOf(server, 'POST /token') - before).toBe(2)
    server.faults = {}
    advance(121_000)
    expect(await client.getAccessToken()).toBe('access-token-1')
    await client.close()
  })

  it('holds no longer than the server’s trouble: the app’s next call may find it well again', async () => {
    const { client, server, advance } = await signedIn()
    advance(250_000)
    server.faults = { respond: busy }
    await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'rate_limited' })
    server.faults = {}
    expect(await client.getAccessToken()).toBe('access-token-1')
    advance(250_000)
    expect(await client.getAccessToken()).toBe('access-token-1')
    await client.close()
  })
})

describe('refusals of one token that arrive late (invariant 2)', () => {
  it('renew it once', async () => {
    const { client, server } = await signedIn()
    const log = rotate(server)
    const { respond } = server.faults
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    server.faults = {
      respond: async (request) => {
        if (!request.url.startsWith('https://api.example/')) return respond?.(request)
        if (request.headers.get('authorization') !== 'Bearer access-token-1') return Response.json({})
        if (request.url.endsWith('late')) await held
        return new Response(null, { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })
      },
    }
    const late = client.fetch('https://api.example/late')
    expect((await client.fetch('https://api.example/early')).status).toBe(200)
    release()
    expect((await late).status).toBe(200)
    expect(log).toHaveLength(1)
    await client.close()
  })
})
