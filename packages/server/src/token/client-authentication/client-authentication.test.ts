import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { clientCredentials } from '../grants/client-credentials.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { json, tokenRequest } from '../../server/test-browser.fixture.js'
import { ISSUER, testServer, type TestServer } from '../../server/test-server.fixture.js'
import { hashClientSecret } from './client-secret.js'

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const SECRET = 'a secret: with % and + and ü, thirty-two bytes or more'
const form = (value: string): string => new URLSearchParams({ v: value }).toString().slice(2)
const basic = (id: string, secret: string): string => `Basic ${btoa(`${form(id)}:${form(secret)}`)}`
const serverFor = (client: Partial<ClientRecord>): Promise<TestServer> =>
  testServer({
    clients: [{ clientId: 'my:client', redirectUris: [], ...client }],
    grants: [clientCredentials({ defaultScope: 'email' })],
  })

const ask = async ({ server }: TestServer, body: Readonly<Record<string, string>>, headers = {}): Promise<Response> =>
  server.fetch(tokenRequest({ grant_type: 'client_credentials', ...body }, headers))

describe('client authentication with a secret', () => {
  it('accepts the header, form-decoding both halves, and the body', async () => {
    // covers C-022, C-082, C-083
    const server = await serverFor({ clientSecret: SECRET })
    expect((await ask(server, {}, { authorization: basic('my:client', SECRET) })).status).toBe(200)
    expect((await ask(server, { client_id: 'my:client', client_secret: SECRET })).status).toBe(200)
  })

  it('accepts a secret that is stored as a digest', async () => {
    // covers C-085
    const server = await serverFor({ clientSecret: await hashClientSecret(SECRET) })
    expect((await ask(server, { client_id: 'my:client', client_secret: SECRET })).status).toBe(200)
    expect((await ask(server, { client_id: 'my:client', client_secret: await hashClientSecret(SECRET) })).status).toBe(401)
  })

  it('refuses a wrong, missing or repeated secret, and another scheme', async () => {
    // covers C-023, C-082, C-083
    const server = await serverFor({ clientSecret: SECRET })
    const wrong = await ask(server, {}, { authorization: basic('my:client', 'wrong') })
    expect(wrong.status).toBe(401)
    expect(wrong.headers.get('www-authenticate')).toMatch(/^Basic realm=/)
    expect((await json(wrong))['error']).toBe('invalid_client')
    expect((await ask(server, { client_id: 'my:client' })).status).toBe(401)
    expect((await ask(server, {})).status).toBe(401)
    expect((await ask(server, {}, { authorization: 'Digest x' })).status).toBe(401)
    expect((await ask(server, {}, { authorization: 'Basic %%%' })).status).toBe(401)
    const doubled = await ask(server, { client_secret: SECRET }, { authorization: basic('my:client', SECRET) })
    expect(doubled.status).toBe(400)
    const other = await ask(server, { client_id: 'other' }, { authorization: basic('my:client', SECRET) })
    expect((await json(other))['error']).toBe('invalid_request')
  })

  it('requires the method that a client registered', async () => {
    const server = await serverFor({ clientSecret: SECRET, tokenEndpointAuthMethod: 'client_secret_basic' })
    expect((await ask(server, { client_id: 'my:client', client_secret: SECRET })).status).toBe(401)
    expect((await ask(server, {}, { authorization: basic('my:client', SECRET) })).status).toBe(200)
  })
})

describe('client authentication with a JWT', () => {
  const assert = ({ clock }: TestServer, claims = {}): SignJWT => {
    const now = clock.now() / 1000
    return new SignJWT({
      iss: 'my:client',
      sub: 'my:client',
      aud: `${ISSUER}/token`,
      jti: crypto.randomUUID(),
      iat: now,
      exp: now + 60,
      ...claims,
    })
  }
  const send = (server: TestServer, client_assertion: string): Promise<Response> =>
    ask(server, { client_assertion, client_assertion_type: TYPE })

  it('accepts client_secret_jwt, each assertion once', async () => {
    const server = await serverFor({ clientSecret: SECRET, tokenEndpointAuthMethod: 'client_secret_jwt' })
    const key = new TextEncoder().encode(SECRET)
    const assertion = await assert(server).setProtectedHeader({ alg: 'HS256' }).sign(key)
    expect((await send(server, assertion)).status).toBe(200)
    expect((await send(server, assertion)).status).toBe(401)
    const other = await assert(server)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(`${SECRET}!`))
    expect((await send(server, other)).status).toBe(401)
  })

  it('accepts private_key_jwt, and refuses expired assertions, those of others, and other algorithms', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
    const jwk = await exportJWK(publicKey)
    const server = await serverFor({ tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys: [{ ...jwk }] } })
    const sign = (claims = {}): Promise<string> => assert(server, claims).setProtectedHeader({ alg: 'RS256' }).sign(privateKey)
    expect((await send(server, await sign())).status).toBe(200)
    expect((await send(server, await sign({ aud: ISSUER }))).status).toBe(200)
    const now = server.clock.now() / 1000
    for (const claims of [
      { exp: now - 60 },
      { aud: 'https://other.example' },
      { sub: 'other' },
      { iss: 'other' },
      { jti: undefined },
      { exp: now + 86_400 },
    ])
      expect((await send(server, await sign(claims))).status, JSON.stringify(claims)).toBe(401)

    const confused = await assert(server)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(JSON.stringify(jwk)))
    expect((await send(server, confused)).status).toBe(401)
    expect((await send(server, 'x.y.z')).status).toBe(401)
    expect((await ask(server, { client_assertion: await sign(), client_assertion_type: 'urn:other' })).status).toBe(401)
  })
})

describe('client authentication by a custom function', () => {
  it('is called first, and falls back to the standard methods', async () => {
    const server = await testServer({
      clients: [],
      grants: [clientCredentials({ defaultScope: 'email' })],
      authenticateClient: (request) =>
        request.headers.get('x-client-certificate') === 'robot'
          ? { clientId: 'robot', tokenEndpointAuthMethod: 'tls_client_auth', redirectUris: [] }
          : undefined,
    })
    expect((await ask(server, {}, { 'x-client-certificate': 'robot' })).status).toBe(200)
    expect((await ask(server, { client_id: 'robot' })).status).toBe(401)
  })
})
