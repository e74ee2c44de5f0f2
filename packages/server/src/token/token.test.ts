import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { authorizationCode } from './grants/authorization-code.js'
import { clientCredentials } from './grants/client-credentials.js'
import { clientStore } from '../storage/client-store.js'
import { memoryStore } from '../storage/memory-store.js'
import { refreshToken } from './grants/refresh-token.js'
import { authorizePath, json, locationOf, redeem, signIn, testBrowser, tokenRequest } from '../server/test-browser.fixture.js'
import { CONFIDENTIAL, SPA, testServer } from '../server/test-server.fixture.js'

const newCode = async (server: AuthorizationServer, params = {}): Promise<string> =>
  (await signIn(testBrowser(server), params)).searchParams.get('code') ?? ''

describe('token endpoint: authorization code', () => {
  const REFUSALS: readonly (readonly [title: string, more: Readonly<Record<string, string>>, error: string])[] = [
    ['another redirect URI', { redirect_uri: 'https://app.example/other' }, 'invalid_grant'],
    ['no redirect URI though there was one', { redirect_uri: '' }, 'invalid_request'],
    ['no verifier', { code_verifier: '' }, 'invalid_grant'],
    ['another verifier', { code_verifier: 'x'.repeat(43) }, 'invalid_grant'],
    ['a verifier that is too short', { code_verifier: 'x' }, 'invalid_grant'],
    ['an unknown code', { code: 'unknown' }, 'invalid_grant'],
    ['no code', { code: '' }, 'invalid_request'],
    ['an unknown client', { client_id: 'unknown' }, 'invalid_client'],
    ['no grant type', { grant_type: '' }, 'invalid_request'],
    ['a grant type that is not there', { grant_type: 'password' }, 'unsupported_grant_type'],
  ]
  for (const [title, more, error] of REFUSALS) {
    it(`refuses ${title} with ${error}`, async () => {
      // covers C-006, C-022, C-023, C-024, C-025, C-029, C-079
      const { server } = await testServer()
      const response = await redeem(server, await newCode(server), more)
      expect(response.status).toBe(error === 'invalid_client' ? 401 : 400)
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(await json(response)).toMatchObject({ error, error_description: expect.any(String) })
    })
  }

  it('refuses a code that was issued to another client', async () => {
    // covers C-026
    const clients = [SPA, { ...SPA, clientId: 'other' }]
    const { server } = await testServer({ clients })
    const response = await redeem(server, await newCode(server), { client_id: 'other' })
    expect((await json(response))['error']).toBe('invalid_grant')
  })

  it('accepts a code within its lifetime, and refuses it afterwards', async () => {
    // covers C-017, C-027
    const { server, clock } = await testServer({ grants: [authorizationCode({ codeLifetime: 30 })] })
    const [early, late] = [await newCode(server), await newCode(server)]
    clock.advance(29)
    expect((await redeem(server, early)).status).toBe(200)
    clock.advance(1)
    expect((await json(await redeem(server, late)))['error']).toBe('invalid_grant')
    expect(() => authorizationCode({ codeLifetime: 601 })).toThrow(/codeLifetime/)
  })

  it('refuses a verifier for a request that had no challenge (RFC 9700, section 4.8.2)', async () => {
    const { server } = await testServer()
    const web = {
      client_id: 'web',
      redirect_uri: CONFIDENTIAL.redirectUris[0],
      code_challenge: undefined,
      code_challenge_method: undefined,
    }
    const more = {
      client_id: 'web',
      client_secret: CONFIDENTIAL.clientSecret ?? '',
      redirect_uri: CONFIDENTIAL.redirectUris[0] ?? '',
    }
    expect((await json(await redeem(server, await newCode(server, web), more)))['error']).toBe('invalid_grant')
    expect((await redeem(server, await newCode(server, web), { ...more, code_verifier: '' })).status).toBe(200)
  })

  it('issues tokens to one of many concurrent requests with one code', async () => {
    // covers C-028
    const { server } = await testServer()
    const code = await newCode(server)
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await redeem(server, code)).status))
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  })

  it('returns the granted scope if it is not the requested one', async () => {
    // covers C-048, C-050
    const { server } = await testServer()
    const tokens = await json(await redeem(server, await newCode(server, { scope: 'openid email fly' })))
    expect(tokens['scope']).toBe('openid email')
  })

  it('grants the default scope if none is requested, within what the client may have', async () => {
    // covers C-012, C-047
    const grants = [authorizationCode({ scopes: ['read', 'write', 'openid'], defaultScope: 'read' })]
    const { server } = await testServer({ grants, clients: [{ ...SPA, scope: 'read openid' }] })
    expect((await json(await redeem(server, await newCode(server, { scope: undefined }))))['scope']).toBe('read')
    expect((await json(await redeem(server, await newCode(server, { scope: 'write openid' }))))['scope']).toBe('openid')
  })

  it('ignores the parameter if no scope names exist, and calls the policy last', async () => {
    // covers C-044, C-049
    const without = await testServer({ scopes: [] })
    expect(await json(await redeem(without.server, await newCode(without.server, { scope: 'x' })))).not.toHaveProperty('scope')
    const policed = await testServer({ scopePolicy: (granted) => granted.filter((scope) => scope !== 'email') })
    expect((await json(await redeem(policed.server, await newCode(policed.server))))['scope']).toBe('openid profile')
  })

  it('gives access tokens the lifetime of the grant, without expiry only if configured', async () => {
    // covers C-035, C-039
    const short = await testServer({ grants: [authorizationCode({ expiresIn: 60 })] })
    expect(await json(await redeem(short.server, await newCode(short.server)))).toMatchObject({ expires_in: 60 })
    const endless = await testServer({ grants: [authorizationCode({ expiresIn: null })] })
    expect(await json(await redeem(endless.server, await newCode(endless.server)))).not.toHaveProperty('expires_in')
    expect(() => authorizationCode({ expiresIn: 0 })).toThrow(/expiresIn/)
  })

  it('returns the existing token if tokens are unique', async () => {
    // covers C-011
    const { server, clock } = await testServer({ uniqueTokens: true })
    const browser = testBrowser(server)
    const first = await json(await redeem(server, (await signIn(browser)).searchParams.get('code') ?? ''))
    const again = async (params = {}): Promise<Record<string, string>> =>
      json(await redeem(server, locationOf(await browser.get(authorizePath(params))).searchParams.get('code') ?? ''))
    clock.advance(600)
    const second = await again()
    expect(second['access_token']).toBe(first['access_token'])
    expect(second['expires_in']).toBe(3000)
    expect((await again({ scope: 'openid' }))['access_token']).not.toBe(first['access_token'])
    // Another sign-in has reached another "auth_time".
    expect((await json(await redeem(server, await newCode(server))))['access_token']).not.toBe(first['access_token'])
    clock.advance(3001)
    expect((await again())['access_token']).not.toBe(first['access_token'])
  })
})

describe('token endpoint: refresh token', () => {
  const grants = (options = {}) => [authorizationCode(), refreshToken(options)]
  const refresh = (
    server: AuthorizationServer,
    refresh_token = '',
    more: Readonly<Record<string, string>> = {},
  ): Promise<Response> => server.fetch(tokenRequest({ grant_type: 'refresh_token', client_id: 'spa', refresh_token, ...more }))
  const signedIn = async (server: AuthorizationServer, params = {}): Promise<Record<string, string>> =>
    json(await redeem(server, await newCode(server, params)))

  it('narrows the scope of one access token and not of the family; never widens it', async () => {
    // covers C-037
    const { server } = await testServer({ grants: grants({ rotate: false }) })
    const { refresh_token: token } = await signedIn(server)
    const narrow = await json(await refresh(server, token, { scope: 'openid' }))
    expect(narrow['scope']).toBe('openid')
    expect((await json(await refresh(server, token)))['scope']).toBe('openid profile email')
    expect((await json(await refresh(server, token, { scope: 'openid phone' })))['error']).toBe('invalid_scope')
  })

  it('keeps no scope that the record of the client has lost since', async () => {
    const clients = clientStore(memoryStore())
    await clients.saveClient({ ...SPA, scope: 'openid profile email' })
    const { server } = await testServer({ clients, grants: grants({ rotate: false }) })
    const { refresh_token: token } = await signedIn(server)
    await clients.saveClient({ ...SPA, scope: 'openid' })
    expect((await json(await refresh(server, token)))['scope']).toBe('openid')
    expect((await json(await refresh(server, token, { scope: 'email' })))['error']).toBe('invalid_scope')
    await clients.saveClient({ ...SPA, scope: 'phone' })
    expect((await json(await refresh(server, token)))['error']).toBe('invalid_scope')
  })

  it('refuses a missing, unknown or expired token, and another client’s', async () => {
    // covers C-034, C-036
    const clients = [SPA, { ...SPA, clientId: 'other' }]
    const { server, clock } = await testServer({ clients, grants: grants({ expiresIn: 100 }) })
    const { refresh_token: token } = await signedIn(server)
    expect((await json(await refresh(server)))['error']).toBe('invalid_request')
    expect((await json(await refresh(server, 'unknown')))['error']).toBe('invalid_grant')
    expect((await json(await refresh(server, token, { client_id: 'other' })))['error']).toBe('invalid_grant')
    clock.advance(101)
    expect((await json(await refresh(server, token)))['error']).toBe('invalid_grant')
  })

  it('refreshes the ID token for the same user, without a nonce', async () => {
    // covers C-037
    const { server } = await testServer()
    const first = await signedIn(server)
    const second = await json(await refresh(server, first['refresh_token']))
    const claims = (token = ''): Record<string, unknown> => JSON.parse(atob(token.split('.')[1] ?? '')) as Record<string, unknown>
    expect(claims(second['id_token'])).toMatchObject({ sub: 'alice', auth_time: claims(first['id_token'])['auth_time'] })
  })

  it('accepts a repetition after a lost response within the grace period of 10 s, and treats it as a replay afterwards', async () => {
    const events: string[] = []
    const { server, clock } = await testServer({
      grants: grants(),
      hooks: { onEvent: ({ type }) => void events.push(type) },
    })
    const { refresh_token: token } = await signedIn(server)
    expect((await refresh(server, token)).status).toBe(200)
    clock.advance(9)
    expect((await refresh(server, token)).status).toBe(200)
    clock.advance(1)
    expect((await json(await refresh(server, token)))['error']).toBe('invalid_grant')
    expect(events).toContain('refresh_token.repeated')
    expect(events).toContain('refresh_token.replayed')
  })

  it('lets one of many concurrent refreshes succeed without a grace period', async () => {
    const { server } = await testServer({ grants: grants({ grace: 0 }) })
    const { refresh_token: token } = await signedIn(server)
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await refresh(server, token)).status))
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  })

  it('can issue refresh tokens for offline_access only, and issues none to clients that may not refresh', async () => {
    const { server } = await testServer({ grants: grants({ issue: 'offline_access' }) })
    expect(await signedIn(server)).not.toHaveProperty('refresh_token')
    expect(await signedIn(server, { scope: 'openid offline_access' })).toHaveProperty('refresh_token')
    const other = await testServer({ clients: [{ ...SPA, grantTypes: ['authorization_code'] }] })
    expect(await signedIn(other.server)).not.toHaveProperty('refresh_token')
  })
})

describe('token endpoint: requests', () => {
  const send = async (body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Response> => {
    const { server } = await testServer()
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    return server.fetch(
      new Request('http://127.0.0.1:5173/oauth/token', {
        method: 'POST',
        body: body as BodyInit,
        headers: { ...type, ...headers },
      }),
    )
  }

  it('refuses other content types with 415', async () => {
    // covers C-090
    for (const type of ['application/json', 'multipart/form-data; boundary=x', 'text/plain']) {
      const response = await send('grant_type=x', { 'content-type': type })
      expect(response.status).toBe(415)
      expect((await json(response))['error']).toBe('invalid_request')
    }
    expect((await send('grant_type=x', { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' })).status).toBe(401)
  })

  it('refuses a body of ten megabytes without reading it to its end', async () => {
    const response = await send('a='.padEnd(10_000_000, 'x'))
    expect(response.status).toBe(413)
  })

  it('refuses bytes that are not UTF-8', async () => {
    expect((await send(new Uint8Array([0x61, 0x3d, 0xff, 0xfe]))).status).toBe(400)
  })

  it('refuses a repeated parameter', async () => {
    // covers C-086
    const response = await send('grant_type=authorization_code&grant_type=refresh_token&client_id=spa')
    expect((await json(response))['error']).toBe('invalid_request')
  })

  it('responds to other methods with 405 and to other paths with 404', async () => {
    // covers C-089
    const { server } = await testServer()
    const response = await server.fetch(new Request('http://127.0.0.1:5173/oauth/token'))
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toContain('POST')
    expect((await server.fetch(new Request('http://127.0.0.1:5173/oauth/nothing'))).status).toBe(404)
  })

  it('allows scripts of other origins, without cookies, and exposes the headers that they need', async () => {
    // covers C-041
    const { server } = await testServer()
    const preflight = await server.fetch(
      new Request('http://127.0.0.1:5173/oauth/token', {
        method: 'OPTIONS',
        headers: {
          origin: 'https://app.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'dpop',
        },
      }),
    )
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('dpop')
    const response = await send('')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
    for (const name of ['WWW-Authenticate', 'DPoP-Nonce', 'Date', 'Retry-After'])
      expect(response.headers.get('access-control-expose-headers')).toContain(name)
  })

  it('checks the rate limit first, and returns when to retry', async () => {
    const { server } = await testServer({
      grants: [clientCredentials()],
      hooks: { rateLimit: ({ endpoint }) => (endpoint === '/token' ? 7 : 0) },
    })
    const response = await server.fetch(tokenRequest({ grant_type: 'client_credentials' }))
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('7')
    expect((await server.fetch(new Request('http://127.0.0.1:5173/oauth/jwks'))).status).toBe(200)
  })
})
