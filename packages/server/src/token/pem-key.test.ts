import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { json } from '../server/test-browser.fixture.js'
import { tokensOf } from '../server/test-requests.fixture.js'
import { ISSUER, testServer } from '../server/test-server.fixture.js'
import { asJwk } from './pem-key.js'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const ed = generateKeyPairSync('ed25519').privateKey
const pemOf = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1' = 'pkcs8'): string =>
  (key.export as (options: object) => string)({ type, format: 'pem' })

describe('a signing key in PEM', () => {
  const KEYS: readonly (readonly [string, string, string])[] = [
    ['PKCS #8, RSA', pemOf(rsa), 'RS256'],
    ['PKCS #1', pemOf(rsa, 'pkcs1'), 'RS256'],
    ['PKCS #8, P-256', pemOf(ec), 'ES256'],
    ['SEC 1', pemOf(ec, 'sec1'), 'ES256'],
    ['PKCS #8, Ed25519', pemOf(ed), 'EdDSA'],
  ]
  for (const [name, pem, alg] of KEYS) {
    it(`signs ID tokens: ${name}`, async () => {
      const { server, clock } = await testServer({ keys: [pem] })
      const { id_token: idToken = '' } = await tokensOf(server)
      const keys = await json(await server.fetch(new Request(`${ISSUER}/jwks`)))
      expect(decodeProtectedHeader(idToken).alg).toBe(alg)
      const options = { currentDate: new Date(clock.now()) }
      await expect(jwtVerify(idToken, createLocalJWKSet(keys as unknown as JSONWebKeySet), options)).resolves.toBeDefined()
      expect(JSON.stringify(keys)).not.toContain('"d"')
    })
  }

  it('may have another algorithm and an id', async () => {
    const { server } = await testServer({ keys: [{ pem: pemOf(rsa), alg: 'PS256', kid: 'first' }] })
    expect(decodeProtectedHeader((await tokensOf(server))['id_token'] ?? '')).toMatchObject({ alg: 'PS256', kid: 'first' })
    await server.rotateKeys('PS256', pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey))
    const keys = (await json(await server.fetch(new Request(`${ISSUER}/jwks`)))) as unknown as JSONWebKeySet
    expect(keys.keys).toHaveLength(2)
  })

  it('is refused if it is no private key, and never quoted', () => {
    const publicKey = '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n'
    const x25519 = pemOf(generateKeyPairSync('x25519').privateKey)
    for (const pem of ['', 'secret', publicKey, pemOf(rsa).replaceAll('A', 'B'), x25519]) {
      expect(() => asJwk(pem)).toThrow(/^keys: /)
      expect(() => asJwk({ pem })).not.toThrow(/secret|MFkw/)
    }
  })
})
