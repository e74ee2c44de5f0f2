import { createOAuthClient, type ClientOptions, type OAuthClient } from '@latchkey/core'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createTestServer, type TestServerOptions } from '../testing.js'
import { loadPeer } from './optional-peers.js'

const clients: OAuthClient[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
})

async function signIn(options: TestServerOptions = {}, overrides: Partial<ClientOptions> = {}) {
  const server = createTestServer(options)
  const client = createOAuthClient({ ...server.options, ...overrides })
  clients.push(client)
  await client.start()
  await client.login()
  return { server, client, status: () => client.getSnapshot().status }
}

const CAUSE = new Error('the table is missing')
const boom = (): never => {
  throw CAUSE
}

const codeOf = (work: Promise<unknown>): Promise<unknown> => work.catch((error: { code?: unknown }) => error.code ?? error)

describe('createTestServer()', () => {
  it('signs its first user in, and calls an API with the token', async () => {
    const { client, server } = await signIn()
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', claims: { sub: 'test-user', name: 'Test User' } })
    expect(await (await client.fetch('https://api.test/me')).json()).toEqual({ sub: 'test-user', scope: 'openid profile email' })
    expect(server.requests.map(({ endpoint }) => endpoint)).toEqual(['metadata', 'jwks', 'authorize', 'token', 'api'])
    expect(server.count('token')).toBe(1)
  })

  it('has the users, claims, scope names and APIs of the test', async () => {
    const { client, server } = await signIn(
      {
        users: [{ sub: 'alice', name: 'Alice', roles: ['admin'] }, { sub: 'bob' }],
        resources: ['https://orders.test/v1'],
        api: (request, { sub, scope }) => Response.json([request.method, new URL(request.url).pathname, sub, scope]),
      },
      { scope: 'openid profile orders:read', clientId: 'my-app', redirectUri: 'https://my-app.test/callback' },
    )
    expect(client.getSnapshot().claims).toMatchObject({ sub: 'alice', name: 'Alice', roles: ['admin'], aud: 'my-app' })
    const response = await client.fetch('https://orders.test/v1/orders', { method: 'POST' })
    expect(await response.json()).toEqual(['POST', '/v1/orders', 'alice', ['openid', 'profile', 'orders:read']])
    server.user = 'bob'
    await client.login()
    expect(client.getSnapshot().claims).toMatchObject({ sub: 'bob' })
    expect(() => (server.user = 'carol')).toThrow('Its users are: alice, bob')
  })

  it('responds to a request without a token with 401, and refuses URLs that it does not have', async () => {
    const server = createTestServer()
    expect((await server.fetch('https://api.test/me')).status).toBe(401)
    await expect(server.fetch('https://elsewhere.test/')).rejects.toThrow('Add it to "resources"')
    const other = createTestServer({ fetch: async () => new Response('other') })
    expect(await (await other.fetch('https://elsewhere.test/')).text()).toBe('other')
    expect([server.handles('https://api.test/x'), server.handles('https://elsewhere.test/')]).toEqual([true, false])
  })

  it.each(['login', 'consent', 'select_account'] as const)('needs no page for prompt=%s', async (prompt) => {
    const { client, server } = await signIn({ issuer: 'https://id.example.com' }, { redirectUri: 'http://localhost:5173/' })
    await client.login({ prompt, maxAge: 0 })
    expect(server.count('authorize')).toBe(2)
  })

  it('signs in by a pushed request, and by the hybrid flow', async () => {
    const pushed = await signIn({}, { par: true })
    expect([pushed.status(), pushed.server.count('par')]).toEqual(['signed-in', 1])
    const hybrid = await signIn(
      {},
      { responseType: 'code id_token token', logger: { debug: () => undefined, warn: () => undefined } },
    )
    expect([hybrid.status(), hybrid.server.count('token')]).toEqual(['signed-in', 1])
  })

  it('refuses an option that does not exist', () => {
    expect(() => createTestServer({ user: 'alice' } as never)).toThrow('Did you mean "users"?')
  })
})

describe('the session of a test', () => {
  it('is refreshed after expire(), once', async () => {
    const { client, server } = await signIn()
    const before = await client.getAccessToken()
    server.expire()
    const [after, same] = await Promise.all([client.getAccessToken(), client.getAccessToken()])
    expect(after).toBe(same)
    expect(after).not.toBe(before)
    expect(server.count('token')).toBe(2)
    expect((await client.fetch('https://api.test/me')).status).toBe(200)
  })

  it('ends after revoke() with the next refresh, and with the next request to an API', async () => {
    const { client, server, status } = await signIn()
    server.revoke()
    expect(status()).toBe('signed-in')
    expect(await codeOf(client.refresh())).toBe('token_invalid')
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'token_invalid', error: 'invalid_grant' } })

    await client.login()
    server.revoke()
    expect((await client.fetch('https://api.test/me')).status).toBe(401)
    expect(status()).toBe('signed-out')
  })

  it.each([
    ['every endpoint', '/token', { rateLimit: () => boom() }, undefined],
    ['the token endpoint', '/token', undefined, { findClient: () => boom() }],
    ['the authorization endpoint', '/authorize?client_id=app', { onEvent: () => undefined }, { findClient: () => boom() }],
  ])('prints the cause of an internal error: %s', async (_what, path, hooks, list) => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    onTestFinished(() => print.mockRestore())
    const server = createTestServer({ server: { ...(hooks && { hooks }), ...(list && { clients: list }) } })
    const body = new URLSearchParams({ grant_type: 'authorization_code', client_id: 'app', code: 'code' })
    const response = await server.fetch(server.issuer + path, path === '/token' ? { method: 'POST', body } : {})
    expect(response.status).toBe(500)
    expect(print).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('could not handle'), CAUSE)
  })

  it('is in the time of the test', async () => {
    const { client, server } = await signIn({ accessTokenLifetime: 600 })
    const { expiresAt = 0 } = client.getTokenSet() ?? {}
    expect(expiresAt - server.clock.now() / 1000).toBeCloseTo(600, -1)
    server.clock.advance(500)
    await client.getAccessToken()
    expect(server.count('token')).toBe(1)
    server.clock.advance(60)
    await client.getAccessToken()
    expect(server.count('token')).toBe(2)
  })
})

describe('a fault of a test server', () => {
  it('fail(503) keeps the session, until recover()', async () => {
    const { client, server, status } = await signIn()
    server.fail(503, { retryAfter: 1 })
    await expect(client.refresh()).rejects.toMatchObject({ name: 'NetworkError', status: 503, retryAfterSeconds: 1 })
    expect((await client.fetch('https://api.test/me')).status).toBe(200)
    server.recover()
    server.clock.advance(2)
    await client.refresh()
    expect(status()).toBe('signed-in')
  })

  it('fail() concerns some endpoints, some times, until it is ended', async () => {
    const { client, server } = await signIn()
    server.fail(500, { at: 'api', times: 1 })
    const end = server.fail(400, { at: ['token'], error: 'invalid_grant', errorDescription: 'stop' })
    const statuses = [await client.fetch('https://api.test/me'), await client.fetch('https://api.test/me')].map(
      ({ status }) => status,
    )
    expect(statuses).toEqual([500, 200])
    end()
    await client.refresh()
    server.fail(400, { at: ['token'], error: 'invalid_grant', errorDescription: 'stop' })
    await expect(client.refresh()).rejects.toMatchObject({ error: 'invalid_grant', errorDescription: 'stop' })
  })

  it('offline() is a network failure', async () => {
    const { client, server, status } = await signIn()
    server.offline()
    expect(await codeOf(client.refresh())).toBe('network')
    expect(status()).toBe('signed-in')
  })

  it('slow(ms) delays the response, and an abort does not wait for it', async () => {
    const { client, server } = await signIn()
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    server.slow(60_000, { at: 'api' })
    const response = client.fetch('https://api.test/me')
    await expect.poll(() => vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(60_000)
    expect((await response).status).toBe(200)
    const aborted = new AbortController()
    const pending = client.fetch('https://api.test/me', { signal: aborted.signal })
    aborted.abort()
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('wrongSignature() fails a sign-in and a refresh', async () => {
    const { client, server, status } = await signIn()
    server.wrongSignature({ times: 1 })
    expect(await codeOf(client.refresh())).toBe('invalid_id_token')
    await client.refresh()
    server.wrongSignature()
    expect(await codeOf(client.login())).toBe('invalid_id_token')
    server.recover()
    await client.login()
    expect(status()).toBe('signed-in')
  })

  it('denied() is the refusal of the user', async () => {
    const { client, server } = await signIn()
    server.denied({ times: 1 })
    await expect(client.login()).rejects.toMatchObject({ error: 'access_denied' })
    await client.login()
    expect(server.count('authorize')).toBe(3)
  })

  it('rotate() signs with a new key, which clients fetch', async () => {
    const { client, server, status } = await signIn()
    const kid = (): unknown => decodeProtectedHeader(client.getTokenSet()?.idToken ?? '').kid
    const former = kid()
    await server.rotate()
    server.clock.advance(61)
    await client.refresh()
    expect([status(), server.count('jwks')]).toEqual(['signed-in', 2])
    expect(kid()).not.toBe(former)
  })
})

it('signToken() signs with the published key', async () => {
  const server = createTestServer({ users: [{ sub: 'alice' }] })
  const keys = (await (await server.fetch(`${server.issuer}/jwks`)).json()) as JSONWebKeySet
  const token = await server.signToken({ sub: 'alice', aud: 'https://api.test/' }, { typ: 'at+jwt' })
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
    issuer: server.issuer,
    audience: 'https://api.test/',
    typ: 'at+jwt',
  })
  expect(payload).toMatchObject({ sub: 'alice' })
})

it('a package that is missing is named, with the command that installs it', async () => {
  const missing = (): Promise<never> => Promise.reject(new Error("Cannot find package '@latchkey/server'"))
  await expect(loadPeer('@latchkey/server', 'createTestServer()', missing)).rejects.toMatchObject({
    code: 'configuration',
    message: expect.stringContaining('needs the package @latchkey/server') as string,
    hint: 'Install it: npm install --save-dev @latchkey/server',
  })
})

it('respond() replaces responses, the latest handler first, until it is ended', async () => {
  const { client, server } = await signIn()
  const read = async (): Promise<string> => (await client.fetch('https://api.test/me')).text()
  server.respond(({ url }) => (url.endsWith('/me') ? new Response('first') : undefined))
  const end = server.respond(async (request) => new Response(request.headers.get('authorization')?.slice(0, 6)))
  expect(await read()).toBe('Bearer')
  end()
  expect(await read()).toBe('first')
})
