import { SignJWT, exportJWK, generateKeyPair, decodeJwt, type CryptoKey, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../../server/authorization-server.js'
import {
  asPage,
  authorizePath,
  json,
  locationOf,
  redeem,
  signIn,
  testBrowser,
  tokenRequest,
} from '../../server/test-browser.fixture.js'
import { ALICE, CONFIDENTIAL, ISSUER, SPA, testServer } from '../../server/test-server.fixture.js'
import { authorizationCode } from './authorization-code.js'
import { clientCredentials } from './client-credentials.js'
import { device, type DeviceOptions } from '../../features/device/device.js'
import type { Grant } from './grant.js'
import { hybrid } from './hybrid.js'
import { implicit } from './implicit.js'
import type { AuthorizationServerOptions } from '../../options/server-options.js'
import type { SiteAdapter } from '../../site/site-adapter.js'
import { userSite } from '../../site/user-site.js'
import { jwtBearer } from './jwt-bearer.js'
import { password } from './password.js'
import { refreshToken } from './refresh-token.js'
import { tokenExchange } from './token-exchange.js'

const WEB = { client_id: 'web', client_secret: CONFIDENTIAL.clientSecret ?? '' }
const ask = async (server: AuthorizationServer, body: Readonly<Record<string, string>>): Promise<Record<string, string>> =>
  json(await server.fetch(tokenRequest(body)))
const fragmentOf = (location: URL): URLSearchParams => new URLSearchParams(location.hash.slice(1))

describe('implicit()', () => {
  it('responds in the fragment, without a refresh token, with the scope only if it differs', async () => {
    // covers C-030, C-042
    const { server } = await testServer({ grants: [implicit({ expiresIn: 120 }), refreshToken()] })
    const fragment = fragmentOf(await signIn(testBrowser(server), { response_type: 'token', scope: 'openid email fly' }))
    expect(Object.fromEntries(fragment)).toMatchObject({
      token_type: 'Bearer',
      expires_in: '120',
      scope: 'openid email',
      iss: ISSUER,
      state: 'st&te=1',
    })
    expect(fragment.has('refresh_token')).toBe(false)
    const same = fragmentOf(await signIn(testBrowser(server), { response_type: 'token', scope: 'openid' }))
    expect(same.has('scope')).toBe(false)
  })

  it('issues an ID token alone or with an access token, with at_hash and nonce', async () => {
    const { server } = await testServer({ grants: [implicit()] })
    const both = fragmentOf(await signIn(testBrowser(server), { response_type: 'token id_token' }))
    expect(decodeJwt(both.get('id_token') ?? '')).toMatchObject({ nonce: 'n-0S6', at_hash: expect.any(String) })
    const alone = fragmentOf(await signIn(testBrowser(server), { response_type: 'id_token' }))
    expect(decodeJwt(alone.get('id_token') ?? '')).not.toHaveProperty('at_hash')
    expect(alone.has('access_token')).toBe(false)
  })

  it('never responds in a query', async () => {
    const { server } = await testServer({ grants: [implicit()] })
    const location = locationOf(await testBrowser(server).get(authorizePath({ response_type: 'token', response_mode: 'query' })))
    expect(location.search).toBe('')
    expect(fragmentOf(location).get('error')).toBe('invalid_request')
  })
})

describe('hybrid()', () => {
  it('issues a code with tokens that have c_hash, at_hash and s_hash', async () => {
    const { server } = await testServer({ grants: [authorizationCode(), hybrid()] })
    const fragment = fragmentOf(await signIn(testBrowser(server), { response_type: 'code id_token token' }))
    expect(decodeJwt(fragment.get('id_token') ?? '')).toMatchObject({
      c_hash: expect.any(String),
      at_hash: expect.any(String),
      s_hash: expect.any(String),
    })
    expect((await redeem(server, fragment.get('code') ?? '')).status).toBe(200)
  })

  it('revokes the front-channel access token too when the code is replayed', async () => {
    // covers C-028
    const { server } = await testServer({ grants: [hybrid()] })
    const fragment = fragmentOf(await signIn(testBrowser(server), { response_type: 'code token' }))
    const request = new Request(ISSUER, { headers: { authorization: `Bearer ${fragment.get('access_token')}` } })
    expect((await server.verifyRequest(request)).ok).toBe(true)
    await redeem(server, fragment.get('code') ?? '')
    await redeem(server, fragment.get('code') ?? '')
    expect((await server.verifyRequest(request)).ok).toBe(false)
  })
})

describe('password()', () => {
  const body = { grant_type: 'password', username: 'alice', password: 'wonderland', scope: 'openid email', ...WEB }

  it('is off unless it is added, and then accepts a user of the site', async () => {
    // covers C-032, C-034
    expect((await ask((await testServer()).server, body))['error']).toBe('unsupported_grant_type')
    const { server } = await testServer({ grants: [password(), refreshToken()] })
    expect(await ask(server, body)).toMatchObject({
      scope: 'openid email',
      refresh_token: expect.any(String),
      id_token: expect.any(String),
    })
  })

  it('refuses a wrong password with invalid_grant, and a missing one with invalid_request', async () => {
    // covers C-033
    const { server } = await testServer({ grants: [password()] })
    const response = await server.fetch(tokenRequest({ ...body, password: 'wrong' }))
    expect(response.status).toBe(400)
    expect((await json(response))['error']).toBe('invalid_grant')
    expect((await ask(server, { ...body, username: '' }))['error']).toBe('invalid_request')
  })

  it('refuses clients that cannot authenticate, unless that is allowed', async () => {
    const asSpa = { ...body, client_id: 'spa', client_secret: '' }
    expect((await ask((await testServer({ grants: [password()] })).server, asSpa))['error']).toBe('unauthorized_client')
    const open = await testServer({ grants: [password({ allowPublicClients: true })] })
    expect(await ask(open.server, asSpa)).toHaveProperty('access_token')
  })
})

describe('clientCredentials()', () => {
  it('issues a token for the client: no user, no refresh token, no ID token', async () => {
    // covers C-040
    const { server } = await testServer({ grants: [clientCredentials({ scopes: ['read', 'openid'] }), refreshToken()] })
    const tokens = await ask(server, { grant_type: 'client_credentials', scope: 'read openid', ...WEB })
    expect(Object.keys(tokens).toSorted()).toEqual(['access_token', 'expires_in', 'scope', 'token_type'])
  })

  it('refuses public clients, and clients that have not registered it', async () => {
    // covers C-054, C-084
    const clients = [SPA, { ...CONFIDENTIAL, grantTypes: ['authorization_code'] }]
    const { server } = await testServer({ clients, grants: [clientCredentials()] })
    const body = { grant_type: 'client_credentials', scope: 'email' }
    expect((await ask(server, { ...body, client_id: 'spa' }))['error']).toBe('unauthorized_client')
    expect((await ask(server, { ...body, ...WEB }))['error']).toBe('unauthorized_client')
  })
})

describe('a custom grant', () => {
  it('handles its grant type, in the order in which it was added', async () => {
    // covers C-003, C-043
    const own = (expiresIn: number): Grant => ({
      grantType: 'urn:example:badge',
      expiresIn,
      handle: ({ client, grant }) =>
        Promise.resolve({
          client,
          grantType: 'urn:example:badge',
          scope: ['door'],
          requestedScope: undefined,
          userId: 'alice',
          data: { badge: 7 },
          families: ['f'],
          expiresIn: grant.expiresIn,
          withRefreshToken: false,
        }),
    })
    const reversed = await testServer({ grants: [own(22), own(11)] })
    expect(await ask(reversed.server, { grant_type: 'urn:example:badge', ...WEB })).toMatchObject({ expires_in: 22 })
    const { server } = await testServer({ grants: [own(11), own(22)] })
    const tokens = await ask(server, { grant_type: 'urn:example:badge', ...WEB })
    expect(tokens).toMatchObject({ expires_in: 11, scope: 'door' })
    const request = new Request(ISSUER, { headers: { authorization: `Bearer ${tokens['access_token']}` } })
    expect(await server.verifyRequest(request)).toMatchObject({ token: { data: { badge: 7 }, grantType: 'urn:example:badge' } })
  })
})

describe('jwtBearer()', () => {
  const setUp = async (): Promise<{ server: AuthorizationServer; key: CryptoKey; jwk: JWK; now: number }> => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256' }
    const issuer = {
      issuer: 'https://robots.example',
      jwks: { keys: [jwk] },
      userId: ({ sub }: { sub?: string }) => (sub === 'r2' ? 'alice' : undefined),
    }
    const { server, clock } = await testServer({ grants: [jwtBearer({ trustedIssuers: [issuer] }), refreshToken()] })
    return { server, key: privateKey, jwk, now: clock.now() / 1000 }
  }
  const assert = (now: number, claims: Record<string, unknown> = {}, alg = 'ES256'): SignJWT =>
    new SignJWT({ iss: 'https://robots.example', sub: 'r2', aud: ISSUER, exp: now + 60, ...claims }).setProtectedHeader({ alg })
  const body = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', scope: 'email' }

  it('accepts an assertion of a trusted issuer, without a client and with one', async () => {
    const { server, key, now } = await setUp()
    const tokens = await ask(server, { ...body, assertion: await assert(now).sign(key) })
    expect(tokens).not.toHaveProperty('refresh_token')
    const request = new Request(ISSUER, { headers: { authorization: `Bearer ${tokens['access_token']}` } })
    expect(await server.verifyRequest(request)).toMatchObject({ token: { userId: 'alice', clientId: 'https://robots.example' } })
    expect(await ask(server, { ...body, ...WEB, assertion: await assert(now).sign(key) })).toHaveProperty('access_token')
  })

  it.each([[[ISSUER, 'https://other.example']], [['https://other.example', `${ISSUER}/token`]]])(
    'refuses an assertion that is for another server too: %j',
    async (aud) => {
      const { server, key, now } = await setUp()
      expect(await ask(server, { ...body, assertion: await assert(now, { aud: [ISSUER] }).sign(key) })).toHaveProperty(
        'access_token',
      )
      expect(await ask(server, { ...body, assertion: await assert(now, { aud }).sign(key) })).toMatchObject({
        error: 'invalid_grant',
      })
    },
  )

  const withScope = async (
    assertionScope: unknown,
    requested?: string,
    options: Partial<AuthorizationServerOptions> = {},
  ): Promise<Record<string, string>> => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const issuer = { issuer: 'https://robots.example', jwks: { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] } }
    const { server, clock } = await testServer({ grants: [jwtBearer({ trustedIssuers: [issuer] })], ...options })
    const claims = { sub: 'alice', ...(assertionScope !== undefined && { scope: assertionScope }) }
    const assertion = await assert(clock.now() / 1000, claims).sign(privateKey)
    return ask(server, { grant_type: body.grant_type, assertion, ...(requested !== undefined && { scope: requested }) })
  }

  it('grants the scope of the assertion, and no more than it if the request has one too', async () => {
    expect(await withScope('email profile')).toMatchObject({ scope: 'email profile' })
    expect(await withScope(['email', 'profile'])).toMatchObject({ scope: 'email profile' })
    expect(await withScope('email profile', 'email')).toMatchObject({ scope: 'email' })
    expect(await withScope('email', 'email profile')).toMatchObject({ scope: 'email' })
    expect(await withScope('email', 'profile')).toMatchObject({ error: 'invalid_scope' })
    expect(await withScope(undefined, 'email')).toMatchObject({ scope: 'email' })
    expect(await withScope({ email: true })).toMatchObject({ error: 'invalid_grant' })
  })

  it('asks the site whether the subject is one of its users', async () => {
    const refused = { error: 'invalid_grant' }
    expect(await withScope('email', undefined, { site: userSite({ users: [{ sub: 'bob' }] }) })).toMatchObject(refused)
    const asked: unknown[] = []
    const site: SiteAdapter = {
      ...userSite({ users: [] }),
      isActive: (userId, { client, scope }) => {
        asked.push([userId, client.clientId, scope])
        return false
      },
    }
    expect(await withScope('email', undefined, { site })).toMatchObject(refused)
    expect(asked).toEqual([['alice', 'https://robots.example', ['email']]])
  })

  it('refuses assertions that are expired, for others, of unknown issuers or users, or valid for too long', async () => {
    //
    const { server, key, now } = await setUp()
    for (const claims of [
      { exp: now - 60 },
      { aud: 'https://other.example' },
      { iss: 'https://evil.test' },
      { sub: 'c3' },
      { exp: now + 86_400 },
      { exp: undefined },
      { iat: now + 600 },
    ]) {
      const response = await ask(server, { ...body, assertion: await assert(now, claims).sign(key) })
      expect(response['error'], JSON.stringify(claims)).toBe('invalid_grant')
    }
    expect((await ask(server, body))['error']).toBe('invalid_request')
  })

  it('refuses algorithm confusion: none, and the public key as an HMAC secret', async () => {
    const { server, jwk, now } = await setUp()
    const none = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ iss: 'https://robots.example', sub: 'r2', aud: ISSUER, exp: now + 60 }))}.`
    const hmac = await assert(now, {}, 'HS256').sign(new TextEncoder().encode(JSON.stringify(jwk)))
    for (const assertion of [none, hmac]) expect((await ask(server, { ...body, assertion }))['error']).toBe('invalid_grant')
  })

  it('accepts a jti once', async () => {
    const { server, key, now } = await setUp()
    const assertion = await assert(now, { jti: 'one' }).sign(key)
    expect(await ask(server, { ...body, assertion })).toHaveProperty('access_token')
    expect((await ask(server, { ...body, assertion }))['error']).toBe('invalid_grant')
  })
})

describe('tokenExchange()', () => {
  const TYPE = 'urn:ietf:params:oauth:token-type:access_token'
  const body = { grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', subject_token_type: TYPE, ...WEB }
  const setUp = async () => {
    const web = { ...CONFIDENTIAL, servedResources: ['https://api.example/'] }
    const { server, clock } = await testServer({ grants: [authorizationCode(), tokenExchange()], clients: [SPA, web] })
    const code = (await signIn(testBrowser(server), { resource: 'https://api.example/' })).searchParams.get('code') ?? ''
    const tokens = await json(await redeem(server, code))
    return { server, clock, token: tokens['access_token'] ?? '' }
  }

  it('issues less scope and no longer lifetime, for the same audience and user', async () => {
    const { server, clock, token } = await setUp()
    clock.advance(3000)
    const tokens = await ask(server, { ...body, subject_token: token, scope: 'email', resource: 'https://api.example/' })
    expect(tokens).toMatchObject({ issued_token_type: TYPE, scope: 'email', expires_in: 600 })
    const request = new Request(ISSUER, { headers: { authorization: `Bearer ${tokens['access_token']}` } })
    expect(await server.verifyRequest(request, { resource: 'https://api.example/' })).toMatchObject({
      ok: true,
      token: { userId: 'alice' },
    })
    expect((await server.verifyRequest(request, { resource: 'https://other.example/' })).ok).toBe(false)
  })

  it('refuses more scope, other token types, incomplete parameters, revoked tokens, and public clients', async () => {
    const { server, token } = await setUp()
    const errors = await Promise.all(
      [
        { subject_token: token, scope: 'phone' },
        { subject_token: token, requested_token_type: 'urn:x' },
        { subject_token: token, subject_token_type: 'urn:x' },
        { subject_token: 'dead' },
        {},
        { subject_token: token, client_id: 'spa', client_secret: '' },
      ].map(async (more) => (await ask(server, { ...body, ...more }))['error']),
    )
    expect(errors).toEqual([
      'invalid_scope',
      'invalid_request',
      'invalid_request',
      'invalid_request',
      'invalid_request',
      'unauthorized_client',
    ])
  })
})

describe('device()', () => {
  const start = async (options: DeviceOptions = {}, grants = [refreshToken()]) => {
    const { server, clock } = await testServer({ grants, features: [device(options)] })
    const request = new Request(`${ISSUER}/device_authorization`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'spa', scope: 'openid email' }),
    })
    const authorization = await json(await server.fetch(request))
    const poll = (more = {}): Promise<Record<string, string>> =>
      ask(server, {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        client_id: 'spa',
        device_code: authorization['device_code'] ?? '',
        ...more,
      })
    return { server, clock, authorization, poll }
  }
  const signInOnDevicePage = async (
    server: AuthorizationServer,
    userCode: string,
    decision: 'consent' | 'deny',
  ): Promise<string> => {
    const browser = testBrowser(server)
    const entry = await asPage(await browser.get('/oauth/device'), `${ISSUER}/device`)
    const moved = locationOf(await browser.submit(entry, { action: 'code', user_code: userCode }))
    const page = await asPage(await browser.get(moved.href), moved.href)
    const consent = await asPage(
      await browser.submit(page, { action: 'sign-in', username: ALICE.username, password: ALICE.password }),
      moved.href,
    )
    return (await browser.submit(consent, { action: decision })).text()
  }

  it('waits for the user, and issues tokens once', async () => {
    const { server, clock, authorization, poll } = await start()
    expect(authorization).toMatchObject({ verification_uri: `${ISSUER}/device`, interval: 5, expires_in: 600 })
    expect((await poll())['error']).toBe('authorization_pending')
    expect((await poll())['error']).toBe('slow_down')
    clock.advance(5)
    const typed = ` ${(authorization['user_code'] ?? '').toLowerCase().replace('-', ' ')} `
    expect(await signInOnDevicePage(server, typed, 'consent')).toContain('Your device is connected')
    const tokens = await poll()
    expect(tokens).toMatchObject({ scope: 'openid email', refresh_token: expect.any(String), id_token: expect.any(String) })
    expect((await poll())['error']).toBe('invalid_grant')
  })

  it('reports a denial, an expiry, and a code of another client', async () => {
    const refused = await start()
    expect(await signInOnDevicePage(refused.server, refused.authorization['user_code'] ?? '', 'deny')).toContain('Access denied')
    expect((await refused.poll())['error']).toBe('access_denied')
    const expired = await start({ codeLifetime: 60 })
    expect((await expired.poll(WEB))['error']).toBe('invalid_grant')
    expired.clock.advance(61)
    expect((await expired.poll())['error']).toBe('expired_token')
    expect((await expired.poll({ device_code: '' }))['error']).toBe('invalid_request')
  })

  it('always requests consent, even of a signed-in user, and refuses a wrong code', async () => {
    const { server, authorization } = await start({}, [authorizationCode()])
    const browser = testBrowser(server)
    await signIn(browser)
    expect(await (await browser.get(`/oauth/device?user_code=${authorization['user_code']}`)).text()).toContain('Allow access?')
    expect(await (await browser.get('/oauth/device?user_code=AAAA-AAAA')).text()).toContain('This code is unknown')
  })

  it('has no endpoints if the feature is not added', async () => {
    const { server } = await testServer()
    expect((await server.fetch(new Request(`${ISSUER}/device`))).status).toBe(404)
  })
})
