import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { verifyIdToken } from '../endpoints.js'
import { sharedKey, createTestServer, issuer, metadata, redirectUri, type TestServer } from '../protocol/test-server.fixture.js'
import { failure } from '../protocol/sign-in.fixture.js'
import type { ServerMetadata } from '../protocol/server-metadata.js'
import { createAuthorizationUrl } from './authorization-url.js'
import { countOf, createClientBench } from './client.fixture.js'
import type { ClientOptions } from './client-options.js'
import { createOAuthClient } from './create-client.js'
import { memory } from '../storage/memory.js'

const ENTRA = 'https://login.example'
const TEMPLATE = `${ENTRA}/{tid}/v2.0`

describe('"issuer" with "server": explicit values win over discovered ones', () => {
  it('signs in at the explicit endpoint and keeps the other discovered ones', async () => {
    // covers B-041
    const { client, server } = await createClientBench({ server: { token_endpoint: `${issuer}/own-token` } })
    const seen: string[] = []
    server.faults = {
      respond: async (request) => {
        seen.push(new URL(request.url).pathname)
        return request.url.endsWith('/own-token') ? server.fetch(`${issuer}/token`, { method: 'POST' }) : undefined
      },
    }
    await client.login()
    expect(seen).toEqual(expect.arrayContaining(['/.well-known/openid-configuration', '/own-token']))
    await client.logout()
    expect(countOf(server, 'POST /revoke')).toBe(1)
  })

  it('removes a discovered member that is null', async () => {
    // covers B-041
    const { client, server } = await createClientBench({ server: { revocation_endpoint: null } })
    await client.login()
    await client.logout()
    expect(countOf(server, 'POST /revoke')).toBe(0)
  })

  it('takes the issuer that the document must name from "server"', async () => {
    const { client } = await createClientBench({ issuer: 'https://other.example', server: { issuer } })
    await client.login()
    expect(client.getSnapshot().claims).toMatchObject({ iss: issuer })
  })

  it('still refuses a document for another issuer', async () => {
    const { client } = await createClientBench({ issuer: 'https://other.example', server: { token_endpoint: `${issuer}/token` } })
    expect(await failure(client.login())).toMatchObject({ code: 'issuer_mismatch' })
  })

  it('does not use stored metadata that was made with other overrides', async () => {
    const server = await createTestServer()
    const records = new Map<string, unknown>()
    const storage = mapStorage(records)
    const endpointWith = async (overrides: ClientOptions['server']): Promise<string> => {
      const client = createOAuthClient({
        issuer,
        server: overrides,
        clientId: 'client-1',
        redirectUri,
        fetch: server.fetch,
        storage,
      })
      const { url } = await createAuthorizationUrl(client)
      return url.origin + url.pathname
    }
    expect(await endpointWith({ authorization_endpoint: 'https://a.example/auth' })).toBe('https://a.example/auth')
    expect(await endpointWith(undefined)).toBe(metadata.authorization_endpoint)
  })

  it('fetches the document of "metadataUrl" and checks the issuer in it', async () => {
    // covers B-041
    const { client, server } = await createClientBench({ metadataUrl: `${issuer}/own/metadata` })
    server.faults = { respond: (request) => (request.url.endsWith('/own/metadata') ? Response.json(metadata) : undefined) }
    await client.login()
    expect(client.getSnapshot().status).toBe('signed-in')
    expect(countOf(server, 'GET /.well-known/openid-configuration')).toBe(0)
  })
})

/** Storage over a map, to be shared by clients that follow one another. */
function mapStorage(records: Map<string, unknown>): ClientOptions['storage'] {
  return {
    persistent: true,
    keepsCryptoKeys: true,
    get: async (key) => records.get(key),
    update: async (key, change) => {
      const next = change(records.get(key))
      if (next === undefined) records.delete(key)
      else records.set(key, next)
    },
    keys: async () => [...records.keys()].map(String),
  }
}

/** A server with an issuer for each tenant. */
async function tenantBench(options: Partial<ClientOptions>, claims: object, answer: Record<string, string | undefined> = {}) {
  const document: ServerMetadata = { ...metadata, issuer: `${ENTRA}/{tenantid}/v2.0` }
  const bench = await createClientBench({ issuer: `${ENTRA}/common/v2.0`, ...options }, { answer: { iss: undefined, ...answer } })
  bench.server.faults = {
    respond: (request) => {
      const { pathname } = new URL(request.url)
      return pathname.includes('.well-known')
        ? Response.json({ ...document, authorization_response_iss_parameter_supported: false })
        : undefined
    },
    claims: { ...claims },
  }
  return bench
}

describe('"acceptedIssuers": servers with an issuer per tenant', () => {
  const acceptAny = (one: string): boolean => one.startsWith(`${ENTRA}/`)

  it.each(['https://{tid}.example/', 'https://login.example/a{tid}/x', 'https://login.example/{tid', '', 'tenant', [5]])(
    'refuses what no issuer is equal to: %j',
    async (acceptedIssuers) => {
      await expect(async () => tenantBench({ acceptedIssuers } as never, {})).rejects.toMatchObject({
        code: 'configuration',
        message: expect.stringContaining('"acceptedIssuers"'),
      })
    },
  )

  it.each([
    ['a template', { acceptedIssuers: TEMPLATE }],
    ['a list', { acceptedIssuers: [`${ENTRA}/other/v2.0`, TEMPLATE] }],
    ['a function', { acceptedIssuers: acceptAny }],
  ])('accepts by %s', async (_how, options) => {
    const { client } = await tenantBench(options, { iss: `${ENTRA}/t1/v2.0`, tid: 't1' })
    await client.login()
    expect(client.getSnapshot().claims).toMatchObject({ iss: `${ENTRA}/t1/v2.0` })
    await client.refresh()
    expect(client.getSnapshot().status).toBe('signed-in')
  })

  it.each([
    ['the tenant of the issuer is not that of the claim', { acceptedIssuers: TEMPLATE }, { iss: `${ENTRA}/t2/v2.0`, tid: 't1' }],
    ['the claim is absent', { acceptedIssuers: TEMPLATE }, { iss: `${ENTRA}/t1/v2.0` }],
    ['the tenant is empty', { acceptedIssuers: TEMPLATE }, { iss: `${ENTRA}//v2.0`, tid: '' }],
    ['the host is another', { acceptedIssuers: TEMPLATE }, { iss: 'https://evil.example/t1/v2.0', tid: 't1' }],
    ['the path is longer', { acceptedIssuers: TEMPLATE }, { iss: `${ENTRA}/t1/x/v2.0`, tid: 't1/x' }],
    [
      'the function refuses it',
      { acceptedIssuers: (one: string, claims?: object) => claims === undefined || one.endsWith('/t9') },
      { iss: `${ENTRA}/t1/v2.0`, tid: 't1' },
    ],
    [
      'the function is async, whose promise is no decision',
      { acceptedIssuers: ((_: string, claims?: object) => claims === undefined || Promise.resolve(false)) as never },
      { iss: `${ENTRA}/t1/v2.0`, tid: 't1' },
    ],
  ])('refuses an ID token if %s', async (_what, options, claims) => {
    const { client } = await tenantBench(options, claims)
    expect(await failure(client.login())).toMatchObject({ code: 'invalid_id_token' })
  })

  it('binds the ID token to the "iss" of the authorization response', async () => {
    const claims = { iss: `${ENTRA}/t1/v2.0`, tid: 't1' }
    const same = await tenantBench({ acceptedIssuers: TEMPLATE }, claims, { iss: `${ENTRA}/t1/v2.0` })
    await same.client.login()
    expect(same.client.getSnapshot().status).toBe('signed-in')
    const other = await tenantBench({ acceptedIssuers: TEMPLATE }, claims, { iss: `${ENTRA}/t2/v2.0` })
    expect(await failure(other.client.login())).toMatchObject({ code: 'invalid_id_token' })
    const evil = await tenantBench({ acceptedIssuers: TEMPLATE }, claims, { iss: 'https://evil.example/t1/v2.0' })
    expect(await failure(evil.client.login())).toMatchObject({ code: 'issuer_mismatch' })
    expect(countOf(evil.server, 'POST /token')).toBe(0)
  })

  it('refuses a renewed ID token of another tenant', async () => {
    const { client, server } = await tenantBench({ acceptedIssuers: TEMPLATE }, { iss: `${ENTRA}/t1/v2.0`, tid: 't1' })
    await client.login()
    server.faults = { claims: { iss: `${ENTRA}/t2/v2.0`, tid: 't2' } }
    expect(await failure(client.refresh())).toMatchObject({ code: 'invalid_id_token' })
  })
})

describe('"trustedAudiences"', () => {
  const IDCS = 'https://identity.example/'

  it('accepts an ID token with these audiences and no azp, at sign-in and refresh', async () => {
    const { client, server } = await createClientBench({ trustedAudiences: [IDCS] })
    server.faults = { claims: { aud: ['client-1', IDCS] } }
    await client.login()
    await client.refresh()
    expect(client.getSnapshot().claims).toMatchObject({ aud: ['client-1', IDCS] })
  })

  it.each([
    ['another audience', { aud: ['client-1', IDCS, 'https://evil.example/'] }],
    ['another audience, although azp is this client', { aud: ['client-1', 'https://evil.example/'], azp: 'client-1' }],
    ['the azp of another client', { aud: ['client-1', IDCS], azp: 'client-2' }],
    ['no audience of this client', { aud: [IDCS, IDCS] }],
  ])('refuses %s', async (_what, claims) => {
    const { client, server } = await createClientBench({ trustedAudiences: [IDCS] })
    server.faults = { claims }
    expect(await failure(client.login())).toMatchObject({ code: 'invalid_id_token' })
  })

  it('checks signature, nonce and expiry as always', async () => {
    const { privateKey } = await sharedKey('RS256', 'other')
    for (const fault of [{ signWith: privateKey }, { claims: { nonce: 'other' } }, { claims: { exp: 1 } }]) {
      const { client, server } = await createClientBench({ trustedAudiences: [IDCS] })
      server.faults = { ...fault, claims: { aud: ['client-1', IDCS], ...fault.claims } }
      expect(await failure(client.login())).toMatchObject({ code: 'invalid_id_token' })
    }
  })
})

describe('"tokenParams"', () => {
  it('adds parameters to the token requests; functions get the grant type', async () => {
    // covers B-002, B-009
    const { client, server } = await createClientBench({
      params: { audience: 'urn:api' },
      tokenParams: { audience: 'urn:api', grant: (grantType: string) => grantType, none: () => undefined },
    })
    const { url } = await createAuthorizationUrl(client)
    expect(url.searchParams.get('audience')).toBe('urn:api')
    await client.login()
    await client.refresh()
    expect(server.bodies.map((body) => [body.get('audience'), body.get('grant'), body.has('none')])).toEqual([
      ['urn:api', 'authorization_code', false],
      ['urn:api', 'refresh_token', false],
    ])
  })

  it.each(['grant_type', 'code', 'code_verifier', 'redirect_uri', 'refresh_token'])(
    'refuses "%s" before the browser leaves',
    async (name) => {
      const { client, server } = await createClientBench({ tokenParams: { [name]: 'x' } })
      expect(await failure(client.login())).toMatchObject({ code: 'configuration' })
      expect(server.log).toEqual([])
    },
  )
})

describe('the resource indicator of the token request (RFC 8707, section 2.2)', () => {
  const one = { url: 'https://api.example/', resource: 'https://api.example/' }

  const resources = [one, { url: 'https://b.example/', resource: 'urn:b' }]
  const plain = { scope: 'read', server: { userinfo_endpoint: null } }

  it.each([
    ['is that of the authorization request without "openid"', { resources: [one], ...plain }, [one.resource]],
    ['is omitted with "openid": the token is for UserInfo', { resources: [one] }, []],
    ['is left to the server if several were requested', { resources, ...plain }, []],
    ['is sent with "openid" if the option says so', { resources: [one], resourceWithCode: true }, [one.resource]],
    ['is sent for several if the option says so', { resources, resourceWithCode: true }, [one.resource, 'urn:b']],
    ['is omitted if the option says so', { resources: [one], ...plain, resourceWithCode: false }, []],
  ])('%s', async (_what, options: Partial<ClientOptions>, expected) => {
    const { client, server } = await createClientBench(options)
    await client.login()
    expect(server.bodies[0]?.getAll('resource')).toEqual(expected)
  })

  it('follows the resources of one sign-in', async () => {
    const { client, server } = await createClientBench({ resourceWithCode: true })
    await client.login({ resources: ['urn:c'] })
    expect(server.bodies[0]?.getAll('resource')).toEqual(['urn:c'])
  })

  it('can be chosen by "tokenParams"', async () => {
    const chosen = await createClientBench({ resources, tokenParams: { resource: 'urn:b' } })
    await chosen.client.login()
    expect(chosen.server.bodies[0]?.getAll('resource')).toEqual(['urn:b'])
  })
})

describe('"isSessionEnd"', () => {
  const refusal = (error: string) => () => Response.json({ error }, { status: 400 })

  it('ends the session for a code of the server’s own, and not for others', async () => {
    const { client, server } = await createClientBench({ isSessionEnd: ({ error }) => error === 'interaction_required' })
    await client.login()
    server.faults = { respond: refusal('temporarily_odd') }
    expect(await failure(client.refresh())).toMatchObject({ code: 'token_error' })
    expect(client.getSnapshot().status).toBe('signed-in')
    server.faults = { respond: refusal('interaction_required') }
    expect(await failure(client.refresh())).toMatchObject({ code: 'token_invalid', error: 'interaction_required' })
    expect(client.getSnapshot().status).toBe('signed-out')
  })

  it.each(['interaction_required', 'consent_required', 'login_required'])(
    'is not asked about a narrower token that is refused with %s: the session continues',
    async (error) => {
      const { client, server } = await createClientBench({
        isSessionEnd: (cause) => cause.error === error || cause.error === 'token_revoked',
      })
      await client.login()
      server.faults = { respond: refusal(error) }
      const refused = { code: 'token_error', error }
      expect(await failure(client.getAccessToken({ scope: 'mail' }))).toMatchObject(refused)
      expect(await failure(client.getAccessToken({ resource: 'https://api.example/' }))).toMatchObject(refused)
      expect(client.getSnapshot().status).toBe('signed-in')
      server.faults = { respond: refusal('token_revoked') }
      expect(await failure(client.getAccessToken({ scope: 'mail' }))).toMatchObject({ code: 'token_invalid' })
      expect(client.getSnapshot().status).toBe('signed-out')
    },
  )

  it('is not asked about a transient failure, and "invalid_grant" ends the session without it', async () => {
    const { client, server } = await createClientBench({ isSessionEnd: () => true })
    await client.login()
    server.faults = { respond: () => new Response('busy', { status: 503 }) }
    await failure(client.refresh())
    expect(client.getSnapshot().status).toBe('signed-in')
    const plain = await createClientBench({ isSessionEnd: () => false })
    await plain.client.login()
    plain.server.faults = { respond: refusal('invalid_grant') }
    await failure(plain.client.refresh())
    expect(plain.client.getSnapshot().status).toBe('signed-out')
  })
})

describe('"allowPlainHttp"', () => {
  const http = 'http://id.internal'

  it('allows plain http between servers, and only if set', async () => {
    const server = await createTestServer()
    server.faults = { respond: (request) => (request.url.includes('.well-known') ? Response.json(plain) : undefined) }
    const plain = { ...metadata, issuer: http, authorization_endpoint: `${http}/authorize`, jwks_uri: `${http}/jwks` }
    const options = { issuer: http, clientId: 'client-1', redirectUri, fetch: server.fetch }
    const { url } = await createAuthorizationUrl(createOAuthClient({ ...options, allowPlainHttp: true }))
    expect(url.origin).toBe(http)
    const resources = ['http://api.internal/']
    expect(() => createOAuthClient({ ...options, resources })).toThrow(
      expect.objectContaining({ code: 'configuration' }) as Error,
    )
    expect(createOAuthClient({ ...options, resources, allowPlainHttp: true }).options.resources).toEqual(resources)
    const refused = failure(createAuthorizationUrl(createOAuthClient(options)))
    expect(await refused).toMatchObject({ code: 'configuration', hint: expect.stringContaining('allowPlainHttp') as string })
  })
})

describe('the nonce', () => {
  it('can be given for one sign-in', async () => {
    const { client } = await createClientBench()
    const { url, nonce } = await createAuthorizationUrl(client, { nonce: 'my-nonce-1' })
    expect([url.searchParams.get('nonce'), nonce]).toEqual(['my-nonce-1', 'my-nonce-1'])
    await client.login({ nonce: 'my-nonce-2' })
    expect(client.getSnapshot().claims?.nonce).toBe('my-nonce-2')
  })

  it('must not be empty', async () => {
    const { client } = await createClientBench()
    expect(await failure(client.login({ nonce: '' }))).toMatchObject({ code: 'configuration' })
  })
})

describe('the hook "endSessionRequest"', () => {
  it('gets the URL of the sign-out', async () => {
    const { client } = await createClientBench({
      compliance: {
        endSessionRequest: (url) => {
          url.searchParams.set('logout_uri', url.searchParams.get('post_logout_redirect_uri') ?? '')
          url.searchParams.delete('post_logout_redirect_uri')
          return url
        },
      },
    })
    await client.login()
    const { internalsOf } = await import('./internals.js')
    const url = await (await internalsOf(client).sessionCalls()).createSignOutUrl('id-token', {})
    expect([...(url?.searchParams.keys() ?? [])].toSorted()).toEqual(['client_id', 'id_token_hint', 'logout_uri', 'state'])
  })
})

describe('client authentication', () => {
  const withSecret = { clientSecret: 's3cret-value' }

  it('gives a custom function the secret', async () => {
    const seen: unknown[] = []
    const { client } = await createClientBench({
      ...withSecret,
      clientAuth: (request, _server, identity) => (seen.push(identity.clientSecret), request),
    })
    await client.login()
    expect(seen).toEqual(['s3cret-value'])
  })

  it('knows methods by the names of "clientAuthMethods"', async () => {
    const custom = (request: Request, _server: unknown, { clientSecret }: { clientSecret?: string | undefined }) =>
      new Request(request, { headers: { ...Object.fromEntries(request.headers), 'x-secret': clientSecret ?? '' } })
    const headers: Array<string | null> = []
    const { client, server } = await createClientBench({
      ...withSecret,
      clientAuth: 'x_secret',
      revocationClientAuth: 'none',
      clientAuthMethods: { x_secret: custom },
      server: { token_endpoint_auth_methods_supported: ['client_secret_basic', 'none'] },
    })
    server.faults = { respond: (request) => (headers.push(request.headers.get('x-secret')), undefined) }
    await client.login()
    await client.revoke()
    expect(headers.slice(-2)).toEqual(['s3cret-value', null])
  })

  it('refuses an unknown name', async () => {
    const { client } = await createClientBench({ ...withSecret, clientAuth: 'x_secret' })
    expect(await failure(client.login())).toMatchObject({ code: 'configuration' })
  })
})

describe('revoke()', () => {
  it('sends the kind, further parameters and headers, with its own client authentication', async () => {
    //
    const { client, server } = await createClientBench({ clientSecret: 'a secret' })
    let header: string | null = null
    server.faults = { respond: (request) => ((header = request.headers.get('x-trace')), undefined) }
    await client.revoke('token-1', {
      tokenTypeHint: 'access_token',
      params: { reason: 'lost' },
      headers: { 'x-trace': '1' },
      clientAuth: 'client_secret_post',
    })
    expect(Object.fromEntries(server.bodies.at(-1) ?? [])).toEqual({
      token: 'token-1',
      token_type_hint: 'access_token',
      reason: 'lost',
      client_id: 'client-1',
      client_secret: 'a secret',
    })
    expect(header).toBe('1')
  })
})

describe('a token of another type is no ID token', () => {
  it.each([
    { typ: 'Bearer' },
    { typ: 'Refresh' },
    { typ: 'Offline' },
    { typ: 'Logout' },
    { typ: 'DPoP' },
    { typ: 'at+jwt' },
    { typ: 'logout+jwt' },
    { typ: 'access_token' },
    { typ: 'RegistrationAccessToken' },
    { token_use: 'access' },
    { token_use: 'refresh' },
    { token_use: null },
    { tok_type: 'AT' },
    { tok_type: 'RT' },
  ])('is refused for the claim that says so: %j', async (claims) => {
    const { client, server } = await createClientBench({ storage: memory() })
    server.faults = { claims }
    await expect(client.login()).rejects.toMatchObject({ code: 'invalid_id_token' })
    expect(client.getTokenSet()).toBeUndefined()
    await client.close()
  })

  it.each([
    { typ: 'ID' },
    { typ: 'JWT' },
    { typ: 'id_token' },
    { typ: 'employee' },
    { typ: ['employee'] },
    { token_use: 'id' },
    { tok_type: 'IT' },
  ])('is none with the claim %j', async (claims) => {
    const { client, server } = await createClientBench({ storage: memory() })
    server.faults = { claims }
    await client.login()
    expect(client.getSnapshot().status).toBe('signed-in')
    await client.close()
  })

  it.each(['at+jwt', 'application/at+jwt', 'AT+JWT', 'logout+jwt', 'dpop+jwt', 'secevent+jwt', 'JOSE', 7])(
    'rejects "typ" %s',
    async (typ) => {
      const { client, server } = await createClientBench()
      server.faults = { header: { typ } }
      expect(await failure(client.login())).toMatchObject({ code: 'invalid_id_token' })
    },
  )

  it.each(['JWT', 'jwt', 'application/jwt', undefined])('accepts "typ" %s', async (typ) => {
    const { client, server } = await createClientBench()
    server.faults = { header: { typ } }
    await client.login()
    expect(client.getSnapshot().status).toBe('signed-in')
  })

  it('rejects a logout token without a type, at a refresh as well', async () => {
    const { client, server } = await createClientBench()
    await client.login()
    server.faults = { claims: { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } } }
    expect(await failure(client.refresh())).toMatchObject({ code: 'invalid_id_token' })
  })
})

describe('verifyIdToken()', () => {
  const tokenOf = async (server: TestServer): Promise<string> => {
    const response = await server.fetch(`${issuer}/token`, { method: 'POST' })
    return ((await response.json()) as { id_token: string }).id_token
  }

  it('returns the claims of a valid ID token, for a client and for plain options', async () => {
    const { client, server } = await createClientBench()
    server.nonce = 'n-1'
    const options = { issuer, clientId: 'client-1', fetch: server.fetch }
    for (const subject of [client, options]) {
      const claims = await verifyIdToken(subject, await tokenOf(server), { nonce: 'n-1', accessToken: 'access-token-1' })
      expect(claims).toMatchObject({ sub: 'user-1', iss: issuer })
    }
    expect(client.getSnapshot().status).not.toBe('signed-in')
  })

  it.each([
    ['another nonce', { nonce: 'n-2' }],
    ['another access token', { nonce: 'n-1', accessToken: 'other' }],
    ['another user', { nonce: 'n-1', subject: 'user-2' }],
    ['an old sign-in', { nonce: 'n-1', maxAge: 1 }],
    ['another code', { nonce: 'n-1', code: 'code-2' }],
  ])('rejects %s', async (_what, expected) => {
    const { client, server } = await createClientBench()
    server.nonce = 'n-1'
    server.faults = { claims: { c_hash: 'x', auth_time: server.now() - 100 } }
    expect(await failure(verifyIdToken(client, await tokenOf(server), expected))).toMatchObject({ code: 'invalid_id_token' })
  })

  it('rejects what is not an ID token of this server', async () => {
    const { client, server } = await createClientBench()
    const { privateKey } = await sharedKey('RS256', 'other')
    server.faults = { signWith: privateKey }
    expect(await failure(verifyIdToken(client, await tokenOf(server)))).toMatchObject({ code: 'invalid_id_token' })
    expect(await failure(verifyIdToken(client, 'not a token'))).toMatchObject({ code: 'invalid_id_token' })
    expect(await failure(verifyIdToken(client, undefined as unknown as string))).toMatchObject({ code: 'invalid_id_token' })
    const none = await new SignJWT({ iss: issuer }).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32))
    expect(await failure(verifyIdToken(client, none))).toMatchObject({ code: 'invalid_id_token' })
  })
})
