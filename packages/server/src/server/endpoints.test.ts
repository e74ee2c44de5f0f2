import { rar } from '../features/rar/rar.js'
import { dpop as dpopFeature } from '../features/dpop/dpop.js'
import { par } from '../features/par/par.js'
import { registration, type RegistrationOptions } from '../features/registration/registration.js'
import {
  calculateJwkThumbprint,
  compactDecrypt,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  SignJWT,
  createLocalJWKSet,
  type JSONWebKeySet,
} from 'jose'
import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from './authorization-server.js'
import { digest } from '../storage/digest.js'
import { clientStore } from '../storage/client-store.js'
import { memoryStore } from '../storage/memory-store.js'
import { storesOver } from '../storage/stores.js'
import { jwtGenerator } from '../token/jwt-generator.js'
import { randomGenerator, uuidGenerator } from '../token/token-generator.js'
import {
  asPage,
  authorizePath,
  json,
  locationOf,
  redeem,
  signIn,
  testBrowser,
  tokenRequest,
  type TestBrowser,
} from './test-browser.fixture.js'
import { CONFIDENTIAL, ISSUER, SPA, testClock, testServer } from './test-server.fixture.js'

const WEB = { client_id: 'web', client_secret: CONFIDENTIAL.clientSecret ?? '' }
const post = (
  server: AuthorizationServer,
  path: string,
  body: Readonly<Record<string, string>>,
  headers = {},
): Promise<Response> =>
  server.fetch(new Request(`${ISSUER}${path}`, { method: 'POST', body: new URLSearchParams(body), headers }))
const tokensOf = async (
  server: AuthorizationServer,
  browser: TestBrowser = testBrowser(server),
  params = {},
): Promise<Record<string, string>> => json(await redeem(server, (await signIn(browser, params)).searchParams.get('code') ?? ''))
const guard = (server: AuthorizationServer, token = ''): Promise<{ ok: boolean }> =>
  server.verifyRequest(new Request(ISSUER, { headers: { authorization: `Bearer ${token}` } }))

describe('UserInfo endpoint', () => {
  it('challenges a request without a token, with a revoked one, or with too little scope (RFC 6750, section 3)', async () => {
    const { server, clock } = await testServer()
    const ask = (headers = {}): Promise<Response> => server.fetch(new Request(`${ISSUER}/userinfo`, { headers }))
    const none = await ask()
    expect(none.status).toBe(401)
    expect(none.headers.get('www-authenticate')).not.toContain('error=')
    const dead = await ask({ authorization: 'Bearer dead' })
    expect(dead.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect((await ask({ authorization: 'Bearer' })).status).toBe(400)
    const { access_token: plain } = await tokensOf(server, testBrowser(server), { scope: 'email' })
    const small = await ask({ authorization: `Bearer ${plain}` })
    expect(small.status).toBe(403)
    expect(small.headers.get('www-authenticate')).toContain('insufficient_scope')
    const { access_token: good } = await tokensOf(server)
    expect((await ask({ authorization: `bearer ${good}` })).status).toBe(200)
    expect((await server.fetch(new Request(`${ISSUER}/userinfo?access_token=${good}`))).status).toBe(401)
    expect((await post(server, '/userinfo', { access_token: good ?? '' })).status).toBe(200)
    clock.advance(3601)
    expect((await ask({ authorization: `Bearer ${good}` })).status).toBe(401)
  })

  it('returns what the claims parameter requests, and the claims of custom scope names', async () => {
    const { server } = await testServer({ scopes: ['openid', 'mail'], scopeClaims: { mail: ['email'] } })
    const claims = JSON.stringify({ userinfo: { name: null } })
    const { access_token: token } = await tokensOf(server, testBrowser(server), { scope: 'openid mail', claims })
    const response = await server.fetch(new Request(`${ISSUER}/userinfo`, { headers: { authorization: `Bearer ${token}` } }))
    expect(await response.json()).toEqual({ sub: 'alice', name: 'Alice Liddell', email: 'alice@example.com' })
  })

  it('signs the response for clients that registered it', async () => {
    const { server } = await testServer({ clients: [{ ...SPA, userinfoSignedResponseAlg: 'ES256' }] })
    const { access_token: token } = await tokensOf(server)
    const response = await server.fetch(new Request(`${ISSUER}/userinfo`, { headers: { authorization: `Bearer ${token}` } }))
    expect(response.headers.get('content-type')).toBe('application/jwt')
    const keys = (await (await server.fetch(new Request(`${ISSUER}/jwks`))).json()) as JSONWebKeySet
    const { payload } = await jwtVerify(await response.text(), createLocalJWKSet(keys), { issuer: ISSUER, audience: 'spa' })
    expect(payload.sub).toBe('alice')
  })
})

describe('revocation endpoint', () => {
  it('revokes one access token, or the whole grant of a refresh token (RFC 7009, section 2.1)', async () => {
    const { server } = await testServer()
    const first = await tokensOf(server)
    expect((await post(server, '/revoke', { client_id: 'spa', token: first['access_token'] ?? '' })).status).toBe(200)
    expect((await guard(server, first['access_token'])).ok).toBe(false)
    const renewed = await json(
      await server.fetch(
        tokenRequest({ grant_type: 'refresh_token', client_id: 'spa', refresh_token: first['refresh_token'] ?? '' }),
      ),
    )
    expect(renewed['access_token']).toBeTypeOf('string')
    await post(server, '/revoke', { client_id: 'spa', token: renewed['refresh_token'] ?? '', token_type_hint: 'access_token' })
    expect((await guard(server, renewed['access_token'])).ok).toBe(false)
  })

  it("refuses another client's token (RFC 7009, section 2.1), and responds to an unknown token as to a revoked one (section 2.2)", async () => {
    const { server } = await testServer()
    const { access_token: token, refresh_token: refresh } = await tokensOf(server)
    for (const foreign of [token, refresh]) {
      const refused = await post(server, '/revoke', { ...WEB, token: foreign ?? '' })
      expect([refused.status, (await json(refused))['error']]).toEqual([400, 'invalid_grant'])
    }
    expect((await guard(server, token)).ok).toBe(true)
    expect((await post(server, '/revoke', { client_id: 'spa', token: 'unknown' })).status).toBe(200)
    expect((await post(server, '/revoke', { client_id: 'spa' })).status).toBe(400)
    expect((await post(server, '/revoke', { client_id: 'web', token: 'x' })).status).toBe(401)
  })
})

describe('introspection endpoint', () => {
  it('describes valid tokens to resource servers, and reports all others as inactive', async () => {
    // covers C-059
    const { server, clock } = await testServer()
    const tokens = await tokensOf(server)
    const ask = async (token = '', client: Record<string, string> = WEB): Promise<Record<string, unknown>> =>
      json(await post(server, '/introspect', { ...client, token }))
    expect(await ask(tokens['access_token'])).toMatchObject({
      active: true,
      client_id: 'spa',
      sub: 'alice',
      scope: 'openid profile email',
      token_type: 'Bearer',
    })
    expect(await ask(tokens['refresh_token'])).toEqual({ active: false })
    expect(await ask(tokens['refresh_token'], { client_id: 'spa' })).toMatchObject({ active: true })
    expect(await ask('unknown')).toEqual({ active: false })
    expect((await post(server, '/introspect', { token: 'x' })).status).toBe(401)
    await server.fetch(
      tokenRequest({ grant_type: 'refresh_token', client_id: 'spa', refresh_token: tokens['refresh_token'] ?? '' }),
    )
    expect(await ask(tokens['refresh_token'], { client_id: 'spa' })).toEqual({ active: false })
    clock.advance(3601)
    expect(await ask(tokens['access_token'])).toEqual({ active: false })
  })

  it('does not let a public client inspect the tokens of another', async () => {
    // covers C-059
    const { server } = await testServer({ clients: [SPA, { ...SPA, clientId: 'other' }] })
    const { access_token: token } = await tokensOf(server)
    expect(await json(await post(server, '/introspect', { client_id: 'other', token: token ?? '' }))).toEqual({ active: false })
  })
})

describe('pushed authorization requests (RFC 9126)', () => {
  const params = Object.fromEntries(new URL(authorizePath(), ISSUER).searchParams)

  it('are checked when they are pushed, and valid once', async () => {
    const { server, clock } = await testServer()
    const pushed = await json(await post(server, '/par', params))
    expect(pushed).toMatchObject({ expires_in: 90, request_uri: expect.stringContaining('urn:ietf:params:oauth:request_uri:') })
    const path = `/oauth/authorize?${new URLSearchParams({ client_id: 'spa', request_uri: pushed['request_uri'] ?? '', scope: 'phone' }).toString()}`
    const browser = testBrowser(server)
    const page = await asPage(await browser.get(path))
    clock.advance(200)
    const callback = locationOf(await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' }))
    const tokens = await json(await redeem(server, callback.searchParams.get('code') ?? ''))
    expect(tokens['scope']).toBe('openid profile email')
    expect((await browser.get(path)).status).toBe(400)
  })

  it('are refused by the rules of the authorization endpoint, and for nested references', async () => {
    const { server } = await testServer()
    expect((await json(await post(server, '/par', { ...params, code_challenge: '' })))['error']).toBe('invalid_request')
    expect((await json(await post(server, '/par', { ...params, redirect_uri: 'https://evil.test/' })))['error']).toBe(
      'invalid_request',
    )
    expect((await json(await post(server, '/par', { ...params, request_uri: 'urn:x' })))['error']).toBe('invalid_request')
    expect((await post(server, '/par', { ...params, client_id: 'unknown' })).status).toBe(401)
  })

  it('are invalid for another client, and after their expiry', async () => {
    const { server, clock } = await testServer({ clients: [SPA, { ...SPA, clientId: 'other' }] })
    const { request_uri: uri = '' } = await json(await post(server, '/par', params))
    const get = (client_id: string): Promise<Response> =>
      testBrowser(server).get(`/oauth/authorize?${new URLSearchParams({ client_id, request_uri: uri }).toString()}`)
    expect((await get('other')).status).toBe(400)
    expect((await get('spa')).status).toBe(200)
    clock.advance(91)
    expect((await get('spa')).status).toBe(400)
  })

  it('can be required, of all clients or of one', async () => {
    for (const options of [
      { features: [par({ required: true })] },
      { clients: [{ ...SPA, requirePushedAuthorizationRequests: true }] },
    ]) {
      const { server } = await testServer(options)
      expect(locationOf(await testBrowser(server).get(authorizePath())).searchParams.get('error')).toBe('invalid_request')
    }
  })
})

describe('DPoP (RFC 9449)', () => {
  const setUp = async (options = {}) => {
    const { server, clock } = await testServer(options)
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const jwk = await exportJWK(publicKey)
    const proof = (claims: Record<string, unknown> = {}, header = {}): Promise<string> =>
      new SignJWT({ jti: crypto.randomUUID(), htm: 'POST', htu: `${ISSUER}/token`, iat: clock.now() / 1000, ...claims })
        .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk, ...header })
        .sign(privateKey)
    const redeemWith = async (dpop: string, params = {}): Promise<Response> => {
      const code = (await signIn(testBrowser(server), params)).searchParams.get('code') ?? ''
      const body = {
        grant_type: 'authorization_code',
        client_id: 'spa',
        redirect_uri: SPA.redirectUris[0] ?? '',
        code,
        code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
      }
      return server.fetch(tokenRequest(body, { dpop }))
    }
    return { server, clock, jwk, proof, redeemWith, privateKey }
  }

  it('binds tokens to the key: they are invalid as bearer tokens and with another key', async () => {
    const { server, proof, redeemWith } = await setUp()
    const tokens = await json(await redeemWith(await proof()))
    const token = tokens['access_token'] ?? ''
    expect(tokens['token_type']).toBe('DPoP')
    const use = async (scheme: string, dpop?: string): Promise<Response> =>
      server.fetch(
        new Request(`${ISSUER}/userinfo`, {
          headers: { authorization: `${scheme} ${token}`, ...(dpop === undefined ? {} : { dpop }) },
        }),
      )
    const claims = { htm: 'GET', htu: `${ISSUER}/userinfo`, ath: await digest(token) }
    expect((await use('DPoP', await proof(claims))).status).toBe(200)
    expect((await use('Bearer')).status).toBe(401)
    expect((await use('DPoP')).status).toBe(401)
    expect((await use('DPoP', await proof({ ...claims, ath: undefined }))).status).toBe(401)
    const stranger = await setUp()
    expect((await use('DPoP', await stranger.proof(claims))).status).toBe(401)
    const refresh = (dpop: string): Promise<Response> =>
      server.fetch(
        tokenRequest({ grant_type: 'refresh_token', client_id: 'spa', refresh_token: tokens['refresh_token'] ?? '' }, { dpop }),
      )
    expect((await refresh(await proof())).status).toBe(200)
  })

  it('refuses a proof that is for another request, old, used, symmetric, or contains a private key', async () => {
    const { proof, redeemWith, clock, jwk, privateKey } = await setUp()
    const used = await proof()
    expect((await redeemWith(used)).status).toBe(200)
    const bad = [
      used,
      await proof({ htm: 'GET' }),
      await proof({ htu: `${ISSUER}/userinfo` }),
      await proof({ htu: `${ISSUER}/token?x=1` }),
      await proof({ iat: clock.now() / 1000 - 120 }),
      await proof({ iat: clock.now() / 1000 + 120 }),
      await proof({ jti: undefined }),
      await proof({}, { typ: 'jwt' }),
      await proof({}, { jwk: { ...jwk, d: (await exportJWK(privateKey)).d } }),
      'not-a-jwt',
    ]
    for (const dpop of bad) expect((await json(await redeemWith(dpop)))['error']).toBe('invalid_dpop_proof')
  })

  it('can require a nonce, and sends one to use', async () => {
    const { proof, redeemWith, clock } = await setUp({ features: [dpopFeature({ requireNonce: true })] })
    const refusal = await redeemWith(await proof())
    expect((await json(refusal))['error']).toBe('use_dpop_nonce')
    const nonce = refusal.headers.get('dpop-nonce')
    expect((await redeemWith(await proof({ nonce }))).status).toBe(200)
    clock.advance(301)
    expect((await json(await redeemWith(await proof({ nonce }))))['error']).toBe('use_dpop_nonce')
  })

  it('binds the code to the key of "dpop_jkt", and requires DPoP of clients that registered it', async () => {
    const { proof, redeemWith, jwk } = await setUp()
    const dpop_jkt = await calculateJwkThumbprint(jwk)
    expect((await redeemWith(await proof(), { dpop_jkt })).status).toBe(200)
    const stranger = await setUp()
    expect((await json(await redeemWith(await stranger.proof(), { dpop_jkt })))['error']).toBe('invalid_grant')
    const strict = await testServer({ clients: [{ ...SPA, dpopBoundAccessTokens: true }] })
    const code = (await signIn(testBrowser(strict.server))).searchParams.get('code') ?? ''
    expect((await json(await redeem(strict.server, code)))['error']).toBe('invalid_dpop_proof')
  })
})

describe('dynamic client registration (RFC 7591, RFC 7592)', () => {
  const metadata = {
    redirect_uris: ['https://new.example/cb'],
    client_name: 'New',
    token_endpoint_auth_method: 'client_secret_post',
  }
  const send = (
    server: AuthorizationServer,
    body: unknown,
    init: { url?: string; method?: string; token?: string } = {},
  ): Promise<Response> =>
    server.fetch(
      new Request(init.url ?? `${ISSUER}/register`, {
        method: init.method ?? 'POST',
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        headers: {
          'content-type': 'application/json',
          ...(init.token === undefined ? {} : { authorization: `Bearer ${init.token}` }),
        },
      }),
    )
  const open = (options: RegistrationOptions = {}) =>
    testServer({ clients: clientStore(memoryStore()), features: [registration(options), rar({ types: {} })] })

  it('registers, reads, replaces and deletes a client, keeping the secret as a digest', async () => {
    const clients = clientStore(memoryStore())
    const { server } = await testServer({ clients, features: [registration()] })
    const created = await send(server, metadata)
    expect(created.status).toBe(201)
    const client = await json(created)
    expect((await clients.findClient(client['client_id'] ?? ''))?.clientSecret).toMatch(/^sha256:/)
    const body = { client_id: client['client_id'] ?? '', client_secret: client['client_secret'] ?? '', token: 'x' }
    expect((await post(server, '/revoke', body)).status).toBe(200)
    const own = { url: client['registration_client_uri'] ?? '', token: client['registration_access_token'] ?? '' }
    expect(await json(await send(server, undefined, { ...own, method: 'GET' }))).toMatchObject({ client_name: 'New' })
    const changed = { ...metadata, client_id: body.client_id, client_name: 'Newer' }
    expect(await json(await send(server, changed, { ...own, method: 'PUT' }))).toMatchObject({
      client_name: 'Newer',
    })
    expect((await post(server, '/revoke', body)).status).toBe(200)
    expect((await send(server, undefined, { ...own, token: 'wrong', method: 'GET' })).status).toBe(401)
    expect((await send(server, undefined, { ...own, method: 'DELETE' })).status).toBe(204)
    expect((await send(server, undefined, { ...own, method: 'GET' })).status).toBe(401)
  })

  it('refuses unsafe metadata', async () => {
    const { server } = await open()
    for (const uri of [
      'javascript:alert(1)',
      'data:text/html,x',
      'http://app.example/cb',
      'https://app.example/cb#x',
      'https://u:p@app.example/',
      'my.app:/cb',
      'nonsense',
    ])
      expect((await json(await send(server, { ...metadata, redirect_uris: [uri] })))['error'], uri).toBe('invalid_redirect_uri')

    expect((await json(await send(server, { ...metadata, redirect_uris: [] })))['error']).toBe('invalid_redirect_uri')
    const jwk = await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey)
    const { d: _private, ...publicKey } = jwk
    const publicKeys = { keys: [publicKey] }
    for (const more of [
      { grant_types: ['fly'] },
      { response_types: ['token'] },
      { token_endpoint_auth_method: 'magic' },
      { redirect_uris: 'x' },
      { token_endpoint_auth_method: 'private_key_jwt' },
      { jwks: { keys: [jwk] } },
      { id_token_signed_response_alg: 'none' },
      { backchannel_logout_uri: 'file:///x' },
      { jwks: publicKeys, request_object_signing_alg: 'none' },
      { request_object_signing_alg: 'ES256' },
      { request_object_signing_alg: 'HS256' },
      { require_signed_request_object: true },
      { jwks: publicKeys, require_signed_request_object: 'false' },
      { request_uris: 'https://new.example/r' },
      { request_uris: ['http://new.example/r'] },
      { request_uris: ['http://169.254.169.254/'] },
      { request_uris: ['https://new.example/r', 'file:///etc/passwd'] },
      { authorization_details_types: ['fly'] },
    ]) {
      expect((await json(await send(server, { ...metadata, ...more })))['error'], JSON.stringify(Object.keys(more))).toBe(
        'invalid_client_metadata',
      )
    }
    expect((await send(server, '{')).status).toBe(400)
    expect((await send(server, '[]')).status).toBe(400)
  })

  it('accepts and returns the metadata of signed requests and authorization details (RFC 9101, RFC 9396)', async () => {
    const { d: _private, ...key } = await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey)
    const clients = clientStore(memoryStore())
    const types = { payment_initiation: { check: () => undefined } }
    const { server } = await testServer({ clients, features: [registration(), rar({ types })] })
    const signing = {
      jwks: { keys: [key] },
      request_object_signing_alg: 'ES256',
      require_signed_request_object: true,
      request_uris: ['https://new.example/r', 'https://new.example/s#digest', 'http://127.0.0.1:8080/r'],
      authorization_details_types: ['payment_initiation'],
    }
    expect(await json(await send(server, { ...metadata, ...signing }))).toMatchObject(signing)
    const hmac = { token_endpoint_auth_method: 'client_secret_jwt', request_object_signing_alg: 'HS256' }
    expect((await send(server, { ...metadata, ...hmac })).status).toBe(201)
  })

  it('does not let a request point a public server at its own machine (RFC 9101, section 10.4)', async () => {
    const clients = clientStore(memoryStore())
    const { server } = await testServer({ issuer: 'https://id.example', clients, features: [registration()] })
    const register = (uri: string): Promise<Response> =>
      send(server, { ...metadata, request_uris: [uri] }, { url: 'https://id.example/register' })
    for (const uri of ['http://127.0.0.1/r', 'http://localhost:22/', 'https://[::1]/r', 'https://127.0.0.1/'])
      expect((await register(uri)).status, uri).toBe(400)
    expect((await register('https://app.example/r')).status).toBe(201)
  })

  it('is off by default, and may require a token', async () => {
    expect((await send((await testServer()).server, metadata)).status).toBe(404)
    const { server } = await open({ initialAccessToken: 'let me in' })
    expect((await send(server, metadata)).status).toBe(401)
    const other = await open({ initialAccessToken: 'let-me-in' })
    expect((await send(other.server, metadata, { token: 'let-me-in' })).status).toBe(201)
  })
})

describe('end session endpoint', () => {
  const endPath = (params: Record<string, string>): string => `/oauth/end-session?${new URLSearchParams(params).toString()}`
  const BYE = { post_logout_redirect_uri: 'https://app.example/bye', state: 's 1' }

  it('signs out without confirmation for a client with an ID token hint, and returns the state', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    const tokens = await tokensOf(server, browser)
    const response = await browser.get(endPath({ ...BYE, id_token_hint: tokens['id_token'] ?? '' }))
    expect(response.headers.get('location')).toBe('https://app.example/bye?state=s+1')
    expect((await browser.get(authorizePath())).status).toBe(200)
    expect((await guard(server, tokens['access_token'])).ok).toBe(false)
  })

  it('requires confirmation without such a hint, and with the hint of another session', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    await signIn(browser)
    const bob = await json(
      await redeem(
        server,
        (await signIn(testBrowser(server), {}, { username: 'bob', password: 'builder' })).searchParams.get('code') ?? '',
      ),
    )
    expect((await browser.get(endPath({ ...BYE, id_token_hint: bob['id_token'] ?? '' }))).status).toBe(200)
    const path = endPath({ ...BYE, client_id: 'spa' })
    const page = await asPage(await browser.get(path), new URL(path, ISSUER).href)
    expect(page.text).toContain('Sign out?')
    expect(locationOf(await browser.submit(page, { action: 'stay' })).href).toBe('https://app.example/bye?state=s+1')
    expect((await browser.get(authorizePath())).status).toBe(302)
    expect((await browser.submit(page, { action: 'sign-out', csrf: 'x' })).status).toBe(200)
    expect((await browser.get(authorizePath())).status).toBe(302)
    expect(locationOf(await browser.submit(page, { action: 'sign-out' })).pathname).toBe('/bye')
    expect((await browser.get(authorizePath())).status).toBe(200)
  })

  it('redirects only to a registered URI', async () => {
    // covers B-050
    const { server } = await testServer()
    for (const params of [
      { post_logout_redirect_uri: 'https://evil.test/', client_id: 'spa' },
      { post_logout_redirect_uri: 'https://app.example/bye' },
      { client_id: 'unknown' },
    ])
      expect((await testBrowser(server).get(endPath(params as Record<string, string>))).status).toBe(400)

    expect(await (await testBrowser(server).get('/oauth/end-session')).text()).toContain('You are signed out')
  })

  it('keeps tokens that were granted for offline use', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    const tokens = await tokensOf(server, browser, { scope: 'openid offline_access' })
    await browser.get(endPath({ id_token_hint: tokens['id_token'] ?? '' }))
    expect((await guard(server, tokens['access_token'])).ok).toBe(true)
  })

  it('notifies clients, by their server and by the browser', async () => {
    const notices: { url: string; token: string }[] = []
    const clients = [
      { ...SPA, backchannelLogoutUri: 'https://app.example/back', frontchannelLogoutUri: 'https://app.example/front?x=1' },
    ]
    const { server, clock } = await testServer({
      clients,
      fetch: async (input, init) => {
        const request = new Request(input, init)
        notices.push({ url: request.url, token: new URLSearchParams(await request.text()).get('logout_token') ?? '' })
        return new Response()
      },
    })
    const browser = testBrowser(server)
    const tokens = await tokensOf(server, browser)
    const response = await browser.get(endPath({ ...BYE, id_token_hint: tokens['id_token'] ?? '' }))
    expect(notices[0]?.url).toBe('https://app.example/back')
    const { payload, protectedHeader } = await jwtVerify(
      notices[0]?.token ?? '',
      createLocalJWKSet((await (await server.fetch(new Request(`${ISSUER}/jwks`))).json()) as JSONWebKeySet),
      { currentDate: new Date(clock.now()) },
    )
    expect(protectedHeader.typ).toBe('logout+jwt')
    const sid = decodeJwt(tokens['id_token'] ?? '')['sid']
    expect(payload).toMatchObject({
      iss: ISSUER,
      aud: 'spa',
      sub: 'alice',
      sid,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    })
    expect(payload).not.toHaveProperty('nonce')
    const text = await response.text()
    expect(text).toContain(`https://app.example/front?x=1&amp;iss=${encodeURIComponent(ISSUER)}&amp;sid=${String(sid)}`)
    expect(text).toContain('https://app.example/bye?state=s+1')
    expect(response.headers.get('content-security-policy')).toContain('frame-src https://app.example')
  })

  it('signs out even if a client does not accept its notice', async () => {
    const events: string[] = []
    const { server } = await testServer({
      clients: [{ ...SPA, backchannelLogoutUri: 'https://down.example/' }],
      fetch: () => Promise.reject(new TypeError('down')),
      hooks: { onEvent: ({ type }) => void events.push(type) },
    })
    const browser = testBrowser(server)
    const tokens = await tokensOf(server, browser)
    expect((await browser.get(endPath({ ...BYE, id_token_hint: tokens['id_token'] ?? '' }))).status).toBe(302)
    expect(events).toContain('logout_notice.failed')
  })
})

describe('signing keys', () => {
  it('sign with the algorithm that the client registered', async () => {
    for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA']) {
      const { server, clock } = await testServer({ clients: [{ ...SPA, idTokenSignedResponseAlg: alg }] })
      const { id_token: token = '' } = await tokensOf(server)
      const keys = (await (await server.fetch(new Request(`${ISSUER}/jwks`))).json()) as JSONWebKeySet
      const verified = await jwtVerify(token, createLocalJWKSet(keys), { algorithms: [alg], currentDate: new Date(clock.now()) })
      expect(verified.payload.sub).toBe('alice')
      expect(keys.keys.every((key) => !('d' in key))).toBe(true)
    }
  })

  it('rotate: published first, used later, removed when no longer needed', async () => {
    const { server, clock } = await testServer({ keyRotation: { publishAhead: 600, overlap: 3600 } })
    const kid = async (): Promise<string | undefined> => decodeProtectedHeader((await tokensOf(server))['id_token'] ?? '').kid
    const published = async (): Promise<readonly (string | undefined)[]> =>
      ((await (await server.fetch(new Request(`${ISSUER}/jwks`))).json()) as JSONWebKeySet).keys
        .filter(({ alg }) => alg === 'RS256')
        .map((key) => key.kid)
    const first = await kid()
    await server.rotateKeys()
    expect(await published()).toHaveLength(2)
    expect(await kid()).toBe(first)
    clock.advance(601)
    const second = await kid()
    expect(second).not.toBe(first)
    expect(await published()).toHaveLength(2)
    clock.advance(3600)
    expect(await published()).toEqual([second])
    expect(await kid()).toBe(second)
  })
})

describe('token generators', () => {
  it('create random strings, UUIDs, or the result of a function', async () => {
    // covers C-068, C-069, C-070
    const details = { kind: 'other', issuer: ISSUER } as const
    expect(await randomGenerator().generate(details)).toMatch(/^[\w-]{43}$/)
    expect(await randomGenerator({ bytes: 16 }).generate(details)).toMatch(/^[\w-]{22}$/)
    expect(() => randomGenerator({ bytes: 8 })).toThrow(/bytes/)
    expect(await uuidGenerator().generate(details)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/)
    const { server } = await testServer({ tokens: ({ kind }) => `${kind}.${crypto.randomUUID()}` })
    expect((await tokensOf(server))['access_token']).toMatch(/^access_token\./)
  })

  it('create JWT access tokens that a resource server can verify and the server can revoke (RFC 9068)', async () => {
    const { server, clock } = await testServer({ tokens: jwtGenerator({ audience: 'https://api.example/' }) })
    const { access_token: token = '' } = await tokensOf(server)
    const keys = (await (await server.fetch(new Request(`${ISSUER}/jwks`))).json()) as JSONWebKeySet
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      typ: 'at+jwt',
      issuer: ISSUER,
      audience: 'https://api.example/',
      currentDate: new Date(clock.now()),
    })
    expect(payload).toMatchObject({ sub: 'alice', client_id: 'spa', scope: 'openid profile email', jti: expect.any(String) })
    expect((await guard(server, token)).ok).toBe(true)
    await post(server, '/revoke', { client_id: 'spa', token })
    expect((await guard(server, token)).ok).toBe(false)
    expect(locationOf(await testBrowser(server).get(authorizePath({ id_token_hint: token }))).searchParams.get('error')).toBe(
      'invalid_request',
    )
  })
})

describe('response modes', () => {
  it('send the response by form post, with a button if scripts are disabled', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    await signIn(browser)
    const response = await browser.get(authorizePath({ response_mode: 'form_post', state: '"><x' }))
    const text = await response.text()
    expect(text).toContain('action="https://app.example/callback"')
    expect(text).toContain('value="&quot;&gt;&lt;x"')
    expect(text).toContain('<button>Continue</button>')
    expect(response.headers.get('content-security-policy')).toMatch(/script-src 'nonce-/)
  })

  it('send the response as a signed JWT (JARM, section 2.3)', async () => {
    const { server, clock } = await testServer()
    const browser = testBrowser(server)
    await signIn(browser)
    const location = locationOf(await browser.get(authorizePath({ response_mode: 'jwt' })))
    const keys = (await (await server.fetch(new Request(`${ISSUER}/jwks`))).json()) as JSONWebKeySet
    const { payload } = await jwtVerify(location.searchParams.get('response') ?? '', createLocalJWKSet(keys), {
      issuer: ISSUER,
      audience: 'spa',
      currentDate: new Date(clock.now()),
    })
    expect(payload).toMatchObject({ state: 'st&te=1', code: expect.any(String) })
  })
})

describe('stores', () => {
  it('hold no token, code, secret or cookie', async () => {
    const written: string[] = []
    const clock = testClock()
    const store = memoryStore({ now: clock.now })
    const spy = {
      ...store,
      set: (key: string, value: unknown, at?: number) => (written.push(key, JSON.stringify(value)), store.set(key, value, at)),
    }
    const { server } = await testServer({ stores: storesOver(spy), uniqueTokens: true }, clock)
    const browser = testBrowser(server)
    const code = (await signIn(browser)).searchParams.get('code') ?? ''
    const tokens = await json(await redeem(server, code))
    const all = written.join('\n')
    for (const secret of [
      code,
      tokens['access_token'],
      tokens['refresh_token'],
      tokens['id_token'],
      browser.cookies.get('latchkey_session'),
    ]) {
      expect(secret).toBeTruthy()
      expect(all).not.toContain(secret)
    }
    const sealed = /"sealed":"([^"]+)"/.exec(all)?.[1] ?? ''
    await expect(compactDecrypt(sealed, new Uint8Array(32))).rejects.toThrow()
  })
})
