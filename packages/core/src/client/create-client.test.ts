import { describe, expect, it } from 'vitest'
import { settled } from '../platform/settled.fixture.js'
import { createAuthorizationUrl } from './authorization-url.js'
import { countOf, createClientBench, instantTransport } from './client.fixture.js'
import { createOAuthClient } from './create-client.js'
import type { ClientOptions } from './client-options.js'
import { OAuthClientError } from '../errors/errors.js'
import type { OAuthClient } from './client.js'
import { issuer } from '../protocol/test-server.fixture.js'
import { memory } from '../storage/memory.js'
import type { TokenSet } from '../protocol/token-set.js'

const api = (request: Request): Response | undefined =>
  request.url.startsWith('https://api.example/') ? new Response('data') : undefined

describe('createOAuthClient() - options are checked once', () => {
  it.each([
    [{ clientId: 'a' }],
    [{ issuer: 'not a url', clientId: 'a' }],
    [{ issuer, clientId: '' }],
    [{ issuer, clientId: 'a', leeway: -1 }],
    [{ issuer, clientId: 'a', timeout: 0 }],
    [{ issuer, clientId: 'a', redirectUri: 'https://app.example/#fragment' }],
    [{ issuer, clientId: 'a', redirectUri: 'callback' }],
    [{ issuer, clientId: 'a', postLogoutRedirectUri: 'https://' }],
    [{ issuer, clientId: 'a', resources: ['http://api.example/'] }],
  ] as ReadonlyArray<[ClientOptions]>)('refuses %j', (options) => {
    //
    expect(() => createOAuthClient(options)).toThrow(expect.objectContaining({ code: 'configuration' }))
  })

  it('takes paths where there is no page to complete them (a server that renders), and refuses to sign in with one', async () => {
    //
    const { client, server } = await createClientBench({
      redirectUri: '/callback',
      postLogoutRedirectUri: '/',
      resources: ['/api/'],
    })
    await client.start()
    const refusal = { code: 'configuration', hint: expect.stringContaining('absolute') as string }
    await expect(client.login()).rejects.toMatchObject(refusal)
    await expect(createAuthorizationUrl(client)).rejects.toMatchObject(refusal)
    expect(server.log).toEqual([])
  })

  it('sends and reads nothing before it is started', async () => {
    //
    const { client, server } = await createClientBench()
    expect(server.log).toEqual([])
    expect(client.getSnapshot().status).toBe('restoring')
  })
})

describe('login()', () => {
  it('signs in: metadata, keys and one token request', async () => {
    const { client, server } = await createClientBench()
    const result = await client.login({ returnTo: '/ignored-in-node' })
    expect(result?.tokenSet.accessToken).toBe('access-token-1')
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', activity: 'idle', claims: { sub: 'user-1' } })
    expect(server.log).toEqual(['GET /.well-known/openid-configuration', 'GET /jwks', 'POST /token'])
  })

  it('calls onTokenSet, awaited, with the reason', async () => {
    // covers A-012, D-024
    const emitted: string[] = []
    const onTokenSet = async (tokenSet: TokenSet, reason: string): Promise<void> => {
      await Promise.resolve()
      emitted.push(`${reason} ${tokenSet.accessToken}`)
    }
    const { client } = await createClientBench({ onTokenSet })
    await client.login()
    expect(emitted).toEqual(['login access-token-1'])
  })

  it.each([
    [{ error: 'access_denied', code: undefined }, 'authorization_error'],
    [{ iss: 'https://other.example' }, 'issuer_mismatch'],
    [{ code: undefined }, 'missing_code'],
    [{ state: 'lk.other.x.1' }, 'mismatching_state'],
    [{ state: undefined }, 'mismatching_state'],
  ])('ends in a typed error for the response %j', async (answer, code) => {
    // covers, B-015, B-019
    const { client, server } = await createClientBench({}, { answer })
    const error: unknown = await client.login().catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(OAuthClientError)
    expect(error).toMatchObject({ code })
    expect(client.getSnapshot()).toMatchObject({
      status: expect.not.stringMatching('signed-in') as string,
      activity: 'idle',
      error,
    })
    expect(countOf(server, 'POST /token')).toBe(0)
  })

  it('can be tried again after a failure', async () => {
    const { client, server } = await createClientBench({}, { answer: { error: 'access_denied', code: undefined } })
    await client.login().catch(() => undefined)
    await client.login({ transport: instantTransport(server) })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
  })

  it('is no unhandled rejection when its promise is ignored', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown): unknown => unhandled.push(reason)
    process.on('unhandledRejection', note)
    const { client } = await createClientBench({}, { answer: { error: 'access_denied', code: undefined } })
    void client.login()
    await expect.poll(() => client.getSnapshot().error?.code).toBe('authorization_error')
    await settled()
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })

  it('says that a redirect needs a window', async () => {
    const { client } = await createClientBench({ transport: 'redirect' })
    await expect(client.login()).rejects.toMatchObject({ code: 'unsupported' })
  })
})

describe('handleCallback() - invariant 1: one code exchange', () => {
  it('redeems a response once, however often it comes', async () => {
    const { client, server } = await createClientBench()
    let callbackUrl: URL | undefined
    const inner = instantTransport(server)
    const transport = {
      name: 'test',
      prepare: () => ({
        navigate: async (request: Parameters<ReturnType<typeof inner.prepare>['navigate']>[0]) => {
          callbackUrl = await inner.prepare().navigate(request)
          return callbackUrl
        },
        cancel: () => undefined,
      }),
    }
    await client.login({ transport })
    const ignored: string[] = []
    client.on('callback-ignored', ({ reason }) => ignored.push(reason))
    await Promise.all([client.handleCallback(callbackUrl), client.handleCallback(callbackUrl)])
    expect(countOf(server, 'POST /token')).toBe(1)
    expect(ignored).toHaveLength(2)
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', error: undefined })
  })

  it('leaves a foreign "?code=&state=" alone, and reports it', async () => {
    const { client } = await createClientBench()
    await client.start()
    const ignored: string[] = []
    client.on('callback-ignored', ({ reason }) => ignored.push(reason))
    expect(client.isCallback('https://app.example/?code=c&state=s')).toBe(false)
    expect(await client.handleCallback('https://app.example/?code=c&state=s')).toBeUndefined()
    expect(ignored).toEqual([expect.stringContaining('"state"')])
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', error: undefined })
  })

  it.each(['https://app.example/orders?state=open', 'https://app.example/'])(
    'says nothing of an ordinary address: %s',
    async (url) => {
      const { client } = await createClientBench()
      const ignored: string[] = []
      client.on('callback-ignored', ({ reason }) => ignored.push(reason))
      expect(await client.handleCallback(url)).toBeUndefined()
      expect(ignored).toEqual([])
    },
  )
})

describe('getAccessToken() and refresh() - invariant 2: one refresh', () => {
  it('hands out a fresh token without a request', async () => {
    //
    const { client, server } = await createClientBench()
    await client.login()
    expect(await client.getAccessToken()).toBe('access-token-1')
    expect(countOf(server, 'POST /token')).toBe(1)
  })

  it('refreshes once for fifty calls at once', async () => {
    // covers A-084, D-025
    const { client, server, advance } = await createClientBench()
    await client.login()
    advance(250_000)
    await Promise.all(Array.from({ length: 50 }, () => client.getAccessToken()))
    expect(countOf(server, 'POST /token')).toBe(2)
    expect(server.bodies.at(-1)?.get('grant_type')).toBe('refresh_token')
  })

  it('has no token when no user is signed in', async () => {
    // covers A-079, D-027
    const { client } = await createClientBench()
    await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'missing_token' })
  })

  it('ends the session when the token has expired and cannot be renewed', async () => {
    //
    const { client, server, advance } = await createClientBench()
    server.faults = { token: { refresh_token: undefined } }
    await client.login()
    advance(300_000)
    await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'token_invalid' })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'token_invalid' } })
  })

  it('says that nothing can be renewed without ending a session that is still good', async () => {
    const { client, server } = await createClientBench()
    server.faults = { token: { refresh_token: undefined } }
    await client.login()
    await expect(client.refresh()).rejects.toMatchObject({ code: 'token_invalid' })
    expect(client.getSnapshot().status).toBe('signed-in')
  })
})

describe('invariant 3: no session is lost to a transient failure', () => {
  it.each([
    ['500', (): Response => new Response('oops', { status: 500 }), 'server_error'],
    ['503', (): Response => new Response('', { status: 503, headers: { 'retry-after': '7' } }), 'server_error'],
    ['429', (): Response => new Response('', { status: 429, headers: { 'retry-after': '7' } }), 'rate_limited'],
    ['HTML', (): Response => new Response('<html>', { headers: { 'content-type': 'text/html' } }), 'invalid_response'],
    [
      'no network',
      (): Response => {
        throw new TypeError('Failed to fetch')
      },
      'network',
    ],
  ])('keeps the session when the token endpoint has %s', async (_name, answer, code) => {
    const { client, server, advance } = await createClientBench()
    await client.login()
    advance(250_000)
    server.faults = { respond: (request) => (request.url.endsWith('/token') ? answer() : undefined) }
    await expect(client.getAccessToken()).rejects.toMatchObject({ code })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', activity: 'idle', error: { code } })
    server.faults = {}
    expect(await client.getAccessToken()).toBe('access-token-1')
    expect(client.getSnapshot().error).toBeUndefined()
  })

  it('ends the session at the server’s own word (invalid_grant)', async () => {
    const { client, server, advance } = await createClientBench()
    await client.login()
    advance(250_000)
    server.faults = {
      respond: (request) =>
        request.url.endsWith('/token') ? Response.json({ error: 'invalid_grant' }, { status: 400 }) : undefined,
    }
    const reasons: string[] = []
    client.on('signed-out', ({ reason }) => reasons.push(reason))
    await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'token_invalid', error: 'invalid_grant' })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-out', error: { code: 'token_invalid' } })
    expect(reasons).toEqual(['session-ended'])
  })
})

describe('invariant 10: a refresh that was in flight cannot bring a signed-out session back', () => {
  it('drops a response that arrives after the sign-out', async () => {
    const storage = memory()
    const { client, server, advance } = await createClientBench({ storage })
    await client.login()
    advance(250_000)
    let answer: (() => void) | undefined
    const held = new Promise<undefined>((resolve) => (answer = () => resolve(undefined)))
    server.faults = { respond: (request) => (request.url.endsWith('/token') ? (held as never) : undefined) }
    const refreshing = client.getAccessToken()
    await expect.poll(() => countOf(server, 'POST /token')).toBe(2)
    const leaving = client.logout({ local: true, revoke: false })
    answer?.()
    await expect(refreshing).rejects.toMatchObject({ code: 'missing_token' })
    await leaving
    expect(client.getSnapshot().status).toBe('signed-out')
    expect(await storage.keys('latchkey/')).not.toContainEqual(expect.stringContaining('/session'))
  })
})

describe('fetch() - invariant 5: tokens go only where the options allow', () => {
  it('sends the token to the API', async () => {
    //
    const { client, server } = await createClientBench()
    await client.login()
    let authorization: string | null = null
    server.faults = { respond: (request) => ((authorization = request.headers.get('authorization')), api(request)) }
    expect(await (await client.fetch('https://api.example/things')).text()).toBe('data')
    expect(authorization).toBe('Bearer access-token-1')
  })

  it('refuses another place before anything is sent', async () => {
    const { client, server } = await createClientBench()
    await client.login()
    const before = server.log.length
    await expect(client.fetch('https://evil.example/')).rejects.toMatchObject({ code: 'resource_not_allowed' })
    expect(server.log).toHaveLength(before)
  })

  it('sends a plain request when the token is withheld, or the caller has credentials of its own', async () => {
    //
    const { client, server } = await createClientBench()
    const seen: Array<string | null> = []
    server.faults = { respond: (request) => (seen.push(request.headers.get('authorization')), api(request)) }
    await client.fetch('https://api.example/', { withholdToken: true })
    await client.fetch('https://api.example/', { headers: { authorization: 'Basic eA==' } })
    expect(seen).toEqual([null, 'Basic eA=='])
  })

  it('refreshes a token that the API refuses as invalid, and sends the same body again', async () => {
    //
    const { client, server } = await createClientBench()
    await client.login()
    const bodies: string[] = []
    const refusal = new Response('', { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })
    server.faults = {
      respond: async (request) => {
        if (!request.url.startsWith('https://api.example/')) return undefined as never
        bodies.push(await request.text())
        return bodies.length === 1 ? refusal : new Response('data')
      },
    }
    const response = await client.fetch('https://api.example/', { method: 'POST', body: 'payload' })
    expect(await response.text()).toBe('data')
    expect(bodies).toEqual(['payload', 'payload'])
    expect(countOf(server, 'POST /token')).toBe(2)
  })

  it('does not renew for a 401 that means something else', async () => {
    const { client, server } = await createClientBench()
    await client.login()
    const challenge = { 'www-authenticate': 'Bearer error="insufficient_scope"' }
    server.faults = {
      respond: (request) =>
        request.url.startsWith('https://api') ? new Response('', { status: 401, headers: challenge }) : undefined,
    }
    expect((await client.fetch('https://api.example/')).status).toBe(401)
    expect(countOf(server, 'POST /token')).toBe(1)
  })

  it('sends a stream once and does not try again', async () => {
    const { client, server } = await createClientBench()
    await client.login()
    let calls = 0
    server.faults = {
      respond: async (request) => {
        if (!request.url.startsWith('https://api.example/')) return undefined as never
        calls += 1
        await request.text()
        return new Response('', { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })
      },
    }
    const body = new Response('streamed').body
    const response = await client.fetch('https://api.example/', { method: 'POST', body, duplex: 'half' } as RequestInit)
    expect(response.status).toBe(401)
    expect(calls).toBe(1)
  })

  it.each([
    ['query', 'https://api.example/?x=1&access_token=access-token-1', ''],
    ['body', 'https://api.example/?x=1', 'a=b&access_token=access-token-1'],
  ] as const)('places the token in the %s if configured', async (tokenPlacement, url, body) => {
    //
    const { client, server } = await createClientBench({ resources: [{ url: 'https://api.example/', tokenPlacement }] })
    await client.login()
    let seen: [string, string, string | null] | undefined
    server.faults = {
      respond: async (request) => {
        if (!request.url.startsWith('https://api')) return undefined as never
        seen = [request.url, await request.text(), request.headers.get('authorization')]
        return new Response('')
      },
    }
    const init = tokenPlacement === 'body' ? { method: 'POST', body: new URLSearchParams({ a: 'b' }) } : {}
    await client.fetch('https://api.example/?x=1', init)
    expect(seen).toEqual([url, body, null])
  })

  it('aborts with the caller’s signal, and when the session ends', async () => {
    const { client, server } = await createClientBench()
    await client.login()
    const hang = (request: Request): Promise<Response> | undefined =>
      request.url.startsWith('https://api')
        ? new Promise((_resolve, reject) =>
            request.signal.addEventListener('abort', () => reject(request.signal.reason as Error)),
          )
        : undefined
    server.faults = { respond: hang }
    const controller = new AbortController()
    const given = client.fetch('https://api.example/', { signal: controller.signal })
    const orphan = client.fetch('https://api.example/')
    await expect.poll(() => countOf(server, 'GET /')).toBe(2)
    controller.abort(new Error('changed my mind'))
    await expect(given).rejects.toThrow('changed my mind')
    await client.logout({ local: true, revoke: false })
    await expect(orphan).rejects.toMatchObject({ code: 'missing_token', hint: expect.any(String) as unknown })
  })
})

describe('logout(), revoke() and userInfo()', () => {
  it('revokes the refresh token, forgets everything, and tells what it reached', async () => {
    // covers, B-049, B-054
    const { client, server } = await createClientBench()
    await client.login()
    expect(await client.logout()).toMatchObject({ local: true, provider: false, url: { pathname: '/end' } })
    expect(countOf(server, 'POST /revoke')).toBe(1)
    expect(server.bodies.at(-1)?.get('token')).toBe('refresh-token-2')
    expect(client.getSnapshot()).toEqual({ status: 'signed-out', activity: 'idle', error: undefined })
    expect(client.getTokenSet()).toBeUndefined()
  })

  it('signs out here even when the server is gone', async () => {
    const { client, server } = await createClientBench()
    await client.login()
    server.faults = { respond: () => new Response('', { status: 503 }) }
    await client.logout()
    expect(client.getSnapshot().status).toBe('signed-out')
  })

  it.each<[Parameters<OAuthClient['revoke']>, string, string | null]>([
    [[], 'refresh-token-2', 'refresh_token'],
    [['refresh-token-2'], 'refresh-token-2', 'refresh_token'],
    [['access-token-1'], 'access-token-1', 'access_token'],
    [['some-other-token'], 'some-other-token', null],
    [['some-other-token', { tokenTypeHint: 'refresh_token' }], 'some-other-token', 'refresh_token'],
  ])('revokes by hand the token that it is given, else the session’s: revoke%j', async (given, token, hint) => {
    //
    const { client, server } = await createClientBench()
    await client.login()
    await client.revoke(...given)
    expect(server.bodies.at(-1)?.get('token')).toBe(token)
    expect(server.bodies.at(-1)?.get('token_type_hint')).toBe(hint)
    expect(client.getSnapshot().status).toBe('signed-in')
  })

  it('revokes a given token although no user is signed in, and fails without one', async () => {
    const { client, server } = await createClientBench()
    await client.revoke('left-over-token')
    expect(server.bodies.at(-1)?.get('token')).toBe('left-over-token')
    await expect(client.revoke()).rejects.toMatchObject({ code: 'missing_token' })
    const { length } = server.bodies
    await expect(client.revoke('')).rejects.toMatchObject({ code: 'missing_token' })
    expect(server.bodies).toHaveLength(length)
  })

  it('requests the user’s claims', async () => {
    // covers B-039
    const { client } = await createClientBench()
    await client.login()
    expect(await client.userInfo()).toMatchObject({ sub: 'user-1', name: 'Ada' })
  })
})

describe('claims schema', () => {
  const schema = (
    validate: (value: unknown) => { value: { sub: string } } | { issues: Array<{ message: string; path: string[] }> },
  ): ClientOptions<{ sub: string }>['claims'] => ({
    '~standard': { version: 1, vendor: 'test', validate },
  })

  it('hands out what the schema makes of the claims', async () => {
    const { client } = await createClientBench({ claims: schema(() => ({ value: { sub: 'mapped' } })) as never })
    await client.login()
    expect(client.getSnapshot().claims).toEqual({ sub: 'mapped' })
  })

  it('refuses claims that do not fit, naming them and not their values', async () => {
    const { client } = await createClientBench({
      claims: schema(() => ({ issues: [{ message: 'user-1 is no email', path: ['email'] }] })) as never,
    })
    const error = await client.login().catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'invalid_claims', message: expect.stringContaining('email') as string })
    expect(String(error)).not.toContain('user-1')
    expect(client.getSnapshot().status).not.toBe('signed-in')
  })
})

describe('close()', () => {
  it('can be started again, and disposes', async () => {
    // covers A-018, D-029
    const { client } = await createClientBench()
    await client.login()
    await client.close()
    await client.start()
    expect(client.getSnapshot().status).toBe('signed-in')
    await client[Symbol.asyncDispose]()
  })
})
