import { decodeJwt, decodeProtectedHeader, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { createAuthorizationRequest } from './authorization-request.js'
import type { AuthorizationRequest } from './unfinished-request.js'
import type { AuthorizationParameters, ProtocolOptions } from './protocol-options.js'
import { failure } from './sign-in.fixture.js'
import { createContext, createTestServer, issuer, metadata, redirectUri, type TestServer } from './test-server.fixture.js'

const par = `${issuer}/par`
const withPar = { ...metadata, pushed_authorization_request_endpoint: par }

async function request(
  options: Partial<ProtocolOptions>,
  login: AuthorizationParameters = {},
): Promise<AuthorizationRequest & { readonly server: TestServer; readonly query: Record<string, string> }> {
  const server = await createTestServer()
  server.faults = {
    respond: (sent) =>
      sent.url === par ? Response.json({ request_uri: 'urn:request:1', expires_in: 60 }, { status: 201 }) : undefined,
  }
  const context = createContext(server, { server: metadata, ...options })
  const made = await createAuthorizationRequest(context, { parameters: login, state: 'state-1', redirectUri })
  return { ...made, server, query: Object.fromEntries(made.url.searchParams) }
}

describe('a pushed authorization request (RFC 9126)', () => {
  it('leaves only its name in the URL, and everything else in the body', async () => {
    const { server, query, expectation } = await request({ server: withPar, par: true })
    expect(query).toEqual({ client_id: 'client-1', request_uri: 'urn:request:1' })
    expect(Object.fromEntries(server.bodies[0] ?? [])).toMatchObject({
      response_type: 'code',
      client_id: 'client-1',
      redirect_uri: redirectUri,
      scope: 'openid profile',
      state: 'state-1',
      nonce: expectation.nonce,
      code_challenge_method: 'S256',
    })
    expect(expectation).toMatchObject({ state: 'state-1', redirectUri, scope: 'openid profile' })
  })

  it('is made when the server demands it, and not otherwise', async () => {
    const demanding = await request({ server: { ...withPar, require_pushed_authorization_requests: true } })
    expect(demanding.query).toHaveProperty('request_uri')
    const willing = await request({ server: withPar })
    expect(willing.query).not.toHaveProperty('request_uri')
  })

  it("keeps the authorization endpoint's own query in the URL", async () => {
    const { server, query } = await request({
      server: { ...withPar, authorization_endpoint: `${issuer}/authorize?tenant=one` },
      par: true,
    })
    expect(query).toEqual({ tenant: 'one', client_id: 'client-1', request_uri: 'urn:request:1' })
    expect(server.bodies[0]?.has('tenant')).toBe(false)
  })

  it('authenticates the client', async () => {
    const { server } = await request({ server: withPar, par: true, clientAuth: 'client_secret_post', clientSecret: 'a secret' })
    expect(server.bodies[0]?.get('client_secret')).toBe('a secret')
  })

  it('says so when the server has no endpoint for it', async () => {
    expect(await failure(request({ par: true }))).toMatchObject({ code: 'unsupported' })
  })

  it('reports the refusal of the server', async () => {
    const server = await createTestServer()
    server.faults = { respond: () => Response.json({ error: 'invalid_request' }, { status: 400 }) }
    const context = createContext(server, { server: withPar, par: true, scope: 'read' })
    const refused = createAuthorizationRequest(context, { parameters: {}, state: 's', redirectUri })
    expect(await failure(refused)).toMatchObject({ code: 'authorization_error', error: 'invalid_request' })
  })
})

describe('a signed authorization request (RFC 9101)', () => {
  it('contains the parameters in a JWT, by value', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const { query, expectation } = await request({ requestObject: { key: privateKey, kid: 'k1' } }, { maxAge: 60 })
    expect(Object.keys(query).toSorted()).toEqual(['client_id', 'request', 'response_type', 'scope'])
    expect(decodeProtectedHeader(query['request'] ?? '')).toEqual({ alg: 'ES256', kid: 'k1', typ: 'oauth-authz-req+jwt' })
    expect(decodeJwt(query['request'] ?? '')).toMatchObject({
      iss: 'client-1',
      aud: issuer,
      state: 'state-1',
      nonce: expectation.nonce,
      max_age: 60,
      redirect_uri: redirectUri,
    })
  })

  it.each([
    ['claims', '["email"]'],
    ['claims', 'email'],
    ['authorization_details', '{"type":"payment"}'],
    ['max_age', 'an hour'],
    ['max_age', '-1'],
  ])('refuses a further parameter of another kind: "%s" as %s', async (name, value) => {
    const { privateKey } = await generateKeyPair('ES256')
    const refused = request({ requestObject: { key: privateKey } }, { params: { [name]: value } })
    expect(await failure(refused)).toMatchObject({ code: 'configuration', message: expect.stringContaining(`"${name}"`) })
  })

  it('by reference is sent as the URL it was published at', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const published: string[] = []
    const publish = (jwt: string): string => (published.push(jwt), 'https://app.example/requests/1')
    const { query } = await request({ requestObject: { key: privateKey, publish } })
    expect(query['request_uri']).toBe('https://app.example/requests/1')
    expect(published).toHaveLength(1)
  })

  it('is pushed when both are on', async () => {
    const { privateKey } = await generateKeyPair('PS256')
    const { server, query } = await request({ server: withPar, par: true, requestObject: { key: privateKey } })
    expect(query).toEqual({ client_id: 'client-1', request_uri: 'urn:request:1' })
    expect([...(server.bodies[0]?.keys() ?? [])].toSorted()).toEqual(['client_id', 'request'])
  })

  it('says so when the server wants none, or wants one', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const wantsNone = { ...metadata, request_parameter_supported: false }
    expect(await failure(request({ server: wantsNone, requestObject: { key: privateKey } }))).toMatchObject({
      code: 'unsupported',
    })
    const wantsOne = { ...metadata, require_signed_request_object: true }
    expect(await failure(request({ server: wantsOne }))).toMatchObject({ code: 'unsupported' })
  })
})

describe('detailed requests', () => {
  it('are sent as "authorization_details" (RFC 9396 §2)', async () => {
    const details = [{ type: 'payment', actions: ['initiate'], amount: { currency: 'EUR', value: '1.00' } }]
    const { query } = await request({}, { authorizationDetails: details })
    expect(JSON.parse(query['authorization_details'] ?? '')).toEqual(details)
  })

  it('is refused when the server does not know its type', async () => {
    const server = { ...metadata, authorization_details_types_supported: ['account'] }
    expect(await failure(request({ server, authorizationDetails: [{ type: 'payment' }] }))).toMatchObject({ code: 'unsupported' })
    await expect(request({ server, authorizationDetails: [{ type: 'account' }] })).resolves.toBeDefined()
  })

  it('are sent as "claims" (OpenID Connect Core §5.5)', async () => {
    const claims = { id_token: { acr: { essential: true, values: ['high', 'higher'] } }, userinfo: { email: null } }
    const { query, expectation } = await request({}, { claims })
    expect(JSON.parse(query['claims'] ?? '')).toEqual(claims)
    expect(expectation).toMatchObject({ acrValues: 'high higher', acrEssential: true })
  })
})
