import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { IdTokenClaims } from './claims.js'
import type { IdTokenExpectation } from './expectation.js'
import { checkEveryIdToken } from './id-token-checks.js'
import { plainClaims } from './id-token.js'
import { isSameSession } from './same-session.js'
import type { ProtocolOptions } from './protocol-options.js'
import { createContext, createTestServer, issuer, leftHalf, sharedKey } from './test-server.fixture.js'

const now = Math.floor(Date.now() / 1000)
const accessToken = 'access-token-1'
const usual = { iss: issuer, sub: 'user-1', aud: 'client-1', exp: now + 300, iat: now, nonce: 'nonce-1' }

/** Each is a reason to refuse the token, to look closer, or none. */
const CLAIMS: ReadonlyArray<Readonly<Record<string, unknown>>> = [
  {},
  ...members('iss', undefined, null, 'https://other.example', `${issuer}/`, [issuer], 5),
  ...members('sub', undefined, null, '', 5, ['user-1'], 'user-2'),
  ...members('aud', undefined, null, ['client-1'], [['client-1']], ['client-1', 'client-2'], 'client-2', [], {}, 'client-1 '),
  ...members('exp', undefined, null, now, now - 29, now - 30, now - 31, now - 29.5, String(now + 300), 1e300, -1),
  ...members('iat', undefined, null, now + 600, now + 601, now - 1e6, -1, String(now), 0.5),
  ...members('nbf', null, now, now + 30, now + 31, -1, String(now)),
  ...members('auth_time', null, now, -1, -0.5, 0, String(now)),
  ...members('nonce', undefined, null, '', 'nonce-2', ['nonce-1']),
  ...members('azp', null, 'client-1', 'client-2', ['client-1']),
  ...members('amr', null, [], ['pwd'], 'pwd', [5], { every: 'x' }),
  ...members('typ', null, 'ID', 'Bearer', 'Refresh', 'admin', ['ID'], 5),
  ...members('token_use', null, 'id', 'access', ['id']),
  ...members('tok_type', null, 'IT', 'AT'),
  ...members('events', null, {}, '', { logout: {} }),
  ...members('at_hash', null, '', 'AAAAAAAAAAAAAAAAAAAAAA', await leftHalf(accessToken, 'ES256')),
  ...members('acr', 'gold', null),
]

const HEADERS: ReadonlyArray<Readonly<Record<string, unknown>>> = [
  ...members('typ', 'JWT', 'jwt', 'application/jwt', 'at+jwt', 'undefined', null, ['JWT']),
  ...members('kid', undefined, 'key-2', ['key-1']),
  { crit: ['b64'], b64: true },
]

const EXPECTATIONS: readonly IdTokenExpectation[] = [
  { nonce: 'nonce-1' },
  { nonce: 'nonce-1', accessToken },
  { nonce: 'nonce-1', issuer: 'https://other.example' },
  { nonce: 'nonce-1', issuer, subject: 'user-1' },
  { nonce: 'nonce-1', maxAge: 60 },
  { nonce: 'nonce-1', acrEssential: true, acrValues: 'gold' },
  { nonce: 'nonce-1', acrValues: 'gold' },
  {},
  ...[{}, { auth_time: now }, { azp: 'client-1' }, { aud: ['client-1'] }, { sub: 'user-2' }, { nonce: 'nonce-2' }].map(
    (former) => ({ isRefresh: true, former: { ...usual, ...former } as IdTokenClaims }),
  ),
]

const OPTIONS: ReadonlyArray<Partial<ProtocolOptions>> = [
  { acceptedIssuers: ['https://other.example'] },
  { trustedAudiences: ['client-2'] },
  { clockTolerance: 0 },
  { clientId: 'client-2' },
  { idTokenSignedResponseAlg: 'RS256' },
]

function members(name: string, ...values: readonly unknown[]): ReadonlyArray<Readonly<Record<string, unknown>>> {
  return values.map((value) => ({ [name]: value }))
}

async function createBench(alg = 'ES256'): Promise<{
  readonly sign: (claims?: object, header?: object) => Promise<string>
  readonly compare: (
    idToken: string,
    expectation?: IdTokenExpectation,
    options?: Partial<ProtocolOptions>,
    keys?: readonly JsonWebKey[],
  ) => Promise<boolean>
}> {
  const { privateKey, publicJwk } = await sharedKey(alg, 'key-1')
  const server = await createTestServer(alg)
  return {
    sign: (claims, header) =>
      new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg, kid: 'key-1', ...header })
        .sign(privateKey, { crit: { b64: true } }),
    async compare(idToken, expectation = { nonce: 'nonce-1' }, options = {}, keys = [publicJwk as JsonWebKey]) {
      const context = createContext(server, { idTokenSignedResponseAlg: alg, ...options }, { now: () => now * 1000 })
      const record = { metadata: { issuer, jwks: { keys } }, jwks: { keys }, fetchedAt: now * 1000 }
      const plain = await plainClaims(context, record, idToken, { isSameSession, ...expectation }).catch(() => undefined)
      const full = await checkEveryIdToken(context, record, idToken, expectation).catch((error: unknown) => String(error))
      if (plain) expect([idToken, full]).toEqual([idToken, plain])
      return plain !== undefined
    },
  }
}

describe('invariant 4: the short checks of an ID token accept nothing that the complete ones refuse', () => {
  it.each(['RS256', 'ES256'])('accepts the usual token, signed with %s', async (alg) => {
    const { sign, compare } = await createBench(alg)
    expect(await compare(await sign())).toBe(true)
    const hashed = await sign({
      at_hash: await leftHalf(accessToken, alg),
      auth_time: now,
      azp: 'client-1',
      amr: ['pwd'],
      typ: 'ID',
    })
    expect(await compare(hashed, { nonce: 'nonce-1', accessToken, subject: 'user-1', issuer })).toBe(true)
    const refreshed = { isRefresh: true, former: { ...usual, azp: 'client-1', auth_time: now } }
    expect(await compare(hashed, refreshed)).toBe(true)
    expect(await compare(hashed, { ...refreshed, isSameSession: undefined })).toBe(false)
  })

  it('whatever its claims, header and expectation are', async () => {
    const { sign, compare } = await createBench()
    const tokens = await Promise.all([...CLAIMS.map((claims) => sign(claims)), ...HEADERS.map((header) => sign({}, header))])
    let accepted = 0
    for (const idToken of tokens) for (const expectation of EXPECTATIONS) if (await compare(idToken, expectation)) accepted++
    for (const idToken of tokens) for (const options of OPTIONS) if (await compare(idToken, undefined, options)) accepted++
    expect(accepted).toBeGreaterThan(100)
    expect(accepted).toBeLessThan((tokens.length * EXPECTATIONS.length) / 2)
  })

  it('whatever its encoding is', async () => {
    const { sign, compare } = await createBench()
    const idToken = await sign()
    const [head, body, signature] = idToken.split('.')
    const forged = [
      `${head}.${body}.`,
      `${head}.${body}`,
      `${idToken}.`,
      `${idToken}.${signature}.${signature}`,
      `${idToken}=`,
      ` ${idToken}`,
      `${idToken}\n`,
      `${head}.${body}.${signature?.slice(2)}AA`,
      `${head}.${body?.slice(0, 40)}A${body?.slice(41)}.${signature}`,
      `${btoa(JSON.stringify({ alg: 'none' }))}.${body}.`,
      `${btoa(JSON.stringify({ alg: 'none' })).replaceAll('=', '')}.${body}.${signature}`,
      `${btoa('[]')}.${body}.${signature}`,
      '..',
      '',
    ]
    for (const token of forged) expect([token, await compare(token)]).toEqual([token, false])
  })

  it('whatever the keys of the server are', async () => {
    const { sign, compare } = await createBench()
    const idToken = await sign()
    const nameless = await sign({}, { kid: undefined })
    const [own, other, rsa] = await Promise.all([
      sharedKey('ES256', 'key-1'),
      sharedKey('ES256', 'key-2'),
      sharedKey('RS256', 'key-1'),
    ])
    const key = own.publicJwk as JsonWebKey
    const changes: ReadonlyArray<Readonly<Record<string, unknown>>> = [
      ...members('use', 'sig', 'enc', null),
      ...members('key_ops', ['verify'], ['sign'], [], null),
      ...members('alg', 'ES256', 'ES384', null),
      ...members('kid', 'key-2', undefined),
      ...members('crv', 'P-384', undefined),
      ...members('kty', 'RSA', 'oct'),
      ...members('ext', false),
    ]
    const sets = [
      [],
      [key, key],
      [other.publicJwk as JsonWebKey],
      [{ ...(other.publicJwk as JsonWebKey), kid: 'key-1' }],
      [key, other.publicJwk as JsonWebKey],
      [key, rsa.publicJwk as JsonWebKey],
      [{ kty: 'oct', k: 'AAAA', kid: 'key-1' } as JsonWebKey],
      ...changes.map((change): readonly JsonWebKey[] => [{ ...key, ...change }]),
    ]
    let accepted = 0
    for (const token of [idToken, nameless]) for (const keys of sets) if (await compare(token, undefined, {}, keys)) accepted++
    expect(accepted).toBeGreaterThan(8)
    expect(accepted).toBeLessThan(sets.length)
  })

  it('refuses an RSA key that is shorter than 2048 bits', async () => {
    const { compare } = await createBench('RS256')
    const { privateKey, publicKey } = await crypto.subtle.generateKey(
      { name: 'RSASSA-PKCS1-v1_5', modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
      true,
      ['sign', 'verify'],
    )
    const text = [{ alg: 'RS256' }, usual].map((part) => btoa(JSON.stringify(part)).replaceAll('=', '')).join('.')
    const signature = new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', privateKey, new TextEncoder().encode(text)))
    const idToken = `${text}.${btoa(String.fromCharCode(...signature))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '')}`
    expect(await compare(idToken, undefined, {}, [await crypto.subtle.exportKey('jwk', publicKey)])).toBe(false)
  })
})
