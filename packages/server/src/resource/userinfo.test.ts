import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { dpopKey } from '../features/dpop/dpop-proof.fixture.js'
import { digest } from '../storage/digest.js'
import { json, redeem, signIn, testBrowser } from '../server/test-browser.fixture.js'
import { ISSUER, SPA, testServer } from '../server/test-server.fixture.js'
import { jwtVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose'
import { post, tokensOf } from '../server/test-requests.fixture.js'

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
