import { jwtVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose'
import { describe, expect, it } from 'vitest'
import { jwtGenerator } from './jwt-generator.js'
import { randomGenerator, uuidGenerator } from './token-generator.js'
import { authorizePath, locationOf, testBrowser } from '../server/test-browser.fixture.js'
import { ISSUER, testServer } from '../server/test-server.fixture.js'
import { post, tokensOf, verifyToken } from '../server/test-requests.fixture.js'

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
    expect((await verifyToken(server, token)).ok).toBe(true)
    await post(server, '/revoke', { client_id: 'spa', token })
    expect((await verifyToken(server, token)).ok).toBe(false)
    expect(locationOf(await testBrowser(server).get(authorizePath({ id_token_hint: token }))).searchParams.get('error')).toBe(
      'invalid_request',
    )
  })
})
