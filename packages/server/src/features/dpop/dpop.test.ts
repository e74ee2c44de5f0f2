import { dpop as dpopFeature } from './dpop.js'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { digest } from '../../storage/digest.js'
import { json, redeem, signIn, testBrowser, tokenRequest } from '../../server/test-browser.fixture.js'
import { WEB } from '../../server/test-requests.fixture.js'
import { ISSUER, SPA, testServer } from '../../server/test-server.fixture.js'
import { memoryStore } from '../../storage/memory-store.js'
import { storesOver } from '../../storage/stores.js'
import { clientCredentials } from '../../token/grants/client-credentials.js'
import { device } from '../device/device.js'

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

  it.each([-60, -59.5, 0, 59.5, 60])('accepts a proof once in its whole window, if its clock is off by %f s', async (skew) => {
    const { server, proof, clock } = await setUp({ grants: [clientCredentials({ scopes: ['read'] })] })
    const request = async (dpop: string): Promise<string | undefined> =>
      (await json(await server.fetch(tokenRequest({ grant_type: 'client_credentials', scope: 'read', ...WEB }, { dpop }))))[
        'error_description'
      ]
    const used = await proof({ iat: clock.now() / 1000 + skew })
    expect(await request(used)).toBeUndefined()
    for (let step = 0; step < 260; step += 1) {
      expect(await request(used), `after ${step / 2} s`).toContain('the DPoP proof is not valid')
      clock.advance(0.5)
    }
  })

  it.each([
    ['/token', { grant_type: 'authorization_code', code: 'invented', client_id: 'spa' }],
    ['/token', { grant_type: 'refresh_token', refresh_token: 'invented', client_id: 'spa' }],
    ['/token', { grant_type: 'client_credentials', client_id: 'spa' }],
    ['/token', { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: 'invented', client_id: 'spa' }],
    ['/par', { client_id: 'spa', response_type: 'code', redirect_uri: 'https://evil.example/' }],
    ['/par', { client_id: 'spa', response_type: 'invented' }],
  ])('stores nothing for a proof with a refused request to %s: %o', async (path, body) => {
    const store = memoryStore()
    const { server, proof } = await setUp({ stores: storesOver(store), features: [device()], secret: new Uint8Array(32).fill(7) })
    const dpop = await proof({ htu: `${ISSUER}${path}` })
    const init = { method: 'POST', headers: { dpop }, body: new URLSearchParams(body) }
    expect((await server.fetch(new Request(ISSUER + path, init))).status).toBeGreaterThanOrEqual(400)
    expect(store.size).toBe(0)
  })

  it('accepts a proof once, of several requests at the same time', async () => {
    const { server, proof } = await setUp({ grants: [clientCredentials({ scopes: ['read'] })] })
    const dpop = await proof()
    const send = (): Promise<Response> =>
      server.fetch(tokenRequest({ grant_type: 'client_credentials', scope: 'read', ...WEB }, { dpop }))
    const statuses = (await Promise.all([send(), send(), send(), send()])).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  })

  it('refuses a proof whose "jti" is no text', async () => {
    const { proof, redeemWith } = await setUp()
    for (const jti of [7, {}, [], null, ''])
      expect((await json(await redeemWith(await proof({ jti }))))['error'], JSON.stringify(jti)).toBe('invalid_dpop_proof')
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
