import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTokenVerifier, type TokenVerifier } from './create-token-verifier.js'
import { API, apiRequest, ISSUER, signingKey, testClock, testIssuer, type TestIssuer } from './test-issuer.fixture.js'
import type { TokenVerifierOptions } from './verifier-options.js'

const clock = testClock()

async function verifierOf(options: Partial<TokenVerifierOptions> = {}): Promise<{ issuer: TestIssuer; verifier: TokenVerifier }> {
  const issuer = await testIssuer(clock)
  const verifier = createTokenVerifier({ issuer: ISSUER, audience: API, now: clock.now, fetch: issuer.fetch, ...options })
  return { issuer, verifier }
}

const form = (token: string): RequestInit => ({ method: 'POST', body: new URLSearchParams({ access_token: token, item: '7' }) })

describe('a token in a request', () => {
  it('is looked for in the header alone, unless "places" has others', async () => {
    const { issuer, verifier } = await verifierOf()
    const token = await issuer.token()
    expect((await verifier.verify(apiRequest(undefined, form(token)))).ok).toBe(false)
    expect((await verifier.verify(apiRequest(undefined, { path: `/orders?access_token=${token}` }))).ok).toBe(false)
    expect((await verifier.verify(apiRequest(undefined, { headers: { authorization: `bearer  ${token}` } }))).ok).toBe(true)
  })

  it('may be in a form or in the query, and the body stays readable', async () => {
    const { issuer, verifier } = await verifierOf({ places: ['header', 'body', 'query'] })
    const token = await issuer.token()
    const request = apiRequest(undefined, form(token))
    expect(await verifier.verify(request)).toMatchObject({ ok: true, token: { place: 'body' }, headers: {} })
    expect((await request.formData()).get('item')).toBe('7')
    const inQuery = await verifier.verify(apiRequest(undefined, { path: `/orders?access_token=${token}` }))
    expect(inQuery).toMatchObject({ ok: true, token: { place: 'query' }, headers: { 'cache-control': 'private' } })
    expect(verifier.metadata).toMatchObject({ bearer_methods_supported: ['header', 'body', 'query'] })
  })

  it('is refused with 400 if there are several, or the header is malformed', async () => {
    const { issuer, verifier } = await verifierOf({ places: ['header', 'body', 'query'] })
    const token = await issuer.token()
    const requests = [
      apiRequest(token, form(token)),
      apiRequest(token, { path: `/orders?access_token=${token}` }),
      apiRequest(undefined, { path: `/orders?access_token=${token}&access_token=${token}` }),
      apiRequest(undefined, { headers: { authorization: `Bearer ${token} ${token}` } }),
      apiRequest(undefined, { headers: { authorization: `Bearer ${token}, DPoP ${token}` } }),
      apiRequest(undefined, { headers: { authorization: 'Bearer' } }),
      apiRequest('x'.repeat(20_000)),
    ]
    for (const request of requests) {
      const verification = await verifier.verify(request)
      expect(verification).toMatchObject({ ok: false, error: { code: 'invalid_request', status: 400 } })
      expect(!verification.ok && verification.response.headers.get('www-authenticate')).toContain('error="invalid_request"')
    }
  })

  it('is missing if the header has another scheme', async () => {
    const { verifier } = await verifierOf()
    for (const authorization of ['abc', 'Basic YTpi', 'Bearers y', 'Digest a=b']) {
      expect(await verifier.verify(apiRequest(undefined, { headers: { authorization } }))).toMatchObject({
        error: { code: 'missing_token' },
      })
    }
  })
})

describe('several issuers', () => {
  it('each vouch for their own tokens and audiences', async () => {
    const one = await testIssuer(clock)
    const other = await testIssuer(clock, 'https://login.example.org')
    const verifier = createTokenVerifier({
      issuer: [one.issuer, { issuer: other.issuer, audience: 'orders-api' }],
      audience: API,
      now: clock.now,
      fetch: (url, init) => (url.startsWith(one.issuer) ? one : other).fetch(url, init),
    })
    expect(await verifier.verify(apiRequest(await one.token()))).toMatchObject({ ok: true, token: { issuer: one.issuer } })
    const fromOther = await verifier.verify(apiRequest(await other.token({ aud: 'orders-api' })))
    expect(fromOther).toMatchObject({ ok: true, token: { issuer: other.issuer } })
    const refused = [
      await other.token(),
      await one.token({ aud: 'orders-api' }),
      // Signed by one, in the name of the other.
      await one.token({ iss: other.issuer, aud: 'orders-api' }),
      await one.token({ iss: 'https://third.example' }),
      'a.b.c',
    ]
    for (const token of refused)
      expect(await verifier.verify(apiRequest(token))).toMatchObject({ error: { code: 'invalid_token' } })
    expect(verifier.metadata?.authorization_servers).toEqual([one.issuer, other.issuer])
  })

  it('are refused if one is named twice, or none', () => {
    expect(() => createTokenVerifier({ issuer: [ISSUER, { issuer: ISSUER, audience: 'b' }], audience: API })).toThrow(/twice/)
    expect(() => createTokenVerifier({ issuer: [], audience: API })).toThrow(/at least one/)
  })
})

describe('the keys of an issuer', () => {
  it('may be without "kid": all keys of the algorithm are tried', async () => {
    const { issuer, verifier } = await verifierOf()
    const second = await signingKey('second')
    issuer.keys = [issuer.key.publicJwk, second.publicJwk].map((jwk) => ({ ...jwk, kid: undefined }) as never)
    const header = { kid: undefined }
    expect((await verifier.verify(apiRequest(await issuer.token({}, { header })))).ok).toBe(true)
    expect((await verifier.verify(apiRequest(await issuer.token({}, { header, key: second })))).ok).toBe(true)
    const stranger = await signingKey('stranger')
    expect(await verifier.verify(apiRequest(await issuer.token({}, { header, key: stranger })))).toMatchObject({
      error: { status: 401 },
    })
  })

  it('may be given, and then nothing is fetched', async () => {
    const issuer = await testIssuer(clock)
    const options = { issuer: ISSUER, jwks: { keys: [issuer.key.publicJwk] } }
    const verifier = createTokenVerifier({ issuer: options, audience: API, now: clock.now, fetch: issuer.fetch })
    expect((await verifier.verify(apiRequest(await issuer.token()))).ok).toBe(true)
    expect(issuer.fetched).toEqual([])
  })

  it('are found by the metadata of RFC 8414 if there is no OpenID configuration', async () => {
    const { issuer, verifier } = await verifierOf()
    issuer.responses.set('/.well-known/openid-configuration', () => new Response(null, { status: 404 }))
    const metadata = { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` }
    issuer.responses.set('/.well-known/oauth-authorization-server', () => Response.json(metadata))
    expect((await verifier.verify(apiRequest(await issuer.token()))).ok).toBe(true)
  })

  it('are loaded once for concurrent requests', async () => {
    const { issuer, verifier } = await verifierOf()
    const token = await issuer.token()
    const results = await Promise.all(Array.from({ length: 20 }, () => verifier.verify(apiRequest(token))))
    expect(results.every(({ ok }) => ok)).toBe(true)
    expect(issuer.fetched).toHaveLength(2)
  })
})

describe('the profile of RFC 9068', () => {
  it('accepts its media type in every spelling', async () => {
    const { issuer, verifier } = await verifierOf()
    for (const typ of ['at+jwt', 'application/at+jwt', 'AT+JWT'])
      expect((await verifier.verify(apiRequest(await issuer.token({}, { header: { typ } })))).ok, typ).toBe(true)
  })

  it.each(['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'])('refuses a token without "%s"', async (name) => {
    const { issuer, verifier } = await verifierOf()
    const verification = await verifier.verify(apiRequest(await issuer.token({ [name]: undefined })))
    expect(verification).toMatchObject({
      ok: false,
      error: { code: 'invalid_token', message: expect.stringContaining(`"${name}"`) },
    })
  })
})

describe('a schema for the claims', () => {
  const claims = z.object({ sub: z.string(), tenant: z.string(), roles: z.array(z.string()).default([]) })

  it('types them, and requirements still see those that it drops', async () => {
    const issuer = await testIssuer(clock)
    const verifier = createTokenVerifier({ issuer: ISSUER, audience: API, claims, now: clock.now, fetch: issuer.fetch })
    const token = await issuer.token({ tenant: 'acme', acr: 'mfa' })
    const verification = await verifier.verify(apiRequest(token), { acrValues: 'mfa' })
    if (!verification.ok) throw verification.error
    const { tenant, roles }: { tenant: string; roles: string[] } = verification.token.claims
    expect([tenant, roles]).toEqual(['acme', []])
    expect(verification.token.claims).not.toHaveProperty('acr')
  })

  it('refuses a token whose claims do not fit, and names them without their values', async () => {
    const issuer = await testIssuer(clock)
    const verifier = createTokenVerifier({ issuer: ISSUER, audience: API, claims, now: clock.now, fetch: issuer.fetch })
    const verification = await verifier.verify(apiRequest(await issuer.token({ tenant: 7, roles: ['hidden', 8] })))
    if (verification.ok) throw new Error('The claims do not fit')
    expect(await verification.response.json()).toEqual({
      error: 'invalid_token',
      error_description: 'the access token is not valid: these claims are not as the API expects them: tenant, roles.1',
    })
  })
})

describe('protected resource metadata (RFC 9728)', () => {
  it.each([
    ['https://api.example.com', 'https://api.example.com/.well-known/oauth-protected-resource'],
    ['https://api.example.com/', 'https://api.example.com/.well-known/oauth-protected-resource'],
    ['https://api.example.com/v1', 'https://api.example.com/.well-known/oauth-protected-resource/v1'],
    ['https://api.example.com/v1?tenant=a', 'https://api.example.com/.well-known/oauth-protected-resource/v1?tenant=a'],
  ])('of %s are served at %s', async (resource, url) => {
    const { verifier } = await verifierOf({ resource, metadata: { scopes_supported: ['orders:read'], resource_name: 'Orders' } })
    expect(verifier.metadataUrl).toBe(url)
    const response = verifier.handleMetadata(new Request(url))
    expect(response?.headers.get('access-control-allow-origin')).toBe('*')
    expect(await response?.json()).toEqual({
      resource,
      authorization_servers: [ISSUER],
      scopes_supported: ['orders:read'],
      resource_name: 'Orders',
      bearer_methods_supported: ['header'],
      dpop_signing_alg_values_supported: ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'RS256', 'PS256'],
    })
    expect(verifier.handleMetadata(new Request(`${API}/orders`))).toBeUndefined()
    const refused = await verifier.verify(apiRequest())
    expect(!refused.ok && refused.response.headers.get('www-authenticate')).toContain(`resource_metadata="${url}"`)
  })

  it('lead a client of an MCP server on: address and scope are in the challenge, for bearer tokens and DPoP', async () => {
    const { verifier, issuer } = await verifierOf({ resource: `${API}/mcp` })
    const metadata = `resource_metadata="${API}/.well-known/oauth-protected-resource/mcp"`
    for (const token of [undefined, await issuer.token({ scope: 'tools:list' })]) {
      const refused = await verifier.verify(apiRequest(token), { scope: 'tools:list tools:call' })
      const challenge = (!refused.ok && refused.response.headers.get('www-authenticate')) || ''
      expect(challenge).toMatch(/^Bearer .*, DPoP /)
      expect(challenge.split('scope="tools:list tools:call"')).toHaveLength(3)
      expect(challenge.split(metadata)).toHaveLength(3)
    }
  })

  it('have no address if the API has no URL, or with "metadata: false"', async () => {
    for (const options of [{ audience: 'orders' }, { metadata: false as const }]) {
      const { verifier } = await verifierOf(options)
      expect([verifier.metadata, verifier.metadataUrl]).toEqual([undefined, undefined])
      const refused = await verifier.verify(apiRequest())
      expect(!refused.ok && refused.response.headers.get('www-authenticate')).not.toContain('resource_metadata')
    }
  })
})

describe('createTokenVerifier', () => {
  it.each([
    [{ audience: undefined }, /"audience"/],
    [{ audience: '' }, /"audience"/],
    [{ audience: [] }, /"audience"/],
    [{ issuer: 'http://id.example.com' }, /"issuer" must be a URL with https/],
    [{ issuer: 'id.example.com' }, /"issuer" must be a URL/],
    [{ issuer: { issuer: ISSUER, algorithms: ['HS256'] } }, /asymmetric/],
    [{ issuer: { issuer: ISSUER, algorithms: ['none'] } }, /asymmetric/],
    [{ issuer: { issuer: ISSUER, jwksUri: 'http://id.example.com/jwks' } }, /"jwksUri"/],
    [
      { issuer: { issuer: ISSUER, introspection: { clientId: 'api', endpoint: 'http://id.example.com/i' } } },
      /"introspection.endpoint"/,
    ],
    [{ origin: 'https://api.example.com/' }, /"origin"/],
    [{ resource: 'https://api.example.com/#a' }, /"resource"/],
    [{ places: ['cookie'] }, /"places"/],
    [{ places: [] }, /"places"/],
    [{ dpop: { nonceSecret: new Uint8Array(31) } }, /32 random bytes/],
    [{ dpop: { require: true } }, /"require" is unknown/],
    [{ audiences: API }, /"audiences" is unknown/],
    [{ clockTolerance: 601 }, /"clockTolerance"/],
    [{ clockTolerance: Number.NaN }, /"clockTolerance"/],
  ])('refuses %j', (wrong, message) => {
    const options = { issuer: ISSUER, audience: API, ...wrong } as TokenVerifierOptions
    expect(() => createTokenVerifier(options)).toThrow(message)
  })

  it('refuses requirements that it does not know', async () => {
    const { verifier } = await verifierOf()
    for (const wrong of [{ scopes: 'a' }, { scope: '' }, { scope: ['a'] }, { maxAge: -1 }, { acrValues: ' ' }])
      await expect(verifier.verify(apiRequest(), wrong as object)).rejects.toThrow(TypeError)
  })
})
