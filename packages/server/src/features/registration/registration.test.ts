import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../../server/authorization-server.js'
import { json } from '../../server/test-browser.fixture.js'
import { post } from '../../server/test-requests.fixture.js'
import { ISSUER, testServer } from '../../server/test-server.fixture.js'
import { clientStore } from '../../storage/client-store.js'
import { memoryStore } from '../../storage/memory-store.js'
import { rar } from '../rar/rar.js'
import { registration, type RegistrationOptions } from './registration.js'

describe('dynamic client registration (RFC 7591, RFC 7592)', () => {
  const metadata = {
    redirect_uris: ['https://new.example/cb'],
    client_name: 'New',
    token_endpoint_auth_method: 'client_secret_post',
  }
  const send = (
    server: AuthorizationServer,
    body: unknown,
    init: { url?: string; method?: string; token?: string } = {},
  ): Promise<Response> =>
    server.fetch(
      new Request(init.url ?? `${ISSUER}/register`, {
        method: init.method ?? 'POST',
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        headers: {
          'content-type': 'application/json',
          ...(init.token === undefined ? {} : { authorization: `Bearer ${init.token}` }),
        },
      }),
    )
  const open = (options: RegistrationOptions = {}) =>
    testServer({ clients: clientStore(memoryStore()), features: [registration(options), rar({ types: {} })] })

  it('registers, reads, replaces and deletes a client, keeping the secret as a digest', async () => {
    const clients = clientStore(memoryStore())
    const { server } = await testServer({ clients, features: [registration()] })
    const created = await send(server, metadata)
    expect(created.status).toBe(201)
    const client = await json(created)
    expect((await clients.findClient(client['client_id'] ?? ''))?.clientSecret).toMatch(/^sha256:/)
    const body = { client_id: client['client_id'] ?? '', client_secret: client['client_secret'] ?? '', token: 'x' }
    expect((await post(server, '/revoke', body)).status).toBe(200)
    const own = { url: client['registration_client_uri'] ?? '', token: client['registration_access_token'] ?? '' }
    expect(await json(await send(server, undefined, { ...own, method: 'GET' }))).toMatchObject({ client_name: 'New' })
    const changed = { ...metadata, client_id: body.client_id, client_name: 'Newer' }
    expect(await json(await send(server, changed, { ...own, method: 'PUT' }))).toMatchObject({
      client_name: 'Newer',
    })
    expect((await post(server, '/revoke', body)).status).toBe(200)
    expect((await send(server, undefined, { ...own, token: 'wrong', method: 'GET' })).status).toBe(401)
    expect((await send(server, undefined, { ...own, method: 'DELETE' })).status).toBe(204)
    expect((await send(server, undefined, { ...own, method: 'GET' })).status).toBe(401)
  })

  it('refuses unsafe metadata', async () => {
    const { server } = await open()
    for (const uri of [
      'javascript:alert(1)',
      'data:text/html,x',
      'http://app.example/cb',
      'https://app.example/cb#x',
      'https://u:p@app.example/',
      'my.app:/cb',
      'nonsense',
    ])
      expect((await json(await send(server, { ...metadata, redirect_uris: [uri] })))['error'], uri).toBe('invalid_redirect_uri')

    expect((await json(await send(server, { ...metadata, redirect_uris: [] })))['error']).toBe('invalid_redirect_uri')
    const jwk = await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey)
    const { d: _private, ...publicKey } = jwk
    const publicKeys = { keys: [publicKey] }
    for (const more of [
      { grant_types: ['fly'] },
      { response_types: ['token'] },
      { token_endpoint_auth_method: 'magic' },
      { redirect_uris: 'x' },
      { token_endpoint_auth_method: 'private_key_jwt' },
      { jwks: { keys: [jwk] } },
      { id_token_signed_response_alg: 'none' },
      { backchannel_logout_uri: 'file:///x' },
      { jwks: publicKeys, request_object_signing_alg: 'none' },
      { request_object_signing_alg: 'ES256' },
      { request_object_signing_alg: 'HS256' },
      { require_signed_request_object: true },
      { jwks: publicKeys, require_signed_request_object: 'false' },
      { request_uris: 'https://new.example/r' },
      { request_uris: ['http://new.example/r'] },
      { request_uris: ['http://169.254.169.254/'] },
      { request_uris: ['https://new.example/r', 'file:///etc/passwd'] },
      { authorization_details_types: ['fly'] },
    ]) {
      expect((await json(await send(server, { ...metadata, ...more })))['error'], JSON.stringify(Object.keys(more))).toBe(
        'invalid_client_metadata',
      )
    }
    expect((await send(server, '{')).status).toBe(400)
    expect((await send(server, '[]')).status).toBe(400)
  })

  it('accepts and returns the metadata of signed requests and authorization details (RFC 9101, RFC 9396)', async () => {
    const { d: _private, ...key } = await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey)
    const clients = clientStore(memoryStore())
    const types = { payment_initiation: { check: () => undefined } }
    const opened = registration({ authorizationDetailsTypes: ['payment_initiation'] })
    const { server } = await testServer({ clients, features: [opened, rar({ types })] })
    const signing = {
      jwks: { keys: [key] },
      request_object_signing_alg: 'ES256',
      require_signed_request_object: true,
      request_uris: ['https://new.example/r', 'https://new.example/s#digest', 'http://127.0.0.1:8080/r'],
      authorization_details_types: ['payment_initiation'],
    }
    expect(await json(await send(server, { ...metadata, ...signing }))).toMatchObject(signing)
    const hmac = { token_endpoint_auth_method: 'client_secret_jwt', request_object_signing_alg: 'HS256' }
    expect((await send(server, { ...metadata, ...hmac })).status).toBe(201)
  })

  it('does not let a request point a public server at its own machine (RFC 9101, section 10.4)', async () => {
    const clients = clientStore(memoryStore())
    const { server } = await testServer({ issuer: 'https://id.example', clients, features: [registration()] })
    const register = (uri: string): Promise<Response> =>
      send(server, { ...metadata, request_uris: [uri] }, { url: 'https://id.example/register' })
    for (const uri of ['http://127.0.0.1/r', 'http://localhost:22/', 'https://[::1]/r', 'https://127.0.0.1/'])
      expect((await register(uri)).status, uri).toBe(400)
    expect((await register('https://app.example/r')).status).toBe(201)
  })

  it('is off by default, and may require a token', async () => {
    expect((await send((await testServer()).server, metadata)).status).toBe(404)
    const { server } = await open({ initialAccessToken: 'let me in' })
    expect((await send(server, metadata)).status).toBe(401)
    const other = await open({ initialAccessToken: 'let-me-in' })
    expect((await send(other.server, metadata, { token: 'let-me-in' })).status).toBe(201)
  })
})
