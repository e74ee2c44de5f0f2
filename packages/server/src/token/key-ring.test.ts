import { decodeProtectedHeader, importJWK, jwtVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose'
import { describe, expect, it } from 'vitest'
import { json, redeem, signIn, testBrowser } from '../server/test-browser.fixture.js'
import { testKeys, testServer, ISSUER, SPA } from '../server/test-server.fixture.js'
import { createKeyRing } from './key-ring.js'
import { jwtGenerator } from './jwt-generator.js'
import { tokensOf } from '../server/test-requests.fixture.js'

describe('keys without RS256', () => {
  it('sign ID tokens, JWT access tokens and signed responses with the first of them', async () => {
    const keys = (await testKeys()).filter(({ alg }) => alg === 'ES256' || alg === 'EdDSA')
    const { server } = await testServer({ keys, tokens: jwtGenerator() })
    const browser = testBrowser(server)
    const code = (await signIn(browser)).searchParams.get('code') ?? ''
    const tokens = await json(await redeem(server, code))
    for (const token of [tokens['id_token'], tokens['access_token']])
      expect(decodeProtectedHeader(token ?? '')).toMatchObject({ alg: keys[0]?.alg })
    const signed = await signIn(testBrowser(server), { response_mode: 'jwt' })
    expect(decodeProtectedHeader(signed.searchParams.get('response') ?? '')).toMatchObject({ alg: keys[0]?.alg })
    await server.rotateKeys()
  })
})

describe('createKeyRing()', () => {
  it('reports an unreadable key when it is used to sign', async () => {
    const ring = createKeyRing({ now: () => 0, keys: [{ kty: 'RSA', alg: 'RS256', d: 'x' }] })
    // The key is read at once. Its failure must not become an unhandled rejection.
    await importJWK({ kty: 'RSA', alg: 'RS256', d: 'x' }).catch(() => undefined)
    await new Promise((resolve) => setImmediate(resolve))
    await expect(ring.signingKey('RS256')).rejects.toThrow()
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
