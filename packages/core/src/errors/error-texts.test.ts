import { describe, expect, it } from 'vitest'
import { createAuthorizationUrl, exchange } from '../client/authorization-url.js'
import { countOf, createClientBench, instantTransport } from '../client/client.fixture.js'
import { createOAuthClient } from '../client/create-client.js'
import { issuer, redirectUri } from '../protocol/test-server.fixture.js'
import { createError } from './create-error.js'
import { explainError } from './explain-error.js'
import type { OAuthClientError } from './errors.js'

const failure = async (work: Promise<unknown>): Promise<OAuthClientError> =>
  work.then(
    () => expect.unreachable(),
    (error: unknown) => error as OAuthClientError,
  )

describe('the message of an error', () => {
  it('ends with the hint, so that an uncaught error says what to do', () => {
    expect(() => createOAuthClient({ issuer, clientId: '' })).toThrow('Pass the client id of this app.')
    const { message, hint } = createError('unsupported', 'There is no such endpoint', { hint: 'Turn it on.' })
    expect(message).toBe('There is no such endpoint. Turn it on.')
    expect(hint).toBe('Turn it on.')
  })

  it('ends with a hint of the catalog as well, in the stack too', async () => {
    const error = await explainError(createError('mismatching_state'), () => import('./describe-error.js'))
    expect(error.message.endsWith(error.hint ?? '-')).toBe(true)
    expect(error.stack).toContain(error.hint)
  })

  it('is followed by the address of the documentation in the stack, once, in development', async () => {
    const error = createError('mismatching_state')
    for (let round = 0; round < 2; round++) await explainError(error, () => import('./describe-error.js'))
    expect(error.stack?.match(/\/reference\/errors#mismatching_state$/gm)).toHaveLength(1)
    expect(error.message).not.toContain('/reference/')
  })

  it('has the hint once, however often the error is copied', () => {
    const { code, message, hint } = createError('network', 'Unreachable.', { hint: 'Check it.' })
    expect(createError(code, message, { hint }).message).toBe(message)
  })
})

describe('a failure reaches the events', () => {
  it('"refresh-failed" and "error" of a resource token that the server refuses', async () => {
    const { client, server } = await createClientBench()
    await client.login()
    const events: string[] = []
    client.on('refresh-failed', ({ error }) => events.push(`refresh-failed ${error.error}`))
    client.on('error', ({ error }) => events.push(`error ${error.error}`))
    server.faults = {
      respond: ({ url }) => (url.endsWith('/token') ? Response.json({ error: 'invalid_target' }, { status: 400 }) : undefined),
    }
    const error = await failure(client.getAccessToken({ resource: 'https://other.example/' }))
    expect(events).toEqual(['refresh-failed invalid_target', 'error invalid_target'])
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error })
  })

  it.each([
    ['userInfo()', '/userinfo', (client: Awaited<ReturnType<typeof createClientBench>>['client']) => client.userInfo()],
    ['revoke()', '/revoke', (client: Awaited<ReturnType<typeof createClientBench>>['client']) => client.revoke()],
    ['createAuthorizationUrl()', '/.well-known/openid-configuration', createAuthorizationUrl],
  ] as const)('"error" of %s, once', async (_name, path, act) => {
    const { client, server, advance } = await createClientBench()
    await client.login()
    advance(7_200_000)
    server.faults = { metadata: { revocation_endpoint: `${issuer}/revoke` } }
    await client.refresh().catch(() => undefined)
    const errors: OAuthClientError[] = []
    client.on('error', ({ error }) => errors.push(error))
    if (path.startsWith('/.well-known')) advance(7_200_000)
    server.faults = {
      respond: ({ url }) => (url.includes(path) ? Response.json({ error: 'access_denied' }, { status: 400 }) : undefined),
    }
    expect(errors).toEqual([await failure(act(client))])
  })

  it('"error" of a refresh within userInfo() once', async () => {
    const { client, server, advance } = await createClientBench()
    await client.login()
    advance(400_000)
    server.faults = { respond: ({ url }) => (url.endsWith('/token') ? new Response(null, { status: 503 }) : undefined) }
    const errors: OAuthClientError[] = []
    client.on('error', ({ error }) => errors.push(error))
    expect(errors).toEqual([await failure(client.userInfo())])
  })
})

describe('server metadata that cannot be used', () => {
  it('names every URL that was tried', async () => {
    const tenant = `${issuer}/tenant`
    const { client } = await createClientBench({ issuer: tenant })
    const { code, message } = await failure(client.login())
    expect(code).toBe('invalid_metadata')
    expect(message).toContain(`${issuer}/tenant/.well-known/openid-configuration`)
    expect(message).toContain(`${issuer}/.well-known/oauth-authorization-server/tenant`)
  })

  it.each([
    ['a status of 404', () => new Response(null, { status: 404 })],
    ['a web page', () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })],
  ])('names the "metadataUrl" that responds with %s', async (_name, respond) => {
    const metadataUrl = `${issuer}/meta`
    const { client, server } = await createClientBench({ metadataUrl })
    server.faults = { respond: ({ url }) => (url === metadataUrl ? respond() : undefined) }
    const { code, message, hint } = await failure(client.login())
    expect(code).toBe('invalid_metadata')
    expect(message).toContain(`Tried ${metadataUrl}.`)
    expect(hint).toContain('Check "issuer" (or "metadataUrl")')
    expect(server.log).toEqual(['GET /meta'])
  })

  it.each([
    ['https://evil.example', /mix-up/i, /slash/],
    ['https://server.example.evil.example/', /mix-up/i, /slash/],
    [`${issuer}/`, /slash/, /mix-up/i],
    [`${issuer}/tenant`, /in the path.*exactly as the server writes it/, /mix-up|slash/i],
    [issuer.replace('https:', 'http:'), /"http" and "https"/, /mix-up|slash/i],
    [issuer.toUpperCase().replace('HTTPS', 'https'), /upper and lower case/, /mix-up|slash/i],
    [`${issuer}:8443`, /port/, /mix-up|slash/i],
    ['no URL', /mix-up/i, /slash/],
  ])('that names the issuer "%s" gets the hint %s', async (other, expected, wrong) => {
    const { client, server } = await createClientBench()
    server.faults = { metadata: { issuer: other } }
    const { code, hint } = await failure(client.login())
    expect(code).toBe('issuer_mismatch')
    expect(hint).toMatch(expected)
    expect(hint).not.toMatch(wrong)
  })
})

describe('an authorization response', () => {
  it.each([
    ['https://evil.example', /mix-up/i, /slash/],
    [`${issuer}/`, /slash.*acceptedIssuers/, /mix-up/i],
    [issuer.replace('https:', 'http:'), /"http" and "https"/, /mix-up/i],
    [`${issuer}/tenant`, /path/, /mix-up/i],
  ])('whose "iss" is "%s" names both issuers and gets the hint %s', async (iss, expected, wrong) => {
    const { client } = await createClientBench({}, { answer: { iss } })
    const { code, message, hint } = await failure(client.login())
    expect(code).toBe('issuer_mismatch')
    expect(message).toContain(`"${iss}", not "${issuer}"`)
    expect(hint).toMatch(expected)
    expect(hint).not.toMatch(wrong)
  })

  const refusedAt = (address: string): string => `${address}?error=invalid_request&error_description=bad+scope`

  it('without "state" that the app received shows the unverified word of the server', async () => {
    const { client } = await createClientBench()
    const errors: OAuthClientError[] = []
    client.on('error', ({ error }) => errors.push(error))
    const error = await failure(client.handleCallback(refusedAt(redirectUri)))
    expect(error).toMatchObject({ code: 'mismatching_state', error: 'invalid_request', errorDescription: 'bad scope' })
    expect(error.message).toContain('(not verified): invalid_request: bad scope')
    expect(client.getSnapshot()).toMatchObject({ error })
    expect(errors).toEqual([error])
  })

  it('without "state" changes nothing at another address, or while a user is signed in', async () => {
    const { client } = await createClientBench()
    expect(await client.handleCallback(refusedAt('https://other.example/cb'))).toBeUndefined()
    await client.login()
    expect(await client.handleCallback(refusedAt(redirectUri))).toBeUndefined()
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
  })
})

describe('a malformed refresh response', () => {
  it.each([
    ['no token type', { token_type: undefined }],
    ['no access token', { access_token: undefined }],
    ['an access token that is no string', { access_token: 7 }],
  ])('with %s: the hint names "refreshTokenResponse"', async (_what, token) => {
    const { client, server } = await createClientBench()
    server.faults = { token }
    expect((await failure(client.login())).hint).toContain('"tokenResponse"')
    server.faults = {}
    await client.login()
    server.faults = { token }
    expect((await failure(client.refresh())).hint).toContain('"refreshTokenResponse"')
  })

  it('with another media type: the hint names "refreshTokenResponse"', async () => {
    const { client, server } = await createClientBench()
    await client.login()
    const text = { headers: { 'content-type': 'text/plain' } }
    server.faults = { respond: ({ url }) => (url.endsWith('/token') ? new Response('{"access_token":"a"}', text) : undefined) }
    expect((await failure(client.refresh())).hint).toContain('"refreshTokenResponse"')
  })
})

describe('an authorization response with "error" and without "state"', () => {
  it('shows what the server said, and that this is not verified', async () => {
    const { client } = await createClientBench()
    await createAuthorizationUrl(client)
    const url = `${redirectUri}?error=invalid_request&error_description=unknown+redirect_uri`
    const error = await failure(exchange(client, url))
    expect(error).toMatchObject({
      code: 'mismatching_state',
      error: 'invalid_request',
      errorDescription: 'unknown redirect_uri',
    })
    expect(error.message).toContain('invalid_request')
    expect(error.message).toMatch(/not verified/i)
  })

  it('shows no word of a response with a foreign "state"', async () => {
    const { client } = await createClientBench()
    const error = await failure(exchange(client, `${redirectUri}?error=invalid_request&state=foreign`))
    expect(error.message).not.toContain('invalid_request')
  })
})

describe('before the browser leaves', () => {
  it.each(['file:///app/index.html', 'data:text/html,x', 'javascript:alert(1)', 'about:blank', 'blob:https://app.example/1'])(
    'refuses the redirect URI %s',
    async (uri) => {
      const { client, server } = await createClientBench({ redirectUri: uri })
      expect(await failure(client.login())).toMatchObject({ code: 'configuration' })
      expect(await failure(createAuthorizationUrl(client))).toMatchObject({ code: 'configuration' })
      const other = await createClientBench()
      expect(await failure(other.client.login({ redirectUri: uri }))).toMatchObject({ code: 'configuration' })
      expect(countOf(server, 'POST /token')).toBe(0)
    },
  )

  it.each(['com.example.app:/callback', 'app://callback', 'http://127.0.0.1:4000/callback'])('allows %s', async (uri) => {
    const { client } = await createClientBench({ redirectUri: uri })
    expect((await createAuthorizationUrl(client)).url.searchParams.get('redirect_uri')).toBe(uri)
  })

  it.each([
    ['http', 'http://server.example/token'],
    ['missing', undefined],
  ])('refuses a token endpoint that is %s', async (_what, endpoint) => {
    const { client, server } = await createClientBench()
    const left: string[] = []
    const transport = { ...instantTransport(server), prepare: () => (left.push('left'), instantTransport(server).prepare()) }
    server.faults = { metadata: { token_endpoint: endpoint } }
    expect(await failure(client.login())).toMatchObject({ code: 'invalid_metadata' })
    expect(await failure(createAuthorizationUrl(client, {}))).toMatchObject({ code: 'invalid_metadata' })
    expect(left).toEqual([])
    expect(transport.name).toBe('test')
  })

  it('needs no token endpoint for a response without a code', async () => {
    const { client, server } = await createClientBench({ responseType: 'id_token' })
    server.faults = { metadata: { token_endpoint: undefined, response_types_supported: ['id_token'] } }
    expect((await createAuthorizationUrl(client)).url.searchParams.get('response_type')).toBe('id_token')
  })
})

describe('media types', () => {
  it('are compared without case', async () => {
    const { client, server } = await createClientBench()
    const real = server.fetch
    const upper = createOAuthClient({
      ...client.options,
      fetch: async (input, init) => {
        const response = await real(input, init)
        const headers = new Headers(response.headers)
        headers.set('content-type', (headers.get('content-type') ?? '').toUpperCase())
        return new Response(await response.text(), { status: response.status, headers })
      },
    })
    await upper.login()
    await upper.refresh()
    expect(await upper.userInfo()).toMatchObject({ name: 'Ada' })
    server.faults = {
      respond: ({ url }) =>
        url.endsWith('/userinfo') ? new Response('not.a.jwt', { headers: { 'content-type': 'Application/JWT' } }) : undefined,
    }
    // Read as a JWT, not as JSON.
    expect((await failure(upper.userInfo())).message).toContain('The signed UserInfo response')
  })
})
