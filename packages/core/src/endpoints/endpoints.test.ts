import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createClientBench } from '../client/client.fixture.js'
import {
  deleteRegistration,
  discoverIssuer,
  discoverResource,
  introspectToken,
  readRegistration,
  registerClient,
  updateRegistration,
} from '../endpoints.js'
import { everythingIn, failure, signIn } from '../protocol/sign-in.fixture.js'
import { sharedKey, createTestServer, issuer, metadata, type TestServer } from '../protocol/test-server.fixture.js'
import { fetchUserInfo } from '../protocol/userinfo.js'

const endpoints = { ...metadata, introspection_endpoint: `${issuer}/introspect`, registration_endpoint: `${issuer}/register` }

async function serverWith(respond: NonNullable<TestServer['faults']['respond']>): Promise<TestServer> {
  return Object.assign(await createTestServer(), { faults: { respond } })
}

describe('introspectToken()', () => {
  it('returns what the server says of the token', async () => {
    //
    let url = ''
    const server = await serverWith((request) => {
      url = request.url
      return Response.json({ active: true, scope: 'read', sub: 'user-1' })
    })
    const compliance = { introspectionRequest: (request: Request) => new Request(`${request.url}?extra=1`, request) }
    const client = {
      server: endpoints,
      clientId: 'api',
      clientAuth: 'client_secret_basic',
      clientSecret: 's',
      fetch: server.fetch,
      compliance,
    } as const
    const response = await introspectToken(client, { token: 'token-to-look-at', tokenTypeHint: 'access_token' })
    expect(response).toEqual({ active: true, scope: 'read', sub: 'user-1' })
    expect(Object.fromEntries(server.bodies[0] ?? [])).toEqual({ token: 'token-to-look-at', token_type_hint: 'access_token' })
    expect(url).toContain('?extra=1')
  })

  it('is a method of the client as well, for its own token, and not exported by the entry for browsers', async () => {
    //
    const { client, server } = await createClientBench({
      clientAuth: 'client_secret_basic',
      clientSecret: 's',
      server: endpoints,
    })
    await client.login()
    server.faults = {
      respond: ({ url }) => (url.endsWith('/introspect') ? Response.json({ active: true, sub: 'user-1' }) : undefined),
    }
    await expect(client.introspect()).resolves.toEqual({ active: true, sub: 'user-1' })
    await expect(client.introspect('another-token')).resolves.toMatchObject({ active: true })
    expect(server.bodies.slice(-2).map((body) => body.get('token'))).toEqual(['refresh-token-2', 'another-token'])
    expect(Object.keys(await import('../index.js'))).not.toContain('introspectToken')
  })

  it('sends further parameters and headers, and authenticates in another way for this request', async () => {
    //
    let trace: string | null = null
    const server = await serverWith((request) => ((trace = request.headers.get('x-trace')), Response.json({ active: true })))
    const client = { server: endpoints, clientId: 'api', clientSecret: 'a secret', fetch: server.fetch } as const
    await introspectToken(client, {
      token: 'token-to-look-at',
      tokenTypeHint: 'refresh_token',
      params: { resource: 'urn:api' },
      headers: { 'x-trace': '1' },
      clientAuth: 'client_secret_post',
    })
    expect(Object.fromEntries(server.bodies[0] ?? [])).toEqual({
      token: 'token-to-look-at',
      token_type_hint: 'refresh_token',
      resource: 'urn:api',
      client_id: 'api',
      client_secret: 'a secret',
    })
    expect(trace).toBe('1')
  })

  it.each([{}, { active: 'true' }, []])('refuses %j', async (body) => {
    const server = await serverWith(() => Response.json(body))
    const looked = introspectToken({ server: endpoints, clientId: 'api', fetch: server.fetch }, { token: 'token-to-look-at' })
    expect(await failure(looked)).toMatchObject({ code: 'introspection_error' })
  })

  it('reports the refusal of the server without the token', async () => {
    const body = { error: 'invalid_client', error_description: 'token-to-look-at is not yours' }
    const server = await serverWith(() => Response.json(body, { status: 401 }))
    const looked = introspectToken({ server: endpoints, clientId: 'api', fetch: server.fetch }, { token: 'token-to-look-at' })
    const error = await failure(looked)
    expect(error).toMatchObject({ code: 'introspection_error', error: 'invalid_client' })
    expect(everythingIn(error)).not.toContain('token-to-look-at')
  })

  it('needs a token and an endpoint', async () => {
    const server = await createTestServer()
    expect(await failure(introspectToken({ server: endpoints, clientId: 'api' }))).toMatchObject({ code: 'missing_token' })
    const without = introspectToken({ server: metadata, clientId: 'api', fetch: server.fetch }, { token: 'token-to-look-at' })
    expect(await failure(without)).toMatchObject({ code: 'unsupported' })
  })

  it('checks a signed response (RFC 9701 §5)', async () => {
    const { privateKey, publicJwk } = await sharedKey('RS256', 'k')
    const sign = (claims: object): Promise<string> =>
      new SignJWT({
        iss: issuer,
        aud: 'api',
        iat: Math.floor(Date.now() / 1000),
        token_introspection: { active: true },
        ...claims,
      })
        .setProtectedHeader({ alg: 'RS256', kid: 'k', typ: 'token-introspection+jwt' })
        .sign(privateKey)
    const look = async (claims: object): Promise<unknown> => {
      const jwt = await sign(claims)
      const headers = { 'content-type': 'application/token-introspection+jwt' }
      const server = await serverWith((request) =>
        request.url.endsWith('/jwks') ? Response.json({ keys: [publicJwk] }) : new Response(jwt, { headers }),
      )
      return introspectToken({ server: endpoints, clientId: 'api', fetch: server.fetch }, { token: 'token-to-look-at' })
    }
    await expect(look({})).resolves.toEqual({ active: true })
    expect(await failure(look({ aud: 'other' }))).toMatchObject({ code: 'introspection_error' })
    expect(await failure(look({ token_introspection: undefined }))).toMatchObject({ code: 'introspection_error' })
  })
})

describe('dynamic client registration', () => {
  const client = {
    client_id: 'new-client',
    client_secret: 's3cret',
    client_secret_expires_at: 0,
    registration_client_uri: `${issuer}/register/new-client`,
    registration_access_token: 'registration-token',
  }

  it('registers with the initial access token (RFC 7591 §3)', async () => {
    let sent: Request | undefined
    const server = await serverWith((request) => {
      sent = request.clone()
      return Response.json(client, { status: 201 })
    })
    const registration = { server: endpoints, fetch: server.fetch }
    const response = await registerClient(
      registration,
      { redirect_uris: ['https://app.example/'] },
      { initialAccessToken: 'initial' },
    )
    expect(response).toEqual(client)
    expect(sent?.headers.get('authorization')).toBe('Bearer initial')
    expect(await sent?.json()).toEqual({ redirect_uris: ['https://app.example/'] })
  })

  it('sends no header for an initial access token that is empty', async () => {
    let authorization: string | null | undefined
    const server = await serverWith((request) => {
      authorization = request.headers.get('authorization')
      return Response.json(client, { status: 201 })
    })
    await registerClient({ server: endpoints, fetch: server.fetch }, {}, { initialAccessToken: '' })
    expect(authorization).toBeNull()
  })

  it('reports what the server does not like', async () => {
    const server = await serverWith(() => Response.json({ error: 'invalid_redirect_uri' }, { status: 400 }))
    expect(await failure(registerClient({ server: endpoints, fetch: server.fetch }, {}))).toMatchObject({
      error: 'invalid_redirect_uri',
    })
  })

  it('refuses a response without "client_id", and needs an endpoint', async () => {
    const server = await serverWith(() => Response.json({}, { status: 201 }))
    expect(await failure(registerClient({ server: endpoints, fetch: server.fetch }, {}))).toMatchObject({
      code: 'invalid_response',
    })
    expect(await failure(registerClient({ server: metadata, fetch: server.fetch }, {}))).toMatchObject({ code: 'unsupported' })
  })

  it('sends no private key, neither to register nor to update', async () => {
    const seen: string[] = []
    const server = await serverWith((request) => {
      seen.push(request.url)
      return Response.json(client, { status: 201 })
    })
    const registration = { server: endpoints, fetch: server.fetch }
    for (const key of [
      { kty: 'EC', d: 's3cret-key' },
      { kty: 'oct', k: 's3cret-key' },
      { kty: 'RSA', p: 's3cret-key' },
    ]) {
      const keys = { jwks: { keys: [{ kty: 'EC' }, key] } }
      const failures = [registerClient(registration, keys), updateRegistration(registration, client, keys)]
      for (const error of await Promise.all(failures.map((request) => failure(request)))) {
        expect(error.code).toBe('configuration')
        expect(everythingIn(error)).not.toContain('s3cret-key')
      }
    }
    expect(seen).toEqual([])
    await registerClient(registration, { jwks: { keys: [{ kty: 'EC', x: 'public' }] } })
    expect(seen).toHaveLength(1)
  })

  it('reads, replaces and deletes a registration with its own token (RFC 7592 §2)', async () => {
    const seen: string[] = []
    const server = await serverWith(async (request) => {
      seen.push(`${request.method} ${request.headers.get('authorization')} ${await request.clone().text()}`)
      return request.method === 'DELETE' ? new Response(null, { status: 204 }) : Response.json(client)
    })
    const registration = { server: endpoints, fetch: server.fetch }
    await readRegistration(registration, client)
    await updateRegistration(registration, client, { client_name: 'App' })
    await deleteRegistration(registration, client)
    expect(seen).toEqual([
      'GET Bearer registration-token ',
      'PUT Bearer registration-token {"client_name":"App","client_id":"new-client","client_secret":"s3cret"}',
      'DELETE Bearer registration-token ',
    ])
  })
})

describe('discoverResource()', () => {
  const api = 'https://api.example/v1'
  const document = { resource: api, authorization_servers: [issuer] }

  it('finds the metadata by the well-known address (RFC 9728 §3.1)', async () => {
    const server = await serverWith(() => Response.json(document))
    await expect(discoverResource(api, { fetch: server.fetch })).resolves.toEqual(document)
    expect(server.log).toEqual(['GET /.well-known/oauth-protected-resource/v1'])
  })

  it("finds it from the API's refusal (RFC 9728 §5.1)", async () => {
    const server = await serverWith(() => Response.json(document))
    const challenge = 'Bearer error="invalid_token", resource_metadata="https://api.example/metadata"'
    const response = new Response(null, { status: 401, headers: { 'www-authenticate': challenge } })
    await expect(discoverResource({ url: `${api}/things`, response }, { fetch: server.fetch })).resolves.toEqual(document)
    expect(server.log).toEqual(['GET /metadata'])
  })

  it.each(['https://evil.example/v1', 'https://api.example/other', undefined])('refuses metadata for %s', async (resource) => {
    const server = await serverWith(() => Response.json({ ...document, resource }))
    expect(await failure(discoverResource(api, { fetch: server.fetch }))).toMatchObject({ code: 'invalid_metadata' })
    const headers = { 'www-authenticate': 'Bearer resource_metadata="https://api.example/metadata"' }
    const refusal = { url: `${api}/things`, response: new Response(null, { status: 401, headers }) }
    expect(await failure(discoverResource(refusal, { fetch: server.fetch }))).toMatchObject({ code: 'invalid_metadata' })
  })

  it('says so when the refusal names no metadata', async () => {
    const response = new Response(null, { status: 401, headers: { 'www-authenticate': 'Bearer' } })
    expect(await failure(discoverResource({ url: api, response }))).toMatchObject({ code: 'invalid_metadata' })
  })
})

describe('a signed UserInfo response', () => {
  async function userInfo(claims: object, alg = 'RS256'): Promise<unknown> {
    const { privateKey, publicJwk } = await sharedKey('RS256', 'k')
    const start = { keys: [publicJwk], signWith: privateKey, header: { kid: 'k' } }
    const { server, context, tokenSet } = await signIn({ start, faults: start, options: { userInfoSignedResponseAlg: alg } })
    const jwt = await new SignJWT({ sub: 'user-1', name: 'Ada', ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .sign(privateKey)
    server.faults = { respond: () => new Response(jwt, { headers: { 'content-type': 'application/jwt' } }) }
    return fetchUserInfo(context, tokenSet, {})
  }

  it('is verified', async () => {
    await expect(userInfo({})).resolves.toMatchObject({ sub: 'user-1', name: 'Ada' })
    await expect(userInfo({ iss: issuer, aud: 'client-1' })).resolves.toMatchObject({ sub: 'user-1' })
  })

  it.each([{ iss: 'https://other.example' }, { aud: 'client-2' }, { sub: 'user-2' }, { sub: undefined }])(
    'is refused with %j',
    async (claims) => {
      expect(await failure(userInfo(claims))).toMatchObject({ code: 'userinfo_error' })
    },
  )

  it('is refused with another algorithm than the client is registered for, and when it is not signed', async () => {
    expect(await failure(userInfo({}, 'ES256'))).toMatchObject({ code: 'userinfo_error' })
    const { context, tokenSet } = await signIn({ options: { userInfoSignedResponseAlg: 'RS256' } })
    expect(await failure(fetchUserInfo(context, tokenSet, {}))).toMatchObject({ code: 'userinfo_error' })
  })
})

describe('an argument that is missing', () => {
  const NAMED: ReadonlyArray<readonly [call: (...given: never[]) => Promise<unknown>, given: readonly unknown[], name: string]> =
    [
      [introspectToken, [], 'introspectToken(): "client"'],
      [registerClient, [], 'registerClient(): "server"'],
      [registerClient, [{ issuer }], 'registerClient(): "metadata"'],
      [readRegistration, [], 'readRegistration(): "server"'],
      [readRegistration, [{ issuer }], 'readRegistration(): "client"'],
      [updateRegistration, [{ issuer }, { registration_client_uri: `${issuer}/c` }], 'updateRegistration(): "metadata"'],
      [deleteRegistration, [{ issuer }, null], 'deleteRegistration(): "client"'],
      [discoverResource, [], 'discoverResource(): "resource"'],
      [discoverIssuer, [null], 'discoverIssuer(): "identifier"'],
    ]

  it.each(NAMED)('is named in the error: %s, %j', async (call, given, name) => {
    await expect(call(...(given as never[]))).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringContaining(name),
    })
  })
})
