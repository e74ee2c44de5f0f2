import { ClientSecretPost } from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { createTokenVerifier, type TokenVerifier } from '../verifier/create-token-verifier.js'
import {
  API,
  apiRequest,
  ISSUER,
  proofKey,
  testClock,
  testIssuer,
  type TestClock,
  type TestIssuer,
} from '../verifier/test-issuer.fixture.js'
import type { IssuerIntrospectionOptions } from './issuer-options.js'

interface World {
  readonly clock: TestClock
  readonly issuer: TestIssuer
  readonly verifier: TokenVerifier
  /** Requests to the endpoint: client authentication and token. */
  readonly asked: Array<readonly [string | null, string | null]>
}

async function world(
  response: Readonly<Record<string, unknown>>,
  options: Partial<IssuerIntrospectionOptions> = {},
): Promise<World> {
  const clock = testClock()
  const issuer = await testIssuer(clock)
  const asked: World['asked'] = []
  issuer.responses.set('/introspect', (init) => {
    const { headers } = new Request(ISSUER, init)
    const body = new URLSearchParams(init.body as URLSearchParams)
    asked.push([headers.get('authorization') ?? body.get('client_secret'), body.get('token')])
    return Response.json({
      active: true,
      aud: API,
      sub: 'ada',
      client_id: 'spa',
      scope: 'orders:read',
      exp: clock.now() / 1000 + 300,
      ...response,
    })
  })
  const introspection = { clientId: 'api', clientSecret: 's3cret', ...options }
  const verifier = createTokenVerifier({
    issuer: { issuer: ISSUER, introspection },
    audience: API,
    now: clock.now,
    fetch: issuer.fetch,
  })
  return { clock, issuer, verifier, asked }
}

describe('an opaque token', () => {
  it('is introspected with the client authentication of the API', async () => {
    const { verifier, asked } = await world({ acr: 'mfa' })
    const verification = await verifier.verify(apiRequest('opaque'), { scope: 'orders:read', acrValues: 'mfa' })
    expect(verification).toMatchObject({ ok: true, token: { sub: 'ada', clientId: 'spa', scope: ['orders:read'] } })
    expect(asked).toEqual([[`Basic ${btoa('api:s3cret')}`, 'opaque']])
    const post = await world({}, { clientAuth: ClientSecretPost('other') })
    expect((await post.verifier.verify(apiRequest('opaque'))).ok).toBe(true)
    expect(post.asked).toEqual([['other', 'opaque']])
  })

  it('is introspected once a minute, and never accepted after its expiry', async () => {
    const { verifier, asked, clock } = await world({ exp: undefined })
    const send = async (): Promise<boolean> => (await verifier.verify(apiRequest('opaque'))).ok
    expect(await Promise.all([send(), send(), send()])).toEqual([true, true, true])
    clock.pass(59)
    expect([await send(), asked.length]).toEqual([true, 1])
    clock.pass(1)
    expect([await send(), asked.length]).toEqual([true, 2])
    const short = await world({}, { cacheSeconds: 3600 })
    await short.verifier.verify(apiRequest('opaque'))
    short.clock.pass(299)
    await short.verifier.verify(apiRequest('opaque'))
    expect(short.asked).toHaveLength(1)
    short.issuer.responses.set('/introspect', () => Response.json({ active: false }))
    short.clock.pass(1)
    expect(await short.verifier.verify(apiRequest('opaque'))).toMatchObject({ error: { code: 'invalid_token' } })
  })

  it('is introspected each time with "cacheSeconds: 0"', async () => {
    const { verifier, asked } = await world({}, { cacheSeconds: 0 })
    for (let round = 0; round < 3; round += 1) await verifier.verify(apiRequest('opaque'))
    expect(asked).toHaveLength(3)
  })

  it('keeps a thousand responses, and no inactive token', async () => {
    const { verifier, asked, issuer } = await world({})
    for (let index = 0; index <= 1000; index += 1) await verifier.verify(apiRequest(`token${index}`))
    await verifier.verify(apiRequest('token1000'))
    expect(asked).toHaveLength(1001)
    await verifier.verify(apiRequest('token0'))
    expect(asked).toHaveLength(1002)
    let inactive = 0
    issuer.responses.set('/introspect', () => Response.json({ active: (inactive += 1) < 0 }))
    for (let round = 0; round < 2; round += 1)
      expect(await verifier.verify(apiRequest('guess'))).toMatchObject({ ok: false, error: { code: 'invalid_token' } })
    expect(inactive).toBe(2)
  })

  it.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['another audience', { aud: 'https://other.example.com' }],
    ['no audience', { aud: undefined }],
    ['an expiry in the past', { exp: Date.UTC(2026, 10, 26) / 1000 }],
    ['a time in the future', { nbf: Date.UTC(2026, 10, 28) / 1000 }],
    ['the type of a refresh token', { token_type: 'refresh_token' }],
    ['no activity', { active: false }],
  ])('is refused if its response has %s', async (_, response) => {
    const { verifier } = await world(response)
    expect(await verifier.verify(apiRequest('opaque'))).toMatchObject({
      ok: false,
      error: { code: 'invalid_token', status: 401 },
    })
  })

  it('needs no audience with "requireAudience: false", but never has another one', async () => {
    const without = await world({ aud: undefined }, { requireAudience: false })
    expect((await without.verifier.verify(apiRequest('opaque'))).ok).toBe(true)
    const other = await world({ aud: 'other' }, { requireAudience: false })
    expect((await other.verifier.verify(apiRequest('opaque'))).ok).toBe(false)
  })

  it('that is bound to a key needs a proof', async () => {
    const clock = testClock()
    const key = await proofKey(clock)
    const { verifier } = await world({ cnf: { jkt: key.jkt }, token_type: 'DPoP' })
    expect((await verifier.verify(apiRequest('opaque'))).ok).toBe(false)
    const headers = { authorization: 'DPoP opaque', dpop: await key.proof('opaque') }
    expect(await verifier.verify(apiRequest('opaque', { headers }))).toMatchObject({ ok: true, token: { dpopJkt: key.jkt } })
  })

  it('is refused with 503 if the endpoint fails, or refuses the API', async () => {
    const { verifier, issuer } = await world({})
    for (const response of [
      new Response(null, { status: 500 }),
      Response.json({ error: 'invalid_client' }, { status: 401 }),
      new Response('x'),
    ]) {
      issuer.responses.set('/introspect', () => response.clone())
      expect(await verifier.verify(apiRequest('opaque'))).toMatchObject({ ok: false, error: { status: 503 } })
    }
    expect(await verifier.verify(apiRequest('opaque'))).toMatchObject({
      error: { message: expect.not.stringContaining('s3cret') },
    })
  })

  it('is refused without introspection', async () => {
    const clock = testClock()
    const issuer = await testIssuer(clock)
    const verifier = createTokenVerifier({ issuer: ISSUER, audience: API, fetch: issuer.fetch })
    expect(await verifier.verify(apiRequest('opaque'))).toMatchObject({
      error: { code: 'invalid_token', hint: expect.stringContaining('"introspection"') },
    })
    expect(issuer.fetched).toEqual([])
  })
})

describe('a JWT of an issuer with introspection', () => {
  it('is checked by its signature, or introspected with "tokens: \'all\'"', async () => {
    const signed = await world({})
    expect((await signed.verifier.verify(apiRequest(await signed.issuer.token()))).ok).toBe(true)
    expect(signed.asked).toEqual([])
    const all = await world({}, { tokens: 'all' })
    const token = await all.issuer.token()
    expect((await all.verifier.verify(apiRequest(token))).ok).toBe(true)
    expect(all.asked.map(([, asked]) => asked)).toEqual([token])
    all.issuer.responses.set('/introspect', () => Response.json({ active: false }))
    all.clock.pass(60)
    expect((await all.verifier.verify(apiRequest(token))).ok).toBe(false)
  })
})
