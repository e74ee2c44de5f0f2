import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { dpopKey } from '../features/dpop/dpop-proof.fixture.js'
import { digest } from '../storage/digest.js'
import { authorizePath, json, locationOf, redeem, signIn, testBrowser } from '../server/test-browser.fixture.js'
import { CONFIDENTIAL, ISSUER, SPA, testServer } from '../server/test-server.fixture.js'
import { jwtVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose'
import { post, tokensOf, WEB } from '../server/test-requests.fixture.js'
import { authorizationCode } from '../token/grants/authorization-code.js'
import { password } from '../token/grants/password.js'
import { refreshToken } from '../token/grants/refresh-token.js'
import { tokenExchange } from '../token/grants/token-exchange.js'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

const tokenOf = async (server: AuthorizationServer): Promise<string> =>
  (await json(await redeem(server, (await signIn(testBrowser(server))).searchParams.get('code') ?? '')))['access_token'] ?? ''
const requestUserInfo = (server: AuthorizationServer, headers: Record<string, string>, body?: string): Promise<Response> =>
  server.fetch(new Request(`${ISSUER}/userinfo`, { headers, ...(body === undefined ? {} : { method: 'POST', body }) }))

describe('the access token at the UserInfo endpoint', () => {
  it('must be sent once, in one way (RFC 6750, sections 2 and 3.1)', async () => {
    const { server } = await testServer()
    const token = await tokenOf(server)
    const authorization = `Bearer ${token}`
    expect((await requestUserInfo(server, FORM, `access_token=${token}`)).status).toBe(200)
    expect((await requestUserInfo(server, { ...FORM, authorization }, 'x=1')).status).toBe(200)
    expect((await requestUserInfo(server, { 'content-type': 'application/json', authorization }, '{}')).status).toBe(200)
    for (const [headers, body] of [
      [{ ...FORM, authorization }, `access_token=${token}`],
      [FORM, `access_token=${token}&access_token=${token}`],
      [FORM, `access_token=${token}&access_token=`],
    ] as const) {
      const refused = await requestUserInfo(server, headers, body)
      expect([refused.status, (await json(refused))['error']]).toEqual([400, 'invalid_request'])
    }
  })

  it('is refused with the DPoP scheme if it is not bound to a key (RFC 9449, section 7.1)', async () => {
    const { server, clock } = await testServer()
    const token = await tokenOf(server)
    const dpop = await (await dpopKey(clock)).proof({ htm: 'GET', htu: `${ISSUER}/userinfo`, ath: await digest(token) })
    expect((await requestUserInfo(server, { authorization: `DPoP ${token}`, dpop })).status).toBe(401)
  })
})

describe('an access token for certain resources', () => {
  const [API, OWN] = ['https://api.example/', ISSUER]
  const statusOf = async (server: AuthorizationServer, token = ''): Promise<number> =>
    (await requestUserInfo(server, { authorization: `Bearer ${token}` })).status
  const ask = async (server: AuthorizationServer, body: Record<string, string>) => json(await post(server, '/token', body))
  const signInFor = async (server: AuthorizationServer, more: string, body = {}) => {
    const browser = testBrowser(server)
    await signIn(browser)
    const url = locationOf(await browser.get(authorizePath() + more))
    return json(await redeem(server, url.searchParams.get('code') ?? '', body))
  }
  const both = `&resource=${encodeURIComponent(API)}&resource=${encodeURIComponent(OWN)}`

  it('reads no claims if it was requested for these alone (RFC 8707 §2.2)', async () => {
    const { server } = await testServer({ grants: [authorizationCode(), refreshToken(), password()] })
    const tokens = await signInFor(server, `&resource=${encodeURIComponent(API)}`, { resource: API })
    expect(await statusOf(server, tokens['access_token'])).toBe(401)
    const refresh = { grant_type: 'refresh_token', client_id: SPA.clientId, refresh_token: tokens['refresh_token'] ?? '' }
    const all = await ask(server, refresh)
    expect(await statusOf(server, all['access_token'])).toBe(200)
    const narrow = await ask(server, { ...refresh, refresh_token: all['refresh_token'] ?? '', resource: API })
    expect(await statusOf(server, narrow['access_token'])).toBe(401)
    const form = { ...WEB, grant_type: 'password', username: 'alice', password: 'wonderland', scope: 'openid' }
    const ofPassword = await ask(server, { ...form, resource: API })
    expect(await statusOf(server, ofPassword['access_token'])).toBe(401)
    for (let token = ofPassword['refresh_token'] ?? '', turn = 0; turn < 2; turn += 1) {
      const next = await ask(server, { ...WEB, grant_type: 'refresh_token', refresh_token: token })
      expect(await statusOf(server, next['access_token'])).toBe(401)
      token = next['refresh_token'] ?? ''
    }
    expect(await statusOf(server, (await ask(server, form))['access_token'])).toBe(200)
  })

  it('reads them if it is for this server too, or is the token of the sign-in itself', async () => {
    const { server } = await testServer()
    expect(await statusOf(server, (await signInFor(server, both, { resource: OWN }))['access_token'])).toBe(200)
    expect(await statusOf(server, (await signInFor(server, both, { resource: API }))['access_token'])).toBe(401)
    expect(await statusOf(server, (await signInFor(server, both))['access_token'])).toBe(200)
  })

  it('reads them neither after an exchange', async () => {
    const { server } = await testServer({ grants: [authorizationCode(), tokenExchange()], clients: [SPA, CONFIDENTIAL] })
    const browser = testBrowser(server)
    const client = { client_id: 'web', redirect_uri: CONFIDENTIAL.redirectUris[0] ?? '' }
    const url = await signIn(browser, { ...client, resource: API })
    const body = { ...WEB, redirect_uri: client.redirect_uri, resource: API }
    const { access_token: subject = '' } = await json(await redeem(server, url.searchParams.get('code') ?? '', body))
    const exchanged = await ask(server, {
      ...WEB,
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: subject,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    })
    expect(exchanged).toHaveProperty('access_token')
    expect(await statusOf(server, exchanged['access_token'])).toBe(401)
  })
})

describe('a signed UserInfo response', () => {
  it('must not be cached', async () => {
    const { server } = await testServer({ clients: [{ ...SPA, userinfoSignedResponseAlg: 'ES256' }] })
    const response = await requestUserInfo(server, { authorization: `Bearer ${await tokenOf(server)}` })
    expect(response.headers.get('content-type')).toBe('application/jwt')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })
})

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
