import { exportSPKI, importJWK, SignJWT, type CryptoKey } from 'jose'
import { describe, expect, it } from 'vitest'
import { memoryReplayStore } from '../dpop/replay-store.js'
import { createTokenVerifier, type TokenVerifier } from './create-token-verifier.js'
import type { TokenRequirements } from './requirements.js'
import {
  API,
  apiRequest,
  ISSUER,
  proofKey,
  signingKey,
  testClock,
  testIssuer,
  type ProofKey,
  type TestClock,
  type TestIssuer,
} from './test-issuer.fixture.js'
import type { TokenVerifierOptions } from './verifier-options.js'

interface World {
  readonly clock: TestClock
  readonly issuer: TestIssuer
  readonly verifier: TokenVerifier
}

async function world(options: Partial<TokenVerifierOptions> = {}): Promise<World> {
  const clock = testClock()
  const issuer = await testIssuer(clock)
  const verifier = createTokenVerifier({ issuer: ISSUER, audience: API, now: clock.now, fetch: issuer.fetch, ...options })
  return { clock, issuer, verifier }
}

/** The status and the challenge. */
async function refusal(verifier: TokenVerifier, request: Request, requirements?: TokenRequirements): Promise<[number, string]> {
  const verification = await verifier.verify(request, requirements)
  if (verification.ok) throw new Error('The request was accepted')
  const { response } = verification
  return [response.status, response.headers.get('www-authenticate') ?? '']
}

const invalidToken = (reason: RegExp): unknown => [
  401,
  expect.stringMatching(new RegExp(`^Bearer realm="${API}", error="invalid_token", error_description="[^"]*${reason.source}`)),
]

describe('a verifier of access tokens', () => {
  it('accepts a token of its issuer for its audience', async () => {
    const { verifier, issuer, clock } = await world()
    const verification = await verifier.verify(apiRequest(await issuer.token()), { scope: 'orders:read' })
    expect(verification).toMatchObject({
      ok: true,
      token: {
        issuer: ISSUER,
        sub: 'ada',
        clientId: 'spa',
        scope: ['orders:read', 'profile'],
        expiresAt: clock.now() + 300_000,
        place: 'header',
        dpopJkt: undefined,
      },
    })
  })

  it('names the schemes and the metadata to a request without a token, and no error', async () => {
    const { verifier } = await world()
    const metadata = `resource_metadata="${API}/.well-known/oauth-protected-resource"`
    const [status, challenge] = await refusal(verifier, apiRequest(), { scope: 'orders:read' })
    expect(status).toBe(401)
    expect(challenge).toBe(
      `Bearer realm="${API}", scope="orders:read", ${metadata}, DPoP realm="${API}", scope="orders:read", algs="ES256 ES384 EdDSA Ed25519 RS256 PS256", ${metadata}`,
    )
  })

  it('refuses the token of another issuer', async () => {
    const { verifier, issuer } = await world()
    const token = await issuer.token({ iss: 'https://evil.example' })
    expect(await refusal(verifier, apiRequest(token))).toEqual(invalidToken(/issuer is 'https:\/\/evil\.example'/))
  })

  it('refuses a token for another audience', async () => {
    const { verifier, issuer } = await world()
    for (const aud of ['https://other.example.com', `${API}/`, ['a', 'b'], [], undefined, {}, 7, [API.toUpperCase()]]) {
      expect(await refusal(verifier, apiRequest(await issuer.token({ aud }))), JSON.stringify(aud)).toEqual(
        invalidToken(/(?:it is for|no claim)/),
      )
    }
  })

  it('refuses a symmetric signature with the public key (algorithm confusion)', async () => {
    const { verifier, issuer } = await world()
    const secrets = [await exportSPKI(await publicKeyOf(issuer)), JSON.stringify(issuer.key.publicJwk)]
    for (const secret of secrets) {
      const token = await new SignJWT({ iss: ISSUER, aud: API, sub: 'ada', exp: 9_999_999_999 })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'first' })
        .sign(new TextEncoder().encode(secret.padEnd(32)))
      expect(await refusal(verifier, apiRequest(token))).toEqual(invalidToken(/'alg' is not accepted/))
    }
  })

  it('refuses a symmetric signature with a key that the issuer publishes', async () => {
    const { verifier, issuer } = await world()
    issuer.keys.push({ kty: 'oct', kid: 'shared', alg: 'HS256', k: 'c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0' })
    const token = await new SignJWT({ iss: ISSUER, aud: API, sub: 'ada', exp: 9_999_999_999 })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'shared' })
      .sign(new TextEncoder().encode('secretsecretsecretsecretsecret'))
    expect((await refusal(verifier, apiRequest(token)))[0]).toBe(401)
  })

  it('refuses an unsigned token ("alg": "none")', async () => {
    const { verifier, issuer } = await world()
    const [, payload = '', signature = ''] = (await issuer.token()).split('.')
    const header = btoa(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).replaceAll('=', '')
    for (const token of [`${header}.${payload}.`, `${header}.${payload}.${signature}`])
      expect((await refusal(verifier, apiRequest(token)))[0], token).toBe(401)
  })

  it('refuses an ID token, whatever its audience', async () => {
    const { verifier, issuer } = await world()
    for (const typ of ['JWT', undefined, 'id_token+jwt', 'logout+jwt', 'dpop+jwt', '']) {
      expect(await refusal(verifier, apiRequest(await issuer.token({ nonce: 'n' }, { header: { typ } }))), typ).toEqual(
        invalidToken(/'typ' is/),
      )
    }
    const loose = createTokenVerifier({ issuer: { issuer: ISSUER, profile: 'jwt' }, audience: API, fetch: issuer.fetch })
    for (const claim of ['nonce', 'at_hash', 'c_hash']) {
      expect(
        await refusal(loose, apiRequest(await issuer.token({ [claim]: 'x', exp: 9_999_999_999 }, { header: { typ: 'JWT' } }))),
      ).toEqual(invalidToken(/it is an ID token/))
    }
  })

  it('refuses an expired token', async () => {
    const { verifier, issuer, clock } = await world()
    const token = await issuer.token()
    clock.pass(329)
    expect((await verifier.verify(apiRequest(token))).ok).toBe(true)
    clock.pass(1)
    expect(await refusal(verifier, apiRequest(token))).toEqual(invalidToken(/it has expired/))
    for (const exp of [undefined, '9999999999', null])
      expect((await refusal(verifier, apiRequest(await issuer.token({ exp }))))[0], String(exp)).toBe(401)
  })

  it('refuses a token that is not valid yet', async () => {
    const { verifier, issuer, clock } = await world()
    const seconds = clock.now() / 1000
    expect(await refusal(verifier, apiRequest(await issuer.token({ nbf: seconds + 31 })))).toEqual(invalidToken(/not valid yet/))
    expect(await refusal(verifier, apiRequest(await issuer.token({ iat: seconds + 31 })))).toEqual(invalidToken(/in the future/))
    expect((await verifier.verify(apiRequest(await issuer.token({ nbf: seconds + 30, iat: seconds + 30 })))).ok).toBe(true)
  })

  it('loads the keys again for an unknown key, at most once a minute', async () => {
    const { verifier, issuer, clock } = await world()
    const loads = (): number => issuer.fetched.filter((url) => url.endsWith('/jwks')).length
    await verifier.verify(apiRequest(await issuer.token()))
    expect(loads()).toBe(1)
    const stranger = await signingKey('stranger')
    const foreign = await issuer.token({}, { key: stranger })
    const unknown = invalidToken(/no key with its 'kid'/)
    for (let round = 0; round < 20; round += 1) expect(await refusal(verifier, apiRequest(foreign))).toEqual(unknown)
    expect(loads()).toBe(1)
    clock.pass(60)
    await Promise.all(Array.from({ length: 20 }, () => refusal(verifier, apiRequest(foreign))))
    expect(loads()).toBe(2)
    clock.pass(59)
    expect(await refusal(verifier, apiRequest(foreign))).toEqual(unknown)
    expect(loads()).toBe(2)
    // The issuer has rotated its keys.
    const next = await signingKey('next')
    issuer.keys = [next.publicJwk]
    clock.pass(1)
    expect((await verifier.verify(apiRequest(await issuer.token({}, { key: next })))).ok).toBe(true)
    expect(loads()).toBe(3)
    expect(await refusal(verifier, apiRequest(await issuer.token()))).toEqual(unknown)
  })

  it('refuses the token of another key with a known "kid"', async () => {
    const { verifier, issuer } = await world()
    const token = await issuer.token({}, { key: await signingKey('first') })
    expect(await refusal(verifier, apiRequest(token))).toEqual(invalidToken(/signature is wrong/))
  })

  it('refuses a token with a key, or the address of a key, in its header', async () => {
    const { verifier, issuer } = await world()
    const own = await signingKey('own')
    for (const header of [{ jwk: own.publicJwk }, { jku: 'https://evil.example/jwks' }, { x5u: 'https://evil.example/cert' }]) {
      expect((await refusal(verifier, apiRequest(await issuer.token({}, { key: own, header }))))[0], JSON.stringify(header)).toBe(
        401,
      )
    }
    expect(issuer.fetched.filter((url) => !url.startsWith(ISSUER))).toEqual([])
  })

  it('refuses a token that was changed after its signature', async () => {
    const { verifier, issuer } = await world()
    const [header, , signature] = (await issuer.token()).split('.')
    const [, payload] = (await issuer.token({ sub: 'mallory' })).split('.')
    expect(await refusal(verifier, apiRequest(`${header}.${payload}.${signature}`))).toEqual(invalidToken(/signature is wrong/))
  })

  it('refuses a scope that the token does not have with 403', async () => {
    const { verifier, issuer } = await world()
    const [status, challenge] = await refusal(verifier, apiRequest(await issuer.token()), { scope: 'orders:read orders:write' })
    expect(status).toBe(403)
    expect(challenge).toContain('error="insufficient_scope"')
    expect(challenge).toContain('scope="orders:read orders:write"')
  })

  it('requires a stronger or newer sign-in by a step-up challenge (RFC 9470)', async () => {
    const { verifier, issuer, clock } = await world()
    const authTime = clock.now() / 1000 - 100
    const token = await issuer.token({ acr: 'pwd', auth_time: authTime })
    expect((await verifier.verify(apiRequest(token), { acrValues: 'mfa pwd', maxAge: 100 })).ok).toBe(true)
    const [status, challenge] = await refusal(verifier, apiRequest(token), { acrValues: 'mfa', maxAge: 60 })
    expect(status).toBe(401)
    expect(challenge).toContain('error="insufficient_user_authentication"')
    expect(challenge).toContain('acr_values="mfa", max_age="60"')
    expect((await refusal(verifier, apiRequest(token), { maxAge: 60 }))[1]).not.toContain('acr_values')
    expect((await refusal(verifier, apiRequest(await issuer.token()), { maxAge: 60 }))[0]).toBe(401)
  })

  it('takes no sign-in in the future, such as one in milliseconds, for a recent one', async () => {
    const { verifier, issuer, clock } = await world()
    const now = clock.now() / 1000
    const statusOf = async (authTime: number): Promise<number> => {
      const verification = await verifier.verify(apiRequest(await issuer.token({ auth_time: authTime })), { maxAge: 60 })
      return verification.ok ? 200 : verification.response.status
    }
    expect(await Promise.all([now + 1, now + 3600, clock.now()].map(statusOf))).toEqual([200, 401, 401])
  })

  it('responds with 503 if the keys cannot be loaded, and asks again after five seconds', async () => {
    const { verifier, issuer, clock } = await world()
    issuer.responses.set('/jwks', () => Promise.reject(new TypeError('down')))
    const token = await issuer.token()
    for (let round = 0; round < 3; round += 1) {
      const verification = await verifier.verify(apiRequest(token))
      expect(!verification.ok && [verification.response.status, verification.response.headers.get('retry-after')]).toEqual([
        503,
        '5',
      ])
    }
    expect(issuer.fetched.filter((url) => url.endsWith('/jwks'))).toHaveLength(1)
    issuer.responses.delete('/jwks')
    clock.pass(5)
    expect((await verifier.verify(apiRequest(token))).ok).toBe(true)
  })

  it('uses known keys for an hour while the issuer is out of reach', async () => {
    const { verifier, issuer, clock } = await world()
    await verifier.verify(apiRequest(await issuer.token()))
    issuer.responses.set('/jwks', () => new Response(null, { status: 500 }))
    clock.pass(3599)
    expect((await verifier.verify(apiRequest(await issuer.token()))).ok).toBe(true)
    clock.pass(10)
    expect(await verifier.verify(apiRequest(await issuer.token()))).toMatchObject({ ok: false, error: { status: 503 } })
  })

  it.each([
    ['a redirect', () => Response.redirect('https://evil.example/jwks')],
    ['no JSON', () => new Response('<html>')],
    ['no keys', () => Response.json({ keys: 'none' })],
    ['more than half a megabyte', () => new Response(`{"keys":[]${' '.repeat(600_000)}}`)],
  ])('takes no keys from a response with %s', async (_, response) => {
    const { verifier, issuer } = await world()
    issuer.responses.set('/jwks', response)
    expect(await verifier.verify(apiRequest(await issuer.token()))).toMatchObject({ ok: false, error: { status: 503 } })
    expect(issuer.fetched.filter((url) => !url.startsWith(ISSUER))).toEqual([])
  })

  it('refuses the metadata of another issuer', async () => {
    const { verifier, issuer } = await world()
    const evil = { issuer: 'https://evil.example', jwks_uri: 'https://evil.example/jwks' }
    issuer.responses.set('/.well-known/openid-configuration', () => Response.json(evil))
    expect(await verifier.verify(apiRequest(await issuer.token()))).toMatchObject({ ok: false, error: { status: 503 } })
  })

  it('reports the reason of a refusal without the token', async () => {
    const reasons: string[] = []
    const { verifier, issuer } = await world({ onRefused: (error) => void reasons.push(`${error.message} ${error.stack}`) })
    const token = await issuer.token({ aud: 'other' })
    await verifier.verify(apiRequest(token))
    expect(reasons[0]).toMatch(/It is for|it is for "other"; expected "https:\/\/api\.example\.com"/)
    expect(reasons[0]).not.toContain(token)
  })
})

describe('a DPoP proof', () => {
  async function bound(options: Partial<TokenVerifierOptions> = {}): Promise<World & { key: ProofKey; token: string }> {
    const all = await world(options)
    const key = await proofKey(all.clock)
    return { ...all, key, token: await all.issuer.token({ cnf: { jkt: key.jkt } }) }
  }
  const send = (token: string, proof?: string, init: RequestInit = {}): Request =>
    apiRequest(token, { ...init, headers: { authorization: `DPoP ${token}`, ...(proof !== undefined && { dpop: proof }) } })
  const refused = (code: string, reason: RegExp): unknown => [
    401,
    expect.stringMatching(new RegExp(`^DPoP realm="${API}", error="${code}", error_description="[^"]*${reason.source}`)),
  ]

  it('is accepted with the token that is bound to its key', async () => {
    const { verifier, key, token } = await bound()
    expect(await verifier.verify(send(token, await key.proof(token)))).toMatchObject({ ok: true, token: { dpopJkt: key.jkt } })
  })

  it('is refused a second time, also by a second process', async () => {
    const { verifier, issuer, clock, key, token } = await bound()
    const proof = await key.proof(token)
    const replayStore = memoryReplayStore({ now: clock.now })
    const process = (): TokenVerifier =>
      createTokenVerifier({ issuer: ISSUER, audience: API, now: clock.now, fetch: issuer.fetch, dpop: { replayStore } })
    expect((await process().verify(send(token, proof))).ok).toBe(true)
    expect(await refusal(process(), send(token, proof))).toEqual(refused('invalid_dpop_proof', /used before/))
    expect((await verifier.verify(send(token, proof))).ok).toBe(true)
    const results = await Promise.all(Array.from({ length: 10 }, () => process().verify(send(token, proof))))
    expect(results.filter(({ ok }) => ok)).toEqual([])
  })

  it.each([
    ['another method', { htm: 'POST' }, /'htm'/],
    ['a method in other case', { htm: 'get' }, /'htm'/],
    ['another path', { htu: `${API}/admin` }, /'htu'/],
    ['another host', { htu: 'https://other.example.com/orders' }, /'htu'/],
    ['no URL', { htu: 7 }, /'htu'/],
    // `new URL` would take seconds for twenty times as many.
    ['a host that is not ASCII', { htu: `http://${'\u00e9'.repeat(900)}/orders` }, /'htu'/],
    ['a URL with a query', { htu: `${API}/orders?a=1` }, /'htu'/],
    ['another token', { ath: 'x'.repeat(43) }, /'ath'/],
    ['no token', { ath: undefined }, /'ath'/],
    ['no id', { jti: '' }, /'jti'/],
    ['no time', { iat: undefined }, /dpop\+jwt/],
  ])('is refused for %s', async (_, claims, reason) => {
    const { verifier, key, token } = await bound()
    const proof = await key.proof(token, claims)
    expect(await refusal(verifier, send(token, proof))).toEqual(refused('invalid_dpop_proof', reason))
  })

  it.each([-61, 61])('is refused if it was created %i seconds from now', async (seconds) => {
    const { verifier, key, token, clock } = await bound()
    const proof = await key.proof(token, { iat: clock.now() / 1000 + seconds })
    expect(await refusal(verifier, send(token, proof))).toEqual(refused('invalid_dpop_proof', /'iat'/))
  })

  it('is refused if its type is another one, or if it is no JWT', async () => {
    const { verifier, key, token } = await bound()
    for (const proof of [await key.proof(token, {}, { typ: 'JWT' }), token, 'x', 'a.b.c', 'x'.repeat(9000)])
      expect(await refusal(verifier, send(token, proof))).toEqual(refused('invalid_dpop_proof', /it is/))
  })

  it('is refused if another key than that of the token has signed it', async () => {
    const { verifier, token, clock } = await bound()
    const stranger = await proofKey(clock)
    expect(await refusal(verifier, send(token, await stranger.proof(token)))).toEqual(
      refused('invalid_dpop_proof', /another key/),
    )
  })

  it('is required by a bound token, whatever the scheme', async () => {
    const { verifier, token, key } = await bound()
    expect(await refusal(verifier, send(token))).toEqual(refused('invalid_dpop_proof', /has none/))
    expect(await refusal(verifier, apiRequest(token))).toEqual(invalidToken(/scheme must be 'DPoP'/))
    const headers = { authorization: `Bearer ${token}`, dpop: await key.proof(token) }
    expect((await refusal(verifier, apiRequest(token, { headers })))[0]).toBe(401)
    const proofs = `${await key.proof(token)}, ${await key.proof(token)}`
    expect((await refusal(verifier, send(token, proofs)))[0]).toBe(401)
  })

  it('is refused with a token that is not bound, or bound in another way', async () => {
    const { verifier, issuer, key } = await bound()
    for (const cnf of [undefined, { 'x5t#S256': 'x' }, {}, 'text', { jkt: 7 }]) {
      const token = await issuer.token({ cnf })
      expect((await refusal(verifier, send(token, await key.proof(token))))[0], JSON.stringify(cnf)).toBe(401)
      if (cnf !== undefined) expect((await refusal(verifier, apiRequest(token)))[0]).toBe(401)
    }
  })

  it('can be required, and then no challenge offers a bearer token', async () => {
    const { verifier, issuer } = await bound({ dpop: { required: true } })
    expect((await refusal(verifier, apiRequest()))[1]).not.toContain('Bearer')
    const [status, challenge] = await refusal(verifier, apiRequest(await issuer.token()))
    expect([status, challenge]).toEqual(refused('invalid_token', /not bound to a key/))
    expect(verifier.metadata).toMatchObject({ dpop_bound_access_tokens_required: true })
  })

  it('needs a nonce of this API if there is a secret for it, and each process accepts it', async () => {
    const dpop = { nonceSecret: crypto.getRandomValues(new Uint8Array(32)) }
    const { verifier, key, token, issuer, clock } = await bound({ dpop })
    const first = await verifier.verify(send(token, await key.proof(token)))
    if (first.ok) throw new Error('The proof has no nonce')
    expect(first.response.headers.get('www-authenticate')).toMatch(/^DPoP .*error="use_dpop_nonce"/)
    const nonce = first.response.headers.get('dpop-nonce') ?? ''
    const second = createTokenVerifier({ issuer: ISSUER, audience: API, now: clock.now, fetch: issuer.fetch, dpop })
    expect((await second.verify(send(token, await key.proof(token, { nonce })))).ok).toBe(true)
    for (const wrong of [`${nonce}x`, 'guess', 7])
      expect((await refusal(verifier, send(token, await key.proof(token, { nonce: wrong }))))[1]).toContain('use_dpop_nonce')
    clock.pass(300)
    expect(
      (await refusal(verifier, send(await issuer.token({ cnf: { jkt: key.jkt } }), await key.proof(token, { nonce }))))[0],
    ).toBe(401)
  })

  it('is for the address that clients know, not for the one that the sender names', async () => {
    const { issuer, key, clock } = await bound()
    const token = await issuer.token({ cnf: { jkt: key.jkt }, aud: 'api' })
    const make = (options: Partial<TokenVerifierOptions>): TokenVerifier =>
      createTokenVerifier({ issuer: ISSUER, audience: 'api', now: clock.now, fetch: issuer.fetch, ...options })
    const from = async (url: string, htu: string): Promise<Request> =>
      new Request(url, { headers: { authorization: `DPoP ${token}`, dpop: await key.proof(token, { htu }) } })
    const evil = 'https://evil.example/orders'
    expect((await refusal(make({}), await from(evil, evil)))[1]).toContain('does not know its own origin')
    expect((await refusal(make({ origin: API }), await from(evil, evil)))[0]).toBe(401)
    expect((await refusal(make({ resource: `${API}/v1` }), await from(evil, evil)))[0]).toBe(401)
    const behindProxy = 'http://10.0.0.7:8080/orders?page=2'
    expect((await make({ origin: API }).verify(await from(behindProxy, `${API}/orders`))).ok).toBe(true)
    expect((await make({ resource: API }).verify(await from(behindProxy, `${API}/orders`))).ok).toBe(true)
    // The usual proxy on the same machine names its own target.
    expect((await make({ resource: API }).verify(await from('http://127.0.0.1:3000/orders', `${API}/orders`))).ok).toBe(true)
    const local = 'http://localhost:3000/orders'
    expect((await make({ resource: API }).verify(await from(local, local))).ok).toBe(true)
    expect((await refusal(make({ origin: API }), await from(local, local)))[0]).toBe(401)
  })

  it('responds with 503 if the replay store fails, and lets nothing through', async () => {
    const replayStore = { add: () => Promise.reject(new Error('redis is down')) }
    const { verifier, key, token } = await bound({ dpop: { replayStore } })
    expect(await verifier.verify(send(token, await key.proof(token)))).toMatchObject({ ok: false, error: { status: 503 } })
  })

  it('is not stored by a request that is refused otherwise', async () => {
    const keys: string[] = []
    const replayStore = { add: (key: string) => Promise.resolve(keys.push(key) > 0) }
    const { verifier, key, issuer, clock } = await bound({ dpop: { replayStore } })
    const stranger = await proofKey(clock)
    const tokens = [await issuer.token({ cnf: { jkt: key.jkt }, aud: 'other' }), await issuer.token({ cnf: { jkt: key.jkt } })]
    await verifier.verify(send(tokens[0] ?? '', await key.proof(tokens[0] ?? '')))
    await verifier.verify(send(tokens[1] ?? '', await stranger.proof(tokens[1] ?? '')))
    expect(keys).toEqual([])
  })
})

async function publicKeyOf(issuer: TestIssuer): Promise<CryptoKey> {
  const key = await importJWK(issuer.key.publicJwk, 'ES256', { extractable: true })
  if (key instanceof Uint8Array) throw new Error('not a key pair')
  return key
}
