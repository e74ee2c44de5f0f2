import { describe, expect, it } from 'vitest'
import type { ComplianceHooks } from './compliance.js'
import { loadServer } from './load-server.js'
import { failure } from './sign-in.fixture.js'
import { createContext, createTestServer, type Faults, issuer, metadata, type TestServer } from './test-server.fixture.js'

async function serverWith(faults: Faults = {}): Promise<TestServer> {
  return Object.assign(await createTestServer(), { faults })
}

const openid = '/.well-known/openid-configuration'
const oauth = '/.well-known/oauth-authorization-server'
const noPage = (): Response => new Response('<h1>no</h1>', { status: 404 })

describe('compliance hooks', () => {
  it('of an unknown name are an error before anything is sent, which names those there are', async () => {
    //
    const server = await serverWith()
    const compliance = { accessTokenResponse: (response: Response) => response }
    const context = createContext(server, { compliance: compliance as ComplianceHooks })
    const error = await failure(loadServer(context, { keys: false }))
    expect(error).toMatchObject({ name: 'ConfigurationError', code: 'configuration' })
    expect(error.message).toContain('"accessTokenResponse"')
    expect(error.hint).toContain('refreshTokenResponse')
    expect(server.log).toEqual([])
  })

  it('named like members of every object are unknown too', async () => {
    //
    const compliance = { constructor: () => new Response() }
    const context = createContext(await serverWith(), { compliance: compliance as ComplianceHooks })
    expect(await failure(loadServer(context, { keys: false }))).toMatchObject({ code: 'configuration' })
  })

  it('of every known name are taken', async () => {
    //
    const request = (one: Request): Request => one
    const response = (one: Response): Response => one
    const compliance: Required<ComplianceHooks> = {
      authorizationRequest: (url) => url,
      endSessionRequest: (url) => url,
      tokenRequest: request,
      tokenResponse: response,
      refreshTokenRequest: request,
      refreshTokenResponse: response,
      revocationRequest: request,
      introspectionRequest: request,
      protectedRequest: request,
      userInfoResponse: response,
    }
    const context = createContext(await serverWith(), { compliance })
    await expect(loadServer(context, { keys: false })).resolves.toBeDefined()
  })
})

describe('loadServer()', () => {
  it('fetches metadata and keys once and remembers them', async () => {
    // covers B-041, B-045
    const server = await serverWith()
    const context = createContext(server)
    await loadServer(context, { keys: true })
    const record = await loadServer(context, { keys: true })
    expect(record.metadata.token_endpoint).toBe(`${issuer}/token`)
    expect(record.jwks?.keys).toHaveLength(1)
    expect(server.log).toEqual([`GET ${openid}`, 'GET /jwks'])
  })

  it('does not fetch the keys if they are not needed', async () => {
    const server = await serverWith()
    const context = createContext(server)
    await loadServer(context, { keys: false })
    expect(server.log).toEqual([`GET ${openid}`])
    await loadServer(context, { keys: true })
    expect(server.log).toEqual([`GET ${openid}`, 'GET /jwks'])
  })

  it('shares the requests of calls in parallel', async () => {
    const server = await serverWith()
    const context = createContext(server)
    await Promise.all([1, 2, 3].map(() => loadServer(context, { keys: true })))
    expect(server.log).toEqual([`GET ${openid}`, 'GET /jwks'])
  })

  it('fetches again after an hour', async () => {
    let time = 1_000_000_000_000
    const server = await serverWith()
    const context = createContext(server, {}, { now: () => time })
    await loadServer(context, { keys: true })
    time += 3_599_000
    await loadServer(context, { keys: true })
    expect(server.log).toHaveLength(2)
    time += 2000
    await loadServer(context, { keys: true })
    expect(server.log).toHaveLength(4)
  })

  it('uses what it knows when the server cannot be reached an hour later', async () => {
    let time = 1_000_000_000_000
    const server = await serverWith()
    const context = createContext(server, {}, { now: () => time })
    await loadServer(context, { keys: true })
    time += 7_200_000
    server.faults = { respond: () => new Response(null, { status: 503 }) }
    await expect(loadServer(context, { keys: true })).resolves.toMatchObject({ metadata: { issuer } })
  })

  it('does not use what it knows when the server now says otherwise', async () => {
    let time = 1_000_000_000_000
    const server = await serverWith()
    const context = createContext(server, {}, { now: () => time })
    await loadServer(context, { keys: true })
    time += 7_200_000
    server.faults = { metadata: { issuer: 'https://other.example' } }
    expect(await failure(loadServer(context, { keys: true }))).toMatchObject({ code: 'issuer_mismatch' })
  })

  it('tries again after a failure', async () => {
    const server = await serverWith({ respond: () => new Response(null, { status: 503 }) })
    const context = createContext(server)
    expect(await failure(loadServer(context, { keys: true }))).toMatchObject({ code: 'server_error', retryable: true })
    server.faults = {}
    await expect(loadServer(context, { keys: true })).resolves.toBeDefined()
  })

  it('turns to RFC 8414 when there is nothing at the OpenID address', async () => {
    const respond = (request: Request): Response | undefined =>
      new URL(request.url).pathname === oauth ? Response.json(metadata) : noPage()
    const context = createContext(await serverWith({ respond }))
    await expect(loadServer(context, { keys: false })).resolves.toMatchObject({ metadata: { issuer } })
  })

  it('falls back to RFC 8414 if the OpenID address returns a web page or lacks CORS headers', async () => {
    const respond = (request: Request): Response => {
      if (new URL(request.url).pathname === oauth) return Response.json(metadata)

      throw new TypeError('Failed to fetch')
    }
    const context = createContext(await serverWith({ respond }))
    await expect(loadServer(context, { keys: false })).resolves.toMatchObject({ metadata: { issuer } })
    const page = (request: Request): Response =>
      new URL(request.url).pathname === oauth ? Response.json(metadata) : new Response('<div id="root">')
    await expect(loadServer(createContext(await serverWith({ respond: page })), { keys: false })).resolves.toBeDefined()
  })

  it('puts the RFC 8414 address before the path of the issuer, and the OpenID one after it', async () => {
    const server = await serverWith({ respond: noPage })
    const context = createContext(server, { issuer: `${issuer}/tenant` })
    expect(await failure(loadServer(context, { keys: false }))).toMatchObject({ code: 'invalid_metadata', status: 404 })
    expect(server.log).toEqual([`GET /tenant${openid}`, `GET ${oauth}/tenant`])
  })

  it.each([`${issuer}/`, 'https://SERVER.example', 'https://other.example'])(
    'compares the issuer exactly: "%s" is another one',
    async (other) => {
      const context = createContext(await serverWith({ metadata: { issuer: other } }))
      const error = await failure(loadServer(context, { keys: false }))
      expect(error).toMatchObject({ name: 'ValidationError', code: 'issuer_mismatch' })
      expect(error.message).toContain(other)
    },
  )

  it.each([
    ['no JSON', { respond: () => new Response('{') }],
    ['no object', { respond: () => Response.json([]) }],
    ['no issuer', { metadata: { issuer: undefined } }],
    ['a number as issuer', { metadata: { issuer: 5 } }],
  ])('refuses %s as metadata', async (_, faults) => {
    const context = createContext(await serverWith(faults))
    expect(await failure(loadServer(context, { keys: false }))).toMatchObject({ code: 'invalid_metadata' })
  })

  it.each([
    ['nothing', { respond: (request: Request) => (request.url.endsWith('/jwks') ? noPage() : undefined) }],
    ['no list', { respond: (request: Request) => (request.url.endsWith('/jwks') ? Response.json({ keys: {} }) : undefined) }],
    ['an empty list', { keys: [] }],
    ['too much', { keys: Array.from({ length: 9000 }, (_, n) => ({ kty: 'RSA', kid: `${n}`, n: 'x'.repeat(100) })) }],
  ])('refuses %s as key set', async (_, faults) => {
    const context = createContext(await serverWith(faults))
    expect(await failure(loadServer(context, { keys: true }))).toMatchObject({ code: 'invalid_jwks' })
  })

  it('sends no request when metadata and keys are inline', async () => {
    // covers A-015, B-042, B-043
    const server = await serverWith()
    const context = createContext(server, { server: { ...metadata, jwks: { keys: [{ kty: 'RSA' }] } } })
    await expect(loadServer(context, { keys: true })).resolves.toMatchObject({ jwks: { keys: [{ kty: 'RSA' }] } })
    expect(server.log).toEqual([])
  })

  it('remembers the keys of inline metadata', async () => {
    const server = await serverWith()
    const context = createContext(server, { server: metadata })
    await loadServer(context, { keys: true })
    await loadServer(context, { keys: true })
    expect(server.log).toEqual(['GET /jwks'])
  })

  it('needs no keys of a server that has none', async () => {
    const context = createContext(await serverWith({ metadata: { jwks_uri: undefined } }), { scope: 'read' })
    const record = await loadServer(context, { keys: true })
    expect(record.jwks).toBeUndefined()
  })

  it.each(['http://server.example', 'ftp://server.example', 'server.example'])('refuses "%s" as issuer', async (insecure) => {
    const context = createContext(await serverWith(), { issuer: insecure })
    expect(await failure(loadServer(context, { keys: false }))).toMatchObject({
      name: 'ConfigurationError',
      code: 'configuration',
    })
  })

  it.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])('allows "%s" as issuer', async (local) => {
    const context = createContext(await serverWith({ metadata: { issuer: local } }), { issuer: local })
    await expect(loadServer(context, { keys: false })).resolves.toBeDefined()
  })

  it('wants an issuer or a server', async () => {
    const context = createContext(await serverWith())
    const { issuer: _, ...options } = context.options
    expect(await failure(loadServer({ ...context, options }, { keys: false }))).toMatchObject({ code: 'configuration' })
  })

  it('stops waiting when the caller does', async () => {
    const server = await serverWith({ respond: () => new Promise<Response>(() => undefined) })
    const controller = new AbortController()
    const load = loadServer(createContext(server, { timeout: 0.05 }), { keys: false, signal: controller.signal })
    controller.abort()
    expect(await failure(load)).toMatchObject({ code: 'aborted' })
  })
})
