import { describe, expect, it } from 'vitest'
import { countOf, createClientBench, type ClientBench } from '../client/client.fixture.js'
import { OAuthClientError } from '../errors/errors.js'
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

/** The response to a refresh that rotates the token, sent in another form. */
const token = { access_token: 'access-3', token_type: 'Bearer', expires_in: 300, refresh_token: 'refresh-token-3' }
const form = new URLSearchParams({ ...token, expires_in: '300' })
const MALFORMED: ReadonlyArray<readonly [string, () => Response]> = [
  ['no token_type', () => Response.json({ ...token, token_type: undefined })],
  ['an unknown token_type', () => Response.json({ ...token, token_type: 'mac' })],
  ['no access token', () => Response.json({ ...token, access_token: undefined })],
  ['an access token that is no string', () => Response.json({ ...token, access_token: { value: 'access-3' } })],
  ['a list as scope', () => Response.json({ ...token, scope: ['openid', 'profile'] })],
  ['a number as ID token', () => Response.json({ ...token, id_token: 7 })],
  ['text/plain', () => new Response(JSON.stringify(token), { headers: { 'content-type': 'text/plain' } })],
  ['text/html', () => new Response(JSON.stringify(token), { headers: { 'content-type': 'text/html' } })],
  ['no media type', () => new Response(new TextEncoder().encode(JSON.stringify(token)))],
  ['a form-encoded body', () => new Response(form)],
  ['an ID token that is not a JWT', () => Response.json({ ...token, id_token: 'not-a-jwt' })],
]

describe('a refresh response that breaks the specification (invariant 3)', () => {
  it.each(MALFORMED)('does not lose the rotated refresh token: %s', async (_name, respond) => {
    const { client, server } = await signedIn()
    const log = rotate(server, (body) => (body.get('refresh_token') === 'refresh-token-2' ? respond() : undefined))
    await expect(client.refresh()).rejects.toBeInstanceOf(OAuthClientError)
    expect(client.getSnapshot().status).toBe('signed-in')
    await expect(client.refresh()).rejects.toMatchObject({ code: 'token_invalid' })
    expect(log.map((body) => body['refresh_token'])).toEqual(['refresh-token-2', 'refresh-token-3'])
    await client.close()
  })

  it.each(MALFORMED)('does not lose it for the token of one resource either: %s', async (_name, respond) => {
    const { client, server } = await signedIn()
    const log = rotate(server, (body) => (body.get('refresh_token') === 'refresh-token-2' ? respond() : undefined))
    await expect(client.getAccessToken({ resource: 'https://api.example/' })).rejects.toBeInstanceOf(OAuthClientError)
    await expect(client.refresh()).rejects.toMatchObject({ code: 'token_invalid' })
    expect(log.map((body) => body['refresh_token'])).toEqual(['refresh-token-2', 'refresh-token-3'])
    await client.close()
  })

  it.each([
    ['JSON', () => Response.json(token)],
    ['a form', () => new Response(form)],
  ])('does not lose it where the compliance hook throws: %s', async (_name, respond) => {
    let failures = 1
    const refreshTokenResponse = (response: Response): Response => {
      if (failures-- > 0) throw new Error('a member that the hook expects is missing')
      return response
    }
    const { client, server } = await signedIn({ compliance: { refreshTokenResponse } })
    const log = rotate(server, (body) => (body.get('refresh_token') === 'refresh-token-2' ? respond() : undefined))
    await expect(client.refresh()).rejects.toMatchObject({ code: 'configuration' })
    await expect(client.refresh()).rejects.toMatchObject({ code: 'token_invalid' })
    expect(log.map((body) => body['refresh_token'])).toEqual(['refresh-token-2', 'refresh-token-3'])
    await client.close()
  })

  it.each(['<p>&refresh_token=refresh-token-9</p>', '{"error":"invalid_request","refresh_token":"refresh-token-9"}'])(
    'takes no refresh token out of what is no token response: %s',
    async (text) => {
      const { client, server } = await signedIn()
      const log = rotate(server, () =>
        log.length > 1 ? undefined : new Response(text, { status: text.startsWith('<') ? 502 : 400 }),
      )
      await expect(client.refresh()).rejects.toThrow()
      await client.refresh()
      expect(log.map((body) => body['refresh_token'])).toEqual(['refresh-token-2', 'refresh-token-2'])
      await client.close()
    },
  )
})

describe('a refresh whose ID token is refused', () => {
  it.each([
    ['another user', { claims: { sub: 'user-2' } }],
    ['another issuer', { claims: { iss: 'https://other.example' } }],
    ['expired', { claims: { exp: 1 } }],
    ['signed with an unknown key', { mangleIdToken: (jwt: string) => `${jwt.slice(0, -8)}AAAAAAAA` }],
  ])('does not send the spent refresh token again: %s', async (_name, faults) => {
    const { client, server } = await signedIn()
    server.faults = { ...faults, token: { refresh_token: 'refresh-token-3' } }
    await expect(client.refresh()).rejects.toMatchObject({ code: 'invalid_id_token' })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', claims: { sub: 'user-1' } })
    server.faults = { token: { refresh_token: 'refresh-token-4' } }
    await client.refresh()
    expect(server.bodies.map((body) => body.get('refresh_token'))).toEqual([null, 'refresh-token-2', 'refresh-token-3'])
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
