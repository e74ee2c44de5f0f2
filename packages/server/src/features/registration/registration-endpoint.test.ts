import { registration } from './registration.js'
import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../../server/authorization-server.js'
import { clientStore } from '../../storage/client-store.js'
import { memoryStore } from '../../storage/memory-store.js'
import {
  authorizePath,
  asPage,
  json,
  locationOf,
  redeem,
  signIn,
  testBrowser,
  tokenRequest,
} from '../../server/test-browser.fixture.js'
import { ISSUER, SPA, testServer, type TestServer } from '../../server/test-server.fixture.js'
import { clientCredentials } from '../../token/grants/client-credentials.js'
import { authorizationCode } from '../../token/grants/authorization-code.js'
import { refreshToken } from '../../token/grants/refresh-token.js'

const REDIRECT_URI = 'https://new.example/cb'
const PUBLIC = { redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: 'none' }

interface Sending {
  readonly url?: string
  readonly method?: string
  readonly token?: string
}

function send(server: AuthorizationServer, body: unknown, { url, method = 'POST', token }: Sending = {}): Promise<Response> {
  return server.fetch(
    new Request(url ?? `${ISSUER}/register`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    }),
  )
}

async function open(options: Parameters<typeof testServer>[0] = {}): Promise<TestServer> {
  const clients = clientStore(memoryStore())
  await clients.saveClient(SPA)
  return testServer({ clients, features: [registration()], ...options })
}

const register = async (server: AuthorizationServer, more: object = {}): Promise<Record<string, string>> =>
  json(await send(server, { ...PUBLIC, ...more }))
const asClient = (client: Record<string, string>, more = {}): Record<string, string> => ({
  client_id: client['client_id'] ?? '',
  redirect_uri: REDIRECT_URI,
  ...more,
})

const KEY = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }

function jwtMethod(method: string): object {
  return { token_endpoint_auth_method: method, ...(method === 'private_key_jwt' ? { jwks: { keys: [KEY] } } : {}) }
}

describe('a registered client', () => {
  it('gets no code before the user has agreed (RFC 6749, section 10.2; RFC 7591, section 5)', async () => {
    const { server } = await open()
    const browser = testBrowser(server)
    await signIn(browser)
    const client = await register(server, { require_consent: false, requireConsent: false })
    const silent = await browser.get(authorizePath(asClient(client, { prompt: 'none' })))
    expect(await silent.text()).toContain('error=consent_required')
    const page = await asPage(await browser.get(authorizePath(asClient(client))))
    expect(locationOf(await browser.submit(page, { action: 'consent' })).searchParams.has('code')).toBe(true)
    const agreed = locationOf(await browser.get(authorizePath(asClient(client, { prompt: 'none' }))))
    expect(agreed.searchParams.has('code')).toBe(true)
  })

  it('still needs consent after it has replaced its registration', async () => {
    const { server } = await open()
    const browser = testBrowser(server)
    await signIn(browser)
    const client = await register(server)
    const own = { url: client['registration_client_uri'] ?? '', token: client['registration_access_token'] ?? '' }
    const body = { ...PUBLIC, client_id: client['client_id'] }
    expect((await send(server, body, { ...own, method: 'PUT' })).status).toBe(200)
    const silent = await browser.get(authorizePath(asClient(client, { prompt: 'none' })))
    expect(await silent.text()).toContain('error=consent_required')
  })

  it('has only the authorization code grant by default, and the response contains that (RFC 7591, sections 2 and 3.2.1)', async () => {
    const grants = [authorizationCode(), refreshToken(), clientCredentials()]
    const { server } = await open({ grants })
    const client = await register(server, { token_endpoint_auth_method: 'client_secret_post' })
    expect(client).toMatchObject({ grant_types: ['authorization_code'], response_types: ['code'] })
    const credentials = { client_id: client['client_id'] ?? '', client_secret: client['client_secret'] ?? '' }
    const own = await json(await server.fetch(tokenRequest({ ...credentials, grant_type: 'client_credentials', scope: 'email' })))
    expect(own['error']).toBe('unauthorized_client')
    const browser = testBrowser(server)
    await signIn(browser)
    const page = await asPage(await browser.get(authorizePath(asClient(client))))
    const code = locationOf(await browser.submit(page, { action: 'consent' })).searchParams.get('code') ?? ''
    const tokens = await json(await redeem(server, code, { ...credentials, redirect_uri: REDIRECT_URI }))
    expect(tokens).toHaveProperty('access_token')
    expect(tokens).not.toHaveProperty('refresh_token')
  })

  it('gets a refresh token if it has registered the refresh token grant', async () => {
    const { server } = await open()
    const client = await register(server, { grant_types: ['authorization_code', 'refresh_token'] })
    expect(client).toMatchObject({ grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] })
    const browser = testBrowser(server)
    await signIn(browser)
    const page = await asPage(await browser.get(authorizePath(asClient(client))))
    const code = locationOf(await browser.submit(page, { action: 'consent' })).searchParams.get('code') ?? ''
    expect(await json(await redeem(server, code, asClient(client)))).toHaveProperty('refresh_token')
  })

  it('has no response types if its grant types have none', async () => {
    const { server } = await open({
      grants: [authorizationCode(), clientCredentials()],
      features: [registration({ grantTypes: ['client_credentials'] })],
    })
    const client = await register(server, {
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'client_secret_basic',
      redirect_uris: undefined,
    })
    expect(client).toMatchObject({ grant_types: ['client_credentials'], response_types: [] })
  })
})

describe('client metadata from outside', () => {
  const BAD: readonly (readonly [title: string, metadata: object])[] = [
    ['a default_max_age that is no number', { default_max_age: 'x' }],
    ['a negative default_max_age', { default_max_age: -1 }],
    ['a scope with two spaces', { scope: 'openid  email' }],
    ['an application_type that is no word', { application_type: 7 }],
    ['an unknown application_type', { application_type: 'toaster' }],
    ['assertions without a signature', { token_endpoint_auth_signing_alg: 'none' }],
    [
      'assertions by an HMAC that should be by a key',
      { ...jwtMethod('private_key_jwt'), token_endpoint_auth_signing_alg: 'HS256' },
    ],
    [
      'assertions by a key that should be by an HMAC',
      { ...jwtMethod('client_secret_jwt'), token_endpoint_auth_signing_alg: 'RS256' },
    ],
    ['a symmetric key', { jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } }],
    ['a private key', { jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd' }] } }],
    ['keys without encryption', { jwks_uri: 'http://keys.example/' }],
  ]
  for (const [title, metadata] of BAD) {
    it(`is refused with ${title} (RFC 7591, section 3.2.2)`, async () => {
      const { server } = await open()
      const response = await send(server, { ...PUBLIC, ...metadata })
      expect([response.status, (await json(response))['error']]).toEqual([400, 'invalid_client_metadata'])
    })
  }

  it('needs redirect URIs that are URIs (RFC 3986, section 2)', async () => {
    const { server } = await open()
    expect((await register(server, { redirect_uris: ['https://a.example/漢'] }))['error']).toBe('invalid_redirect_uri')
    expect(await register(server, { redirect_uris: ['https://a.example/%E6%BC%A2'] })).toHaveProperty('client_id')
  })

  it('cannot make this server call its own machine, unless the server is on loopback', async () => {
    const near = await open()
    const far = await open({ issuer: 'https://id.example' })
    for (const metadata of [
      { jwks_uri: 'http://127.0.0.1:6379/' },
      { jwks_uri: 'https://localhost/' },
      { backchannel_logout_uri: 'http://[::1]/out' },
    ]) {
      const sent = { ...PUBLIC, ...metadata }
      const refused = await json(await send(far.server, sent, { url: 'https://id.example/register' }))
      expect(refused['error'], JSON.stringify(metadata)).toBe('invalid_client_metadata')
      expect((await send(near.server, sent)).status, JSON.stringify(metadata)).toBe(201)
    }
  })

  it('is accepted if it is valid', async () => {
    const { server } = await open()
    const metadata = { scope: 'openid email', application_type: 'native', default_max_age: 0 }
    expect(await register(server, metadata)).toMatchObject(metadata)
  })
})

describe('client configuration endpoint (RFC 7592)', () => {
  const own = (client: Record<string, string>): Sending => ({
    url: client['registration_client_uri'] ?? '',
    token: client['registration_access_token'] ?? '',
  })
  const put = (server: AuthorizationServer, client: Record<string, string>, body: object): Promise<Response> =>
    send(server, body, { ...own(client), method: 'PUT' })

  it('responds with the registration access token every time (section 3)', async () => {
    const { server } = await open()
    const client = await register(server)
    const token = client['registration_access_token']
    const read = await json(await send(server, undefined, { ...own(client), method: 'GET' }))
    expect(read).toMatchObject({ client_id: client['client_id'], registration_access_token: token })
    const replaced = await json(await put(server, client, { ...PUBLIC, client_id: client['client_id'] }))
    expect(replaced).toMatchObject({ client_id: client['client_id'], registration_access_token: token })
    expect((await send(server, undefined, { ...own(client), method: 'GET' })).status).toBe(200)
  })

  it('refuses a change of another client, of none, or with a wrong secret (section 2.2)', async () => {
    const { server } = await open()
    const metadata = { ...PUBLIC, token_endpoint_auth_method: 'client_secret_post' }
    const client = await register(server, metadata)
    const right = { ...metadata, client_id: client['client_id'] }
    for (const body of [
      metadata,
      { ...metadata, client_id: 'other' },
      { ...right, client_secret: 'wrong' },
      { ...right, client_secret: 7 },
    ]) {
      const refused = await put(server, client, body)
      expect([refused.status, (await json(refused))['error']]).toEqual([400, 'invalid_request'])
    }
    expect((await put(server, client, { ...right, client_secret: client['client_secret'] })).status).toBe(200)
  })

  it('issues a secret to a client that starts to need one, and removes an unused one', async () => {
    const clients = clientStore(memoryStore())
    const { server } = await open({ clients })
    const client = await register(server)
    const body = { ...PUBLIC, client_id: client['client_id'] ?? '' }
    const change = async (method: string): Promise<Record<string, string>> =>
      json(await put(server, client, { ...body, token_endpoint_auth_method: method }))
    const kept = async (): Promise<string | undefined> => (await clients.findClient(body.client_id))?.clientSecret
    const works = async (secret = ''): Promise<boolean> =>
      (await server.fetch(revocation({ client_id: body.client_id, client_secret: secret, token: 'x' }))).status === 200

    const first = await change('client_secret_post')
    expect(first).toMatchObject({ client_secret: expect.any(String), client_secret_expires_at: 0 })
    expect(await works(first['client_secret'])).toBe(true)
    expect(await change('client_secret_post')).not.toHaveProperty('client_secret')
    expect(await works(first['client_secret'])).toBe(true)
    // The stored digest of a secret cannot be the key of an HMAC.
    const second = await change('client_secret_jwt')
    expect(await kept()).toBe(second['client_secret'])
    await change('client_secret_post')
    expect(await kept()).toMatch(/^sha256:/)
    expect(await works(second['client_secret'])).toBe(true)
    await change('none')
    expect(await kept()).toBeUndefined()
  })

  it('revokes the tokens of a deleted client (section 2.3)', async () => {
    const { server } = await open({
      grants: [authorizationCode(), clientCredentials()],
      features: [registration({ grantTypes: ['client_credentials'] })],
    })
    const metadata = { grant_types: ['client_credentials'], token_endpoint_auth_method: 'client_secret_post' }
    const [gone, other] = [await register(server, metadata), await register(server, metadata)]
    const tokenFor = async (client: Record<string, string>): Promise<Request> => {
      const credentials = { client_id: client['client_id'] ?? '', client_secret: client['client_secret'] ?? '' }
      const result = await server.fetch(tokenRequest({ grant_type: 'client_credentials', scope: 'email', ...credentials }))
      return new Request(ISSUER, { headers: { authorization: `Bearer ${(await json(result))['access_token']}` } })
    }
    const [dead, alive] = [await tokenFor(gone), await tokenFor(other)]
    expect((await server.verifyRequest(dead)).ok).toBe(true)
    expect((await send(server, undefined, { ...own(gone), method: 'DELETE' })).status).toBe(204)
    expect((await server.verifyRequest(dead)).ok).toBe(false)
    expect((await server.verifyRequest(alive)).ok).toBe(true)
  })
})

const revocation = (body: Readonly<Record<string, string>>): Request =>
  new Request(`${ISSUER}/revoke`, { method: 'POST', body: new URLSearchParams(body) })

describe('a client that is deleted while its registration is replaced', () => {
  it('stays deleted', async () => {
    const store = clientStore(memoryStore())
    let meanwhile: (() => Promise<unknown>) | undefined
    const saveClient: typeof store.saveClient = async (client) => {
      await meanwhile?.()
      await store.saveClient(client)
    }
    const { server } = await open({ clients: { ...store, saveClient } })
    const client = await register(server)
    const own = { url: client['registration_client_uri'] ?? '', token: client['registration_access_token'] ?? '' }
    const headers = { authorization: `Bearer ${own.token}` }
    meanwhile = () => server.fetch(new Request(own.url, { method: 'DELETE', headers }))
    const replaced = await send(server, { ...PUBLIC, client_id: client['client_id'] }, { ...own, method: 'PUT' })
    expect(replaced.status).toBe(401)
    expect(await store.findClient(client['client_id'] ?? '')).toBeUndefined()
  })
})
