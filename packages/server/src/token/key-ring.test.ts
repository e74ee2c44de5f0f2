import { decodeProtectedHeader, importJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { json, redeem, signIn, testBrowser } from '../server/test-browser.fixture.js'
import { testKeys, testServer } from '../server/test-server.fixture.js'
import { createKeyRing } from './key-ring.js'
import { jwtGenerator } from './jwt-generator.js'

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
