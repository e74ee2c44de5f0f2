import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { ciba } from '../features/ciba/ciba.js'
import { device } from '../features/device/device.js'
import { authorizePath, json } from '../server/test-browser.fixture.js'
import { CONFIDENTIAL, ISSUER, testServer } from '../server/test-server.fixture.js'

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

async function setUp() {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const keys = { tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] } }
  const clients = [{ clientId: 'web', redirectUris: CONFIDENTIAL.redirectUris, ...keys }]
  const { server, clock } = await testServer({ clients, features: [device(), ciba()] })
  const now = clock.now() / 1000
  const assert = (claims: object, typ?: string): Promise<string> =>
    new SignJWT({ iss: 'web', sub: 'web', aud: ISSUER, jti: crypto.randomUUID(), exp: now + 60, ...claims })
      .setProtectedHeader({ alg: 'ES256', ...(typ !== undefined && { typ }) })
      .sign(privateKey)
  const push = async (claims: object, typ?: string): Promise<Record<string, string>> => {
    const params = new URL(authorizePath({ client_id: undefined, redirect_uri: CONFIDENTIAL.redirectUris[0] }), ISSUER)
      .searchParams
    params.set('client_assertion_type', TYPE)
    params.set('client_assertion', await assert(claims, typ))
    return json(await server.fetch(new Request(`${ISSUER}/par`, { method: 'POST', body: params })))
  }
  return { push, clock }
}

describe('a client assertion', () => {
  it('names the server by its issuer or by an endpoint that clients authenticate at (RFC 9126, section 2)', async () => {
    const { push } = await setUp()
    for (const path of ['', '/token', '/par', '/revoke', '/introspect', '/device_authorization', '/backchannel_authentication'])
      expect(await push({ aud: ISSUER + path }), path).toHaveProperty('request_uri')

    for (const aud of [`${ISSUER}/authorize`, `${ISSUER}/elsewhere`, 'https://other.example/token', undefined])
      expect((await push({ aud }))['error'], aud ?? 'none').toBe('invalid_client')
  })

  it('names this server alone, or the other one could use it here', async () => {
    const { push } = await setUp()
    expect(await push({ aud: [ISSUER] })).toHaveProperty('request_uri')
    expect(await push({ aud: [ISSUER, `${ISSUER}/token`] })).toHaveProperty('request_uri')
    for (const other of ['https://other.example', '', 7, null, [ISSUER]])
      expect((await push({ aud: [ISSUER, other] }))['error'], JSON.stringify(other)).toBe('invalid_client')
  })

  it.each([
    ['whole seconds', 60],
    ['a part of a second', 60.9],
  ])('is accepted once as long as it can be: with an expiry in %s', async (_what, lifetime) => {
    const { push, clock } = await setUp()
    const claims = { jti: 'the same', exp: clock.now() / 1000 + lifetime }
    expect(await push(claims)).toHaveProperty('request_uri')
    clock.advance(88)
    for (let step = 0; step < 80; step += 1) {
      clock.advance(0.05)
      expect((await push(claims))['error'], `step ${step}`).toBe('invalid_client')
    }
  })

  it('has no type, or one of an assertion: a JWT that was signed for another purpose is refused', async () => {
    const { push } = await setUp()
    for (const typ of [undefined, 'JWT', 'jwt', 'application/jwt', 'client-authentication+jwt'])
      expect(await push({}, typ), typ ?? 'none').toHaveProperty('request_uri')
    for (const typ of ['at+jwt', 'application/at+jwt', 'dpop+jwt', 'logout+jwt', 'secevent+jwt', 'oauth-authz-req+jwt'])
      expect((await push({}, typ))['error'], typ).toBe('invalid_client')
  })

  it.each([7, null, '', {}, ['a']])('has text as its "jti" (RFC 7519, section 4.1.7): %j is refused', async (jti) => {
    const { push } = await setUp()
    expect((await push({ jti }))['error']).toBe('invalid_client')
  })

  it('must be about the client itself (RFC 7523, section 3)', async () => {
    const { push } = await setUp()
    expect((await push({ sub: 'other' }))['error']).toBe('invalid_client')
  })
})
