import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JSONWebKeySet, type JWTPayload } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodedSha256, halfHash } from './hashes.js'
import { checkIdToken, type IdTokenContext } from './id-token-checks.js'

const NOW = Date.parse('2026-01-01T12:00:00Z')
const SECONDS = NOW / 1000
const ISSUER = 'https://id.example'
let sign: (claims?: JWTPayload) => Promise<string>
let forge: typeof sign
let keys: JSONWebKeySet

beforeAll(async () => {
  const [own, foreign] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')])
  keys = { keys: [{ ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'ES256' }] }
  const signWith =
    ({ privateKey }: typeof own, kid = 'one'): typeof sign =>
    (claims = {}) =>
      new SignJWT({ ...CLAIMS, ...claims }).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey)
  sign = signWith(own)
  forge = signWith(foreign)
})

const CLAIMS = { iss: ISSUER, sub: 'ada', aud: 'spa', exp: SECONDS + 600, iat: SECONDS, nonce: 'nonce-of-the-request' }

async function context(more: Partial<IdTokenContext> = {}): Promise<IdTokenContext> {
  const nonce = { masked: '…', hash: await encodedSha256(CLAIMS.nonce) }
  return { issuer: ISSUER, clientId: 'spa', algorithm: 'ES256', tolerance: 30, now: NOW, keys, nonce, ...more }
}

/** @returns the names of the checks with the result */
async function named(result: string, token: string, more?: Partial<IdTokenContext>): Promise<readonly string[]> {
  const checks = await checkIdToken(token, await context(more))
  return checks.filter((check) => check.result === result).map(({ name }) => name)
}

describe('the checks of an ID token', () => {
  it('pass for a valid token, and skip what it has nothing to compare with', async () => {
    const token = await sign()
    expect(await named('passed', token)).toEqual(['signature', 'alg', 'iss', 'sub', 'aud', 'exp', 'iat', 'nonce'])
    expect(await named('skipped', token)).toEqual(['azp', 'nbf', 'at_hash', 'c_hash', 'auth_time', 'acr'])
  })

  it.each<[name: string, claims: JWTPayload, more?: Partial<IdTokenContext>]>([
    ['iss', { iss: 'https://evil.example' }],
    ['sub', { sub: '' }],
    ['aud', { aud: 'another' }],
    ['azp', { azp: 'another' }],
    ['azp', { aud: ['spa', 'another'] }],
    ['exp', { exp: SECONDS - 31 }],
    ['iat', { iat: SECONDS + 601 }],
    ['nbf', { nbf: SECONDS + 31 }],
    ['nonce', { nonce: 'another' }],
    ['at_hash', { at_hash: 'another' }, { accessToken: 'token' }],
    ['c_hash', { c_hash: 'another' }, { code: 'code' }],
    ['auth_time', { auth_time: SECONDS - 91 }, { maxAge: 60 }],
    ['auth_time', {}, { maxAge: 60 }],
    ['sub', {}, { former: { iss: ISSUER, sub: 'alan' } }],
  ])('show that "%s" fails: %j', async (name, claims, more) => {
    expect(await named('failed', await sign(claims), more)).toEqual([name])
  })

  it.each<[name: string, claims: JWTPayload, more?: Partial<IdTokenContext>]>([
    ['azp', { azp: 'spa', aud: ['spa', 'another'] }],
    ['exp', { exp: SECONDS - 29 }],
    ['nbf', { nbf: SECONDS + 30 }],
    ['auth_time', { auth_time: SECONDS - 90 }, { maxAge: 60 }],
    ['acr', { acr: 'gold' }, { acrValues: 'silver gold' }],
  ])('show that "%s" passes at its limit: %j', async (name, claims, more) => {
    const token = await sign(claims)
    expect(await named('failed', token, more)).toEqual([])
    expect(await named('passed', token, more)).toContain(name)
  })

  it('compare at_hash and c_hash with what came with the token', async () => {
    const claims = { at_hash: await halfHash('token', 'ES256'), c_hash: await halfHash('code', 'ES256') }
    const passed = await named('passed', await sign(claims), { accessToken: 'token', code: 'code' })
    expect(passed).toEqual(expect.arrayContaining(['at_hash', 'c_hash']))
  })

  it('compute at_hash as the specification does', async () => {
    // OpenID Connect Core 1.0, appendix A.3
    expect(await halfHash('jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y', 'RS256')).toBe('77QmUPtjPfzWtF2AnpK9RQ')
  })

  it('need no nonce for a refresh', async () => {
    expect(await named('failed', await sign({ nonce: 'another' }), { isRefresh: true })).toEqual([])
  })

  it('tell a foreign key, an unknown key and another algorithm apart', async () => {
    const signature = async (token: string, more?: Partial<IdTokenContext>): Promise<string | undefined> =>
      (await checkIdToken(token, await context(more))).find(({ name }) => name === 'signature')?.received
    expect(await signature(await forge())).toContain('not made with that key')
    expect(await signature(await sign(), { keys: { keys: keys.keys.map((key) => ({ ...key, kid: 'two' })) } })).toBe(
      'no key for "kid" one; the key set has two',
    )
    expect(await named('failed', await sign(), { algorithm: 'RS256' })).toEqual(['signature', 'alg'])
    expect(await named('failed', new UnsecuredJWT(CLAIMS).encode())).toEqual(['signature', 'alg'])
  })

  it('name no secret', async () => {
    const token = await sign({ nonce: 'a-nonce-that-is-a-secret-of-the-request' })
    const text = JSON.stringify(
      await checkIdToken(token, await context({ accessToken: 'a-secret-token', code: 'a-secret-code' })),
    )
    for (const secret of [token, 'a-nonce-that', 'a-secret-token', 'a-secret-code']) expect(text).not.toContain(secret)
  })

  it.each(['', 'opaque', 'a.b.c.d.e'])('say that %j is no signed JSON Web Token', async (token) => {
    expect(await checkIdToken(token, await context())).toEqual([expect.objectContaining({ name: 'format', result: 'skipped' })])
  })
})
