import { createPublicKey, KeyObject } from 'node:crypto'
import { createLocalJWKSet, exportPKCS8, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { createAuthorizationUrl, exchange } from '../client/authorization-url.js'
import { createOAuthClient } from '../client/create-client.js'
import {
  assertionSession,
  type AssertionSessionOptions,
  clientCredentialsGrant,
  clientCredentialsSession,
  fromServiceAccount,
  jwtBearerGrant,
  passwordGrant,
  type StandaloneClient,
  tokenExchange,
} from '../grants.js'
import { everythingIn, failure } from '../protocol/sign-in.fixture.js'
import {
  createTestServer,
  type Faults,
  issuer,
  metadata,
  redirectUri,
  sharedKey,
  type TestServer,
} from '../protocol/test-server.fixture.js'
import { memory } from '../storage/memory.js'

const plain = { id_token: undefined, refresh_token: undefined, scope: undefined }

async function standalone(faults: Faults = { token: plain }): Promise<{ server: TestServer; client: StandaloneClient }> {
  const server = Object.assign(await createTestServer(), { faults })
  const client = {
    server: metadata,
    clientId: 'client-1',
    clientAuth: 'client_secret_post',
    clientSecret: 's3cret-s3cret',
    fetch: server.fetch,
  } as const
  return { server, client }
}

describe('a grant that the server does not list (RFC 8414 §2)', () => {
  const assertion = 'an.assertion.jwt'
  const grants: ReadonlyArray<readonly [name: string, ask: (client: StandaloneClient) => Promise<unknown>]> = [
    ['password', (client) => passwordGrant(client, { username: 'ada', password: 'password-1' })],
    ['client_credentials', (client) => clientCredentialsGrant(client)],
    ['urn:ietf:params:oauth:grant-type:jwt-bearer', (client) => jwtBearerGrant(client, { assertion })],
    ['urn:ietf:params:oauth:grant-type:token-exchange', (client) => tokenExchange(client, { subjectToken: 'token' })],
  ]
  const token = { ...plain, issued_token_type: 'urn:ietf:params:oauth:token-type:access_token' }

  it.each(grants)('%s: nothing is sent, and the error says so; without a list it is tried', async (name, ask) => {
    const { server, client } = await standalone({ token })
    const withGrants = (list: readonly string[]): StandaloneClient => ({
      ...client,
      server: { ...metadata, grant_types_supported: list },
    })
    const error = await failure(ask(withGrants(['authorization_code'])))
    expect(error).toMatchObject({ name: 'ConfigurationError', code: 'unsupported' })
    expect(error.message).toContain(name)
    expect(server.log).toEqual([])
    await expect(ask(withGrants(['authorization_code', name]))).resolves.toBeDefined()
    await expect(ask(client)).resolves.toBeDefined()
  })

  it('is not refused for a way of client authentication given for this request, unless that is not listed', async () => {
    const { client } = await standalone()
    const says = { ...client, server: { ...metadata, token_endpoint_auth_methods_supported: ['client_secret_basic'] } }
    expect(await failure(clientCredentialsGrant(says))).toMatchObject({ code: 'unsupported' })
    await expect(clientCredentialsGrant(says, { clientAuth: 'client_secret_basic' })).resolves.toBeDefined()
  })
})

describe('the grant type', () => {
  it('follows from the function that is called: a code, a password, or the client alone', async () => {
    // No argument decides it: which grant is used is readable at the call, and none is chosen by mistake.
    const { server, client } = await standalone()
    const inPage = createOAuthClient({ issuer, clientId: 'client-1', redirectUri, scope: 'read', fetch: server.fetch })
    const { state } = await createAuthorizationUrl(inPage)
    await exchange(inPage, `${redirectUri}?${new URLSearchParams({ code: 'code-1', state, iss: issuer }).toString()}`)
    await passwordGrant(client, { username: 'ada', password: 'password-1' })
    await clientCredentialsGrant(client)
    expect(server.bodies.map((body) => body.get('grant_type'))).toEqual(['authorization_code', 'password', 'client_credentials'])
    expect(server.bodies.map((body) => body.has('code'))).toEqual([true, false, false])
    expect(server.bodies.map((body) => body.has('username'))).toEqual([false, true, false])
    await inPage.close()
  })
})

describe('passwordGrant()', () => {
  it('sends name, password and scope', async () => {
    // covers, D-021, D-023
    const { server, client } = await standalone()
    const tokenSet = await passwordGrant({ ...client, scope: 'read' }, { username: 'ada', password: 'p@ss wörd' })
    expect(tokenSet).toMatchObject({ accessToken: 'access-token-1', scope: 'read' })
    expect(Object.fromEntries(server.bodies[0] ?? [])).toEqual({
      grant_type: 'password',
      username: 'ada',
      password: 'p@ss wörd',
      scope: 'read',
      client_id: 'client-1',
      client_secret: 's3cret-s3cret',
    })
  })

  it('signs a client in, its ID token checked', async () => {
    const server = await createTestServer()
    const client = createOAuthClient({ issuer, clientId: 'client-1', scope: 'openid', storage: memory(), fetch: server.fetch })
    await client.start()
    await passwordGrant(client, { username: 'ada', password: 'password-1' })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', claims: { sub: 'user-1' } })
    server.faults = { claims: { aud: 'client-2' } }
    expect(await failure(passwordGrant(client, { username: 'ada', password: 'password-1' }))).toMatchObject({
      code: 'invalid_id_token',
    })
    await client.close()
  })

  it('keeps the password out of the error', async () => {
    const body = { error: 'invalid_grant', error_description: 'password-1 is wrong' }
    const { client } = await standalone({ respond: () => Response.json(body, { status: 400 }) })
    const error = await failure(passwordGrant(client, { username: 'ada', password: 'password-1' }))
    expect(error).toMatchObject({ code: 'invalid_grant' })
    expect(everythingIn(error)).not.toContain('password-1')
  })
})

describe('clientCredentialsGrant()', () => {
  it('requests a token for the client itself, and drops a refresh token', async () => {
    //
    const { server, client } = await standalone({ token: { ...plain, refresh_token: 'not-to-be-there' } })
    const tokenSet = await clientCredentialsGrant(client, {
      scope: 'read',
      resources: ['urn:a', 'urn:b'],
      params: { extra: '1' },
    })
    expect(tokenSet).not.toHaveProperty('refreshToken')
    expect(server.bodies[0]?.getAll('resource')).toEqual(['urn:a', 'urn:b'])
    expect(Object.fromEntries(server.bodies[0] ?? [])).toMatchObject({
      grant_type: 'client_credentials',
      scope: 'read',
      extra: '1',
    })
  })

  it('is refused for a public client', async () => {
    const { client } = await standalone()
    expect(await failure(clientCredentialsGrant({ ...client, clientAuth: 'none' }))).toMatchObject({ code: 'configuration' })
  })

  it('takes another client authentication for one request', async () => {
    //
    const { server, client } = await standalone()
    await clientCredentialsGrant(client, { clientAuth: 'client_secret_basic' })
    expect(server.bodies[0]?.has('client_secret')).toBe(false)
  })

  it('finds the token endpoint by discovery', async () => {
    // covers, B-041
    const { server, client } = await standalone()
    const { server: _, ...discovering } = client
    await clientCredentialsGrant({ ...discovering, issuer })
    expect(server.log).toEqual(['GET /.well-known/openid-configuration', 'POST /token'])
  })
})

describe('clientCredentialsSession()', () => {
  it('fetches a token once for calls in parallel, and anew when it has expired', async () => {
    // covers A-092, D-025
    let time = 1_700_000_000_000
    const { server, client } = await standalone({ token: { ...plain, expires_in: 600 } })
    const emitted: string[] = []
    const session = clientCredentialsSession(
      { ...client, now: () => time },
      { onTokenSet: (_, reason) => void emitted.push(reason) },
    )
    await Promise.all([session.getAccessToken(), session.getAccessToken()])
    await session.getAccessToken()
    expect(server.log).toEqual(['POST /token'])
    time += 545_000
    await session.getAccessToken()
    expect(server.log).toHaveLength(2)
    expect(emitted).toEqual(['client_credentials', 'client_credentials'])
  })

  it('sends the token to its resources and nowhere else', async () => {
    const { server, client } = await standalone()
    const session = clientCredentialsSession(client, { resources: ['https://server.example/userinfo'] })
    let authorization: string | null = null
    server.faults = {
      ...server.faults,
      respond: (request) => ((authorization = request.headers.get('authorization')), undefined),
    }
    await session.fetch('https://server.example/userinfo')
    expect(authorization).toBe('Bearer access-token-1')
    expect(await failure(session.fetch('https://evil.example/'))).toMatchObject({ code: 'resource_not_allowed' })
  })

  it('tries again after a failure', async () => {
    const { server, client } = await standalone({ respond: () => new Response(null, { status: 503 }) })
    const session = clientCredentialsSession(client)
    expect(await failure(session.getAccessToken())).toMatchObject({ code: 'server_error' })
    server.faults = { token: plain }
    await expect(session.getAccessToken()).resolves.toBe('access-token-1')
  })
})

describe('jwtBearerGrant()', () => {
  it('trades an assertion for a token, and keeps it out of errors', async () => {
    const { server, client } = await standalone()
    await jwtBearerGrant(client, { assertion: 'an-assertion', scope: 'read' })
    expect(Object.fromEntries(server.bodies[0] ?? [])).toMatchObject({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: 'an-assertion',
      scope: 'read',
    })
    const body = { error: 'invalid_grant', error_description: 'an-assertion is expired' }
    server.faults = { respond: () => Response.json(body, { status: 400 }) }
    expect(everythingIn(await failure(jwtBearerGrant(client, { assertion: 'an-assertion' })))).not.toContain('an-assertion')
  })
})

describe('assertionSession()', () => {
  async function service(options: Partial<AssertionSessionOptions> = {}): Promise<{
    readonly server: TestServer
    readonly session: ReturnType<typeof assertionSession>
    readonly claims: () => Promise<{ readonly payload: object; readonly protectedHeader: object }>
  }> {
    const { server } = await standalone()
    const { privateKey, publicJwk } = await sharedKey('RS256', 'k1')
    const jwks = createLocalJWKSet({ keys: [publicJwk] })
    const session = assertionSession({
      tokenEndpoint: `${issuer}/token`,
      issuer: 'service@example.com',
      key: privateKey,
      header: { alg: 'RS256', kid: 'k1' },
      fetch: server.fetch,
      ...options,
    })
    return { server, session, claims: () => jwtVerify(server.bodies.at(-1)?.get('assertion') ?? '', jwks) }
  }

  it('signs an assertion for the token endpoint and sends nothing else of the client', async () => {
    // covers, D-028
    const { server, session, claims } = await service({ claims: { scope: 'a b' } })
    await expect(session.getAccessToken()).resolves.toBe('access-token-1')
    expect([...(server.bodies[0]?.keys() ?? [])].toSorted()).toEqual(['assertion', 'grant_type'])
    const { payload, protectedHeader } = await claims()
    expect(protectedHeader).toEqual({ alg: 'RS256', kid: 'k1' })
    expect(payload).toMatchObject({ iss: 'service@example.com', aud: `${issuer}/token`, scope: 'a b' })
    expect(payload).not.toHaveProperty('sub')
    const { iat, exp } = payload as { iat: number; exp: number }
    expect(exp - iat).toBe(3600)
  })

  it('takes subject, audience, lifetime and scope of its own', async () => {
    const { server, session, claims } = await service({ subject: 'ada', audience: 'urn:aud', lifetime: 60, scope: 'read' })
    await session.getAccessToken()
    expect(server.bodies[0]?.get('scope')).toBe('read')
    const { payload } = await claims()
    expect(payload).toMatchObject({ sub: 'ada', aud: 'urn:aud' })
    const { iat, exp } = payload as { iat: number; exp: number }
    expect(exp - iat).toBe(60)
  })

  it('is issued now for an hour, by the clock of the options, unless the claims say otherwise', async () => {
    //
    const now = Date.now()
    const usual = await service({ now: () => now + 5000 })
    await usual.session.getAccessToken()
    const issuedAt = Math.floor((now + 5000) / 1000)
    expect((await usual.claims()).payload).toMatchObject({ iat: issuedAt, exp: issuedAt + 3600 })
    const own = await service({ claims: { iat: issuedAt - 10, exp: issuedAt + 77 } })
    await own.session.getAccessToken()
    expect((await own.claims()).payload).toMatchObject({ iat: issuedAt - 10, exp: issuedAt + 77 })
  })

  it('renews its token when it has expired', async () => {
    //
    let time = Date.now()
    const { server, session } = await service({ now: () => time })
    await session.getAccessToken()
    time += 250_000
    await session.getAccessToken()
    expect(server.log).toEqual(['POST /token', 'POST /token'])
  })

  it('wants "alg" in the header', async () => {
    //
    await expect(service({ header: {} as AssertionSessionOptions['header'] })).rejects.toMatchObject({ code: 'configuration' })
  })

  it('takes assertions that are made elsewhere', async () => {
    //
    const grantType = 'urn:ietf:params:oauth:grant-type:saml2-bearer'
    const { server, session } = await service({ grantType, signAssertion: () => 'PHNhbWw+' })
    await session.getAccessToken()
    expect(Object.fromEntries(server.bodies[0] ?? [])).toEqual({ grant_type: grantType, assertion: 'PHNhbWw+' })
  })

  it('ends with what it has under way', async () => {
    // covers A-018, D-029
    const { server, session } = await service()
    let token: Promise<unknown> = Promise.resolve()
    await new Promise<void>((arrived) => {
      server.faults = {
        respond: (request) =>
          new Promise((_, reject) => {
            request.signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
            arrived()
          }),
      }
      token = session.getAccessToken()
    })
    await session[Symbol.asyncDispose]()
    expect(await failure(token)).toMatchObject({ code: 'aborted' })
  })

  it('is made from the JSON file of a service account', async () => {
    //
    const { server } = await standalone()
    const { privateKey } = await sharedKey('RS256', 'k1')
    const account = {
      type: 'service_account',
      client_email: 'service@example.com',
      private_key: await exportPKCS8(privateKey),
      private_key_id: 'k1',
      token_uri: `${issuer}/token`,
    }
    const session = assertionSession({ ...fromServiceAccount(JSON.stringify(account), { scope: 'read' }), fetch: server.fetch })
    await expect(session.getAccessToken()).resolves.toBe('access-token-1')
    const { private_key: _, ...without } = account
    expect(() => fromServiceAccount(without)).toThrow('private_key')
    expect(() => fromServiceAccount({ ...account, private_key_id: 7 })).toThrow('private_key_id')
  })

  it('is made from a service account with a PKCS #1 key and without the id of the key', async () => {
    const { server } = await standalone()
    const key = KeyObject.from((await sharedKey('RS256', 'k1')).privateKey)
    const account = {
      client_email: 'service@example.com',
      private_key: key.export({ type: 'pkcs1', format: 'pem' }).toString(),
      token_uri: `${issuer}/token`,
    }
    const session = assertionSession({ ...fromServiceAccount(account), fetch: server.fetch })
    await expect(session.getAccessToken()).resolves.toBe('access-token-1')
    const assertion = server.bodies.at(-1)?.get('assertion') ?? ''
    const { protectedHeader } = await jwtVerify(assertion, createPublicKey(key))
    expect(protectedHeader).toEqual({ alg: 'RS256' })
  })
})

describe('tokenExchange()', () => {
  const issued = 'urn:ietf:params:oauth:token-type:access_token'

  it('trades one token for another (RFC 8693 §2.1)', async () => {
    const { server, client } = await standalone({ token: { ...plain, issued_token_type: issued } })
    const exchanged = await tokenExchange(client, {
      subjectToken: 'subject-token',
      actorToken: 'actor-token',
      audience: ['one', 'two'],
      resources: ['https://api.example/'],
      scope: 'read',
    })
    expect(exchanged).toMatchObject({ accessToken: 'access-token-1', issuedTokenType: issued })
    const body = server.bodies[0]
    expect(body?.getAll('audience')).toEqual(['one', 'two'])
    expect(Object.fromEntries(body ?? [])).toMatchObject({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: 'subject-token',
      subject_token_type: issued,
      actor_token: 'actor-token',
      actor_token_type: issued,
      resource: 'https://api.example/',
    })
  })

  it('may bring what is no access token', async () => {
    const type = 'urn:ietf:params:oauth:token-type:id_token'
    const { client } = await standalone({ token: { ...plain, token_type: 'N_A', issued_token_type: type } })
    await expect(tokenExchange(client, { subjectToken: 'subject-token', requestedTokenType: type })).resolves.toMatchObject({
      issuedTokenType: type,
    })
  })

  it('is refused without the kind of what was issued', async () => {
    const { client } = await standalone()
    expect(await failure(tokenExchange(client, { subjectToken: 'subject-token' }))).toMatchObject({ code: 'invalid_response' })
  })
})
