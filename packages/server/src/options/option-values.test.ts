// cspell:ignore samesite
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createAuthorizationServer } from '../server/create-server.js'
import { json } from '../server/test-browser.fixture.js'
import { post } from '../server/test-requests.fixture.js'
import { ALICE, SPA, testServer } from '../server/test-server.fixture.js'
import { userSite } from '../site/user-site.js'
import { authorizationCode } from '../token/grants/authorization-code.js'
import { hybrid } from '../token/grants/hybrid.js'
import { refreshToken } from '../token/grants/refresh-token.js'
import { createKeyRing } from '../token/key-ring.js'

const site = userSite({ users: [ALICE] })
const create = (options: object) => (): unknown =>
  createAuthorizationServer({ issuer: 'https://id.example', clients: [SPA], site, ...options })

const PEM = { type: 'pkcs8', format: 'pem' } as const
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
const ed25519 = generateKeyPairSync('ed25519').privateKey.export(PEM)
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

describe('createAuthorizationServer()', () => {
  it.each<readonly [options: object, message: RegExp]>([
    [{ secret: 'abc' }, /^secret: expected a Uint8Array/],
    [{ secret: 'x'.repeat(64) }, /^secret: expected a Uint8Array/],
    [{ secret: new Uint8Array(8) }, /^secret: expected at least 32 bytes/],
    [{ fetch: 5 }, /^fetch: expected a function/],
    [{ now: 5 }, /^now: expected a function/],
    [{ scopePolicy: 'x' }, /^scopePolicy: expected a function/],
    [{ authenticateClient: {} }, /^authenticateClient: expected a function/],
    [{ uniqueTokens: 'yes' }, /^uniqueTokens: expected a boolean/],
    [{ hooks: 5 }, /^hooks: expected an object/],
    [{ stores: 'redis' }, /^stores: expected an object/],
    [{ scopeClaims: [] }, /^scopeClaims: expected an object/],
    [{ corsOrigin: 5 }, /^corsOrigin: expected/],
    [{ crossOriginOpenerPolicy: 'same_origin' }, /^crossOriginOpenerPolicy: .*Did you mean "same-origin"\?/],
    [{ crossOriginOpenerPolicy: 5 }, /^crossOriginOpenerPolicy: expected one of/],
    [{ features: [undefined] }, /^features: expected an object with a "name"/],
    [{ features: [null] }, /^features: expected an object with a "name"/],
    [{ grants: [undefined] }, /^grants: expected a grant/],
    [{ keys: [undefined] }, /^keys: expected JWKs/],
    [{ keys: [{ pem: ed25519, keyId: 'a' }] }, /^keys: "keyId" is unknown/],
    [{ keys: [{ pem: ed25519, alg: 'RS256' }] }, /^keys: .*"Ed25519".*"RS256"/],
    [{ keys: [{ pem: ed25519, alg: 'HS256' }] }, /^keys: .*"Ed25519".*"HS256"/],
    [{ keys: [{ ...p256.export({ format: 'jwk' }), alg: 'ES384' }] }, /^keys: .*"P-256".*"ES384"/],
    [{ keys: [weak.export(PEM)] }, /^keys: expected an RSA key of at least 2048 bits/],
    [{ keys: [{ ...weak.export({ format: 'jwk' }), alg: 'RS256' }] }, /^keys: expected an RSA key of at least 2048 bits/],
    [{ clients: [{ ...SPA, apiSecret: 's' }] }, /"apiSecret" of "spa"/],
  ])('refuses %o', (options, message) => {
    expect(create(options)).toThrow(TypeError)
    expect(create(options)).toThrow(message)
  })

  it.each<readonly [name: string, act: () => unknown]>([
    ['hybrid', () => hybrid({ scope: 'a' } as never)],
    ['authorizationCode', () => authorizationCode({ scope: 'a' } as never)],
  ])('%s() is named in the error about its options', (name, act) => {
    expect(act).toThrow(new RegExp(`^${name}: "scope"`))
  })

  it('refuses a key that cannot sign when keys are rotated', async () => {
    const ring = createKeyRing({ now: Date.now })
    const jwk = p256.export({ format: 'jwk' }) as object
    await expect(ring.rotate('RS256', jwk)).rejects.toThrow(/^keys: .*"P-256".*"RS256"/)
  })

  it('shows nothing of a key or secret in an error', () => {
    for (const options of [{ secret: 'hunter2hunter2' }, { keys: [{ pem: ed25519, alg: 'RS256' }] }])
      expect(create(options)).not.toThrow(/hunter2|BEGIN/)
  })
})

describe('options without a value', () => {
  it('have their defaults', async () => {
    const names = [
      'keys',
      'keyRotation',
      'tokens',
      'hooks',
      'secret',
      'sessionLifetime',
      'consentLifetime',
      'paths',
      'corsOrigin',
    ]
    const more = ['scopes', 'scopeClaims', 'claimsInIdToken', 'acrValues', 'fetch', 'now', 'stores', 'features', 'scopePolicy']
    const absent = Object.fromEntries([...names, ...more].map((name) => [name, undefined]))
    const server = createAuthorizationServer({ issuer: 'https://id.example', clients: [SPA], site, ...absent })
    const metadata = await json(await server.fetch(new Request('https://id.example/.well-known/openid-configuration')))
    expect(metadata).toMatchObject({ issuer: 'https://id.example', token_endpoint: 'https://id.example/token' })
    expect(metadata['scopes_supported']).toContain('offline_access')
    const response = await server.fetch(new Request('https://id.example/token', { method: 'POST' }))
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
  })

  it('have their defaults in the refresh token grant', () => {
    const absent = { rotate: undefined, reuseDetection: undefined, grace: undefined, issue: undefined, expiresIn: undefined }
    expect(refreshToken(absent).refresh).toEqual(refreshToken().refresh)
  })
})

it.each([undefined, {}, null, 'token', []])('says what the handle of a custom grant must return: %o', async (result) => {
  const errors: string[] = []
  const grant = { grantType: 'https://example/g', handle: () => Promise.resolve(result as never) }
  const { server } = await testServer({ grants: [grant], hooks: { onError: (error) => void errors.push(String(error)) } })
  const response = await post(server, '/token', { client_id: SPA.clientId, grant_type: grant.grantType })
  expect(await json(response)).toMatchObject({ error: 'server_error' })
  expect(errors[0]).toMatch(/"handle" of "https:\/\/example\/g" must return what to issue, such as createIssue/)
})
