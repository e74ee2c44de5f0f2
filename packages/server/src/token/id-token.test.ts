import { base64url, decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { userSite } from '../site/user-site.js'
import { authorizePath, json, locationOf, redeem, signIn, testBrowser } from '../server/test-browser.fixture.js'
import { ALICE, BOB, SPA, testServer } from '../server/test-server.fixture.js'
import { jwtGenerator } from './jwt-generator.js'

const tokensOf = async (server: AuthorizationServer, params = {}): Promise<Record<string, string>> =>
  json(await redeem(server, (await signIn(testBrowser(server), params)).searchParams.get('code') ?? ''))

describe('an ID token', () => {
  it('has the left half of the access token’s hash as at_hash (OpenID Connect Core 1.0, section 3.1.3.6)', async () => {
    const { server } = await testServer({ clients: [{ ...SPA, idTokenSignedResponseAlg: 'ES256' }] })
    const { access_token: token = '', id_token: idToken = '' } = await tokensOf(server)
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token)))
    expect(decodeJwt(idToken)['at_hash']).toBe(base64url.encode(hash.subarray(0, 16)))
  })

  it('contains the protocol claims of the server, whatever claims the site returns', async () => {
    const claims = { ...ALICE.claims, nonce: 'forged', sid: 'forged', auth_time: 1, azp: 'forged' }
    const names = { forged: ['nonce', 'sid', 'auth_time', 'azp'] }
    const { server, clock } = await testServer({
      site: userSite({ users: [{ ...ALICE, claims }] }),
      scopes: ['openid', 'forged'],
      scopeClaims: names,
    })
    const payload = decodeJwt((await tokensOf(server, { scope: 'openid forged' }))['id_token'] ?? '')
    expect(payload).toMatchObject({ nonce: 'n-0S6', auth_time: clock.now() / 1000 })
    expect(payload['sid']).not.toBe('forged')
    expect(payload).not.toHaveProperty('azp')
  })
})

describe('an id_token_hint', () => {
  const hinted = async (server: AuthorizationServer, id_token_hint = '', more = {}): Promise<URLSearchParams> =>
    locationOf(await testBrowser(server).get(authorizePath({ prompt: 'none', id_token_hint, ...more }))).searchParams

  it('must be an ID token of this client: not an access token, and not another client’s', async () => {
    const other = { ...SPA, clientId: 'other' }
    const { server } = await testServer({ clients: [SPA, other], tokens: jwtGenerator({ audience: 'spa' }) })
    const { access_token: access, id_token: idToken } = await tokensOf(server)
    expect((await hinted(server, idToken)).get('error')).toBe('login_required')
    expect((await hinted(server, access)).get('error')).toBe('invalid_request')
    expect((await hinted(server, idToken, { client_id: 'other' })).get('error')).toBe('invalid_request')
  })

  it('of a session that has ended signs no other user out without a question', async () => {
    const { server } = await testServer({ site: userSite({ users: [ALICE, BOB] }) })
    const { id_token: former = '' } = await tokensOf(server)
    const browser = testBrowser(server)
    await signIn(browser)
    const path = `/oauth/end-session?${new URLSearchParams({ id_token_hint: former }).toString()}`
    expect(await (await browser.get(path)).text()).toContain('Sign out?')
    expect(locationOf(await browser.get(authorizePath({ prompt: 'none' }))).searchParams.has('code')).toBe(true)
  })
})

describe('a voluntary "acr"', () => {
  it('that the sign-in does not reach is not an error (OpenID Connect Core 1.0, section 5.5.1.1)', async () => {
    const { server } = await testServer()
    const claims = JSON.stringify({ id_token: { acr: { value: 'gold' } } })
    expect(await tokensOf(server, { claims })).toHaveProperty('id_token')
  })
})
