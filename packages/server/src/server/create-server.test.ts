import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import { describe, expect, it } from 'vitest'
import { createAuthorizationServer } from './create-server.js'
import { userSite } from '../site/user-site.js'
import { asPage, authorizePath, json, locationOf, redeem, signIn, testBrowser, tokenRequest } from './test-browser.fixture.js'
import { ISSUER, SPA, testServer } from './test-server.fixture.js'

describe('createAuthorizationServer()', () => {
  it('signs a user in, issues tokens for a code, and returns the claims', async () => {
    // covers C-001, C-002, C-004, C-010, C-013, C-019, C-022, C-041
    const { server, clock } = await testServer()
    const callback = await signIn(testBrowser(server))
    expect(callback.origin + callback.pathname).toBe(SPA.redirectUris[0])
    expect(callback.searchParams.get('state')).toBe('st&te=1')
    expect(callback.searchParams.get('iss')).toBe(ISSUER)

    const response = await redeem(server, callback.searchParams.get('code') ?? '')
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('pragma')).toBe('no-cache')
    const tokens = await json(response)
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'openid profile email' })

    const keys = (await (await server.fetch(new Request(`${ISSUER}/jwks`))).json()) as JSONWebKeySet
    const { payload, protectedHeader } = await jwtVerify(tokens['id_token'] ?? '', createLocalJWKSet(keys), {
      issuer: ISSUER,
      audience: 'spa',
      currentDate: new Date(clock.now()),
    })
    expect(protectedHeader.alg).toBe('RS256')
    expect(payload).toMatchObject({ sub: 'alice', nonce: 'n-0S6', name: 'Alice Liddell', auth_time: clock.now() / 1000 })
    expect(payload['at_hash']).toBeTypeOf('string')
    expect(payload['sid']).toBeTypeOf('string')

    const headers = { authorization: `Bearer ${tokens['access_token']}` }
    const info = await server.fetch(new Request(`${ISSUER}/userinfo`, { headers }))
    expect(await info.json()).toEqual({
      sub: 'alice',
      preferred_username: 'alice',
      name: 'Alice Liddell',
      email: 'alice@example.com',
      email_verified: true,
    })
    const verified = await server.verifyRequest(new Request('https://api.example/', { headers }), { scope: 'profile' })
    expect(verified).toMatchObject({ ok: true, token: { userId: 'alice', clientId: 'spa' } })
  })

  it('refreshes tokens, and revokes the family when a used refresh token is used again', async () => {
    // covers C-036, C-038
    const { server, clock } = await testServer()
    const callback = await signIn(testBrowser(server))
    const first = await json(await redeem(server, callback.searchParams.get('code') ?? ''))
    const refresh = (token = ''): Promise<Response> =>
      server.fetch(tokenRequest({ grant_type: 'refresh_token', client_id: 'spa', refresh_token: token }))
    const renewed = await refresh(first['refresh_token'])
    expect(renewed.status).toBe(200)
    const second = await json(renewed)
    expect(second['refresh_token']).not.toBe(first['refresh_token'])

    // Later than the default grace period.
    clock.advance(11)
    const replay = await refresh(first['refresh_token'])
    expect(replay.status).toBe(400)
    expect((await json(replay))['error']).toBe('invalid_grant')
    expect((await json(await refresh(second['refresh_token'])))['error']).toBe('invalid_grant')
    const guarded = await server.verifyRequest(
      new Request('https://api.example/', { headers: { authorization: `Bearer ${second['access_token']}` } }),
    )
    expect(guarded.ok).toBe(false)
  })

  it('revokes the tokens of a code that is used again', async () => {
    // covers C-028
    const { server } = await testServer()
    const code = (await signIn(testBrowser(server))).searchParams.get('code') ?? ''
    const tokens = await json(await redeem(server, code))
    expect((await json(await redeem(server, code)))['error']).toBe('invalid_grant')
    const headers = { authorization: `Bearer ${tokens['access_token']}` }
    const verified = await server.verifyRequest(new Request('https://api.example/', { headers }))
    expect(verified.ok).toBe(false)
  })

  it('signs in with one click, without a password', async () => {
    const { server } = await testServer({ site: userSite({ users: [{ sub: 'alice' }, { sub: 'bob' }] }) })
    const browser = testBrowser(server)
    const page = await asPage(await browser.get(authorizePath()))
    const callback = locationOf(await browser.submit(page, { action: 'sign-in', user: 'bob' }))
    const tokens = await json(await redeem(server, callback.searchParams.get('code') ?? ''))
    expect(tokens['access_token']).toBeTypeOf('string')
  })

  it('serves metadata under both names, one of them in front of the issuer path (RFC 8414, section 3.1)', async () => {
    const { server } = await testServer()
    const urls = [
      `${ISSUER}/.well-known/openid-configuration`,
      `${ISSUER}/.well-known/oauth-authorization-server`,
      'http://127.0.0.1:5173/.well-known/oauth-authorization-server/oauth',
    ]
    for (const url of urls) {
      expect(server.handles(new URL(url))).toBe(true)
      const response = await server.fetch(new Request(url, { headers: { origin: 'https://app.example' } }))
      expect(response.headers.get('access-control-allow-origin')).toBe('*')
      expect(await response.json()).toMatchObject({ issuer: ISSUER, token_endpoint: `${ISSUER}/token` })
    }
    expect(server.handles(new URL('http://127.0.0.1:5173/'))).toBe(false)
    expect(server.handles(new URL('http://127.0.0.1:5173/oauthority'))).toBe(false)
  })

  it('refuses invalid options', () => {
    const site = userSite({ users: [] })
    expect(() => createAuthorizationServer({ issuer: 'nowhere', clients: [], site })).toThrow(/issuer/)
    expect(() => createAuthorizationServer({ issuer: `${ISSUER}?x=1`, clients: [], site })).toThrow(/issuer/)
    expect(() => createAuthorizationServer({ issuer: ISSUER, clients: [SPA, SPA], site })).toThrow(/twice/)
    expect(() => createAuthorizationServer({ issuer: ISSUER, clients: [], site, secret: new Uint8Array(8) })).toThrow(/secret/)
  })
})
