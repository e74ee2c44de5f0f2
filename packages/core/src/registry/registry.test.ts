import { describe, expect, it } from 'vitest'
import { memory } from '../storage/memory.js'
import { instantTransport } from '../client/client.fixture.js'
import { createTestServer, issuer, redirectUri, type Faults, type TestServer } from '../protocol/test-server.fixture.js'
import {
  createOAuthRegistry,
  fromStoredToken,
  optionsFromEnv,
  ResponseError,
  type OAuthRegistry,
  type RegistryEntry,
  type RegistryOptions,
  type StoredToken,
} from '../registry.js'

const apiBaseUrl = 'https://api.example/v1'

async function bench(
  options: RegistryOptions = {},
  entry: Partial<RegistryEntry> = {},
): Promise<{ server: TestServer; registry: OAuthRegistry<'github' | 'google'>; seen: Request[] }> {
  const server = await createTestServer()
  const seen: Request[] = []
  const respond: NonNullable<Faults['respond']> = (request) => {
    if (!request.url.startsWith('https://api.example/')) return undefined
    seen.push(request.clone())
    return request.url.endsWith('/missing') ? Response.json({ message: 'none' }, { status: 404 }) : Response.json({ ok: true })
  }
  server.faults = { respond }
  const common = { issuer, clientId: 'client-1', redirectUri, fetch: server.fetch, transport: instantTransport(server), ...entry }
  const registry = createOAuthRegistry({ github: { ...common, apiBaseUrl }, google: common }, options)
  return { server, registry, seen }
}

describe('createOAuthRegistry()', () => {
  it('makes each named client once, by property or by call', async () => {
    // covers B-001, B-004, B-005
    const { registry } = await bench()
    expect(registry.github).toBe(registry.client('github'))
    expect(registry.github).not.toBe(registry.google)
    expect(registry.names).toEqual(['github', 'google'])
  })

  it.each(['gitlab', 'constructor', '__proto__'])(
    'throws for the unregistered name "%s" and lists the registered ones',
    async (name) => {
      // covers B-004
      const { registry } = await bench()
      expect(() => registry.client(name as 'github')).toThrow(
        expect.objectContaining({ code: 'configuration', hint: 'Registered are: github, google.' }),
      )
    },
  )

  it('has one client for each name, which is its key', async () => {
    // covers B-003. Names are members of one object, so the language refuses a duplicate in a literal (TS1117).
    const { registry } = await bench()
    expect(registry.names).toEqual(['github', 'google'])
    expect(registry.client('github')).toBe(registry.github)
    expect([registry.github.name, registry.google.name]).toEqual(registry.names)
    // An entry is replaced in view only, where a spread comes later.
    const entries = { github: { issuer, clientId: 'former' } }
    const replaced = createOAuthRegistry({ ...entries, github: { issuer, clientId: 'later' } })
    expect(replaced.names).toEqual(['github'])
    expect(replaced.github.options.clientId).toBe('later')
  })

  it('does not let a client take the registry’s own names', () => {
    // covers B-003
    expect(() => createOAuthRegistry({ close: { issuer, clientId: 'a' } })).toThrow(
      expect.objectContaining({ code: 'configuration' }),
    )
  })

  it('registers a client by its id, secret, endpoints, parameters of both requests and the base URL of its API', async () => {
    // covers B-002, B-009
    const server = await createTestServer()
    const requested: string[] = []
    const respond = (request: Request): Response | undefined => {
      requested.push(request.url)
      return request.url.startsWith('https://api.example/') ? Response.json({ login: 'ada' }) : undefined
    }
    server.faults = { respond, token: { id_token: undefined } }
    const transport = instantTransport(server)
    let authorization: URL | undefined
    const registry = createOAuthRegistry({
      github: {
        clientId: 'client-1',
        clientSecret: 'secret-1',
        clientAuth: 'client_secret_post',
        server: { issuer, token_endpoint: `${issuer}/token`, authorization_endpoint: 'https://github.example/authorize' },
        params: { allow_signup: false },
        tokenParams: { audience: 'urn:api' },
        apiBaseUrl: 'https://api.example/v3/',
        scope: 'user:email',
        redirectUri,
        fetch: server.fetch,
        transport: {
          name: 'test',
          prepare: () => ({
            navigate: (request) => transport.prepare().navigate({ ...request, url: (authorization = request.url) }),
            cancel: () => undefined,
          }),
        },
      },
    })
    await registry.github.login()
    await registry.github.get('user')
    expect(authorization?.origin).toBe('https://github.example')
    expect(Object.fromEntries(authorization?.searchParams ?? [])).toMatchObject({ client_id: 'client-1', allow_signup: 'false' })
    expect(Object.fromEntries(server.bodies[0] ?? [])).toMatchObject({
      grant_type: 'authorization_code',
      client_id: 'client-1',
      client_secret: 'secret-1',
      audience: 'urn:api',
    })
    expect(requested).toEqual([`${issuer}/token`, 'https://api.example/v3/user'])
  })

  it('takes every option of a client in its entry', async () => {
    // covers B-008
    const { registry, server, seen } = await bench(
      {},
      {
        scope: 'openid repo',
        clientAuth: 'client_secret_post',
        clientSecret: 'secret',
        resources: [{ url: `${apiBaseUrl}/`, tokenPlacement: 'query' }],
      },
    )
    const { createAuthorizationUrl } = await import('../client/authorization-url.js')
    const { url } = await createAuthorizationUrl(registry.github)
    expect(url.searchParams.get('scope')).toBe('openid repo')
    await registry.github.login()
    expect(server.bodies.at(-1)?.get('client_secret')).toBe('secret')
    await registry.github.get('user')
    expect(new URL(seen[0]?.url ?? '').searchParams.get('access_token')).toBe('access-token-1')
  })

  it('creates clients with a custom factory', async () => {
    // covers B-011
    const made: Array<string | undefined> = []
    const { createOAuthClient } = await import('../client/create-client.js')
    const { registry } = await bench({ createClient: (options) => (made.push(options.name), createOAuthClient(options)) })
    expect(registry.github.name).toBe('github')
    expect(made).toEqual(['github'])
  })

  it('keeps the sessions of two clients apart', async () => {
    const { registry } = await bench()
    await registry.github.login()
    await registry.google.start()
    expect(registry.github.getSnapshot().status).toBe('signed-in')
    expect(registry.google.getSnapshot().status).toBe('signed-out')
  })

  it('has several accounts at one provider side by side', async () => {
    const { registry, server } = await bench()
    await registry.client('github', 'work').login()
    server.faults = { ...server.faults, claims: { sub: 'user-2' } }
    await registry.client('github', 'home').login()
    expect(registry.client('github', 'work').getSnapshot().claims?.sub).toBe('user-1')
    expect(registry.client('github', 'home').getSnapshot().claims?.sub).toBe('user-2')
  })

  it('has them side by side where the entry has a name of its own too', async () => {
    const { registry } = await bench({}, { name: 'mine' })
    await registry.client('github', 'work').login()
    await registry.client('github', 'home').start()
    expect(registry.client('github', 'home').getSnapshot().status).toBe('signed-out')
    const later = (await bench({}, { name: 'mine' })).registry
    expect(later.github.options.name).toBe('mine')
  })

  it('has a label of its own for each name and account', async () => {
    const saved: string[] = []
    const server = await createTestServer()
    server.faults = { token: { id_token: undefined } }
    const entry = { issuer, clientId: 'client-1', redirectUri, storage: memory(), fetch: server.fetch }
    const registry = createOAuthRegistry(
      { a: entry, 'a/b': entry, 'a%2Fb': entry, '["a","b"]': entry, '["[\\"a\\",\\"b\\"]"]': entry },
      { onTokenSet: (name) => void saved.push(name) },
    )
    const emitted: string[] = []
    registry.on('token-set', ({ name }) => emitted.push(name))
    const subjects: ReadonlyArray<readonly [(typeof registry.names)[number], ...string[]]> = [
      ['a'],
      ['a', 'b'],
      ['a/b'],
      ['a%2Fb'],
      ['["a","b"]'],
      ['["[\\"a\\",\\"b\\"]"]'],
    ]
    const clients = subjects.map(([name, account]) => registry.client(name, account))
    for (const client of clients) await client.refresh({ refreshToken: 'refresh-1' })
    const labels = clients.map(({ name }) => name)
    expect(new Set(labels).size).toBe(subjects.length)
    expect([saved, emitted]).toEqual([labels, labels])
    expect(labels).toEqual(['a', 'a/b/', 'a/b', 'a%2Fb', '["a","b"]', '["[\\"a\\",\\"b\\"]"]'])
    // Nor do they share a session.
    expect(new Set(clients.map(({ options }) => options.name)).size).toBe(subjects.length)
    await registry.close()
  })

  it.each(['a/b', 'a%2Fb', '%', 'a/'])('calls fetchToken and onTokenSet with one name, that of the entry: %s', async (own) => {
    const server = await createTestServer()
    server.faults = { token: { id_token: undefined } }
    const entry = { issuer, clientId: 'client-1', redirectUri, storage: memory(), fetch: server.fetch }
    const names: string[] = []
    const stored = { access_token: 'stored', token_type: 'Bearer', refresh_token: 'refresh-1', expires_at: 1 }
    const registry = createOAuthRegistry(
      { [own]: entry },
      { fetchToken: (name) => (names.push(name), stored), onTokenSet: (name) => void names.push(name) },
    )
    const client = registry.client(own)
    await client.getAccessToken()
    expect([...new Set(names), client.name]).toEqual([own, own])
    registry.on('token-set', ({ name }) => names.push(name))
    await client.refresh({ refreshToken: 'refresh-1' })
    expect(new Set(names)).toEqual(new Set([own]))
    await registry.close()
  })

  it('has a client of its own for each name and account, whatever slashes they have', async () => {
    const server = await createTestServer()
    const transport = instantTransport(server)
    const entry = { issuer, clientId: 'client-1', redirectUri, fetch: server.fetch, transport }
    const names: string[] = []
    const registry = createOAuthRegistry(
      { a: entry, 'a/b': entry, 'a%2Fb': entry },
      { onTokenSet: (name) => void names.push(name) },
    )
    const clients = [
      registry.client('a', 'b/c'),
      registry.client('a/b', 'c'),
      registry.client('a%2Fb', 'c'),
      registry.client('a', 'b'),
      registry.client('a/b'),
    ]
    expect(new Set(clients).size).toBe(5)
    expect(new Set(clients.map(({ options }) => options.name)).size).toBe(5)
    for (const client of clients.slice(0, 3)) await client.login()
    expect(names).toEqual(['a/b%2Fc', 'a%2Fb/c', 'a%252Fb/c'])
    expect(clients.map((client) => client.getTokenSet() !== undefined)).toEqual([true, true, true, false, false])
    await registry.close()
  })

  it('leaves another client’s response alone', async () => {
    const { registry } = await bench()
    const { createAuthorizationUrl } = await import('../client/authorization-url.js')
    const { state } = await createAuthorizationUrl(registry.github)
    const url = `${redirectUri}?code=c&state=${state}`
    expect(registry.github.isCallback(url)).toBe(true)
    expect(registry.google.isCallback(url)).toBe(false)
    expect(await registry.google.handleCallback(url)).toBeUndefined()
  })

  it('tells every client’s events with its name, and hands each new token set to onTokenSet', async () => {
    // covers B-035, B-036
    const emitted: string[] = []
    const heard: string[] = []
    const { registry } = await bench({
      onTokenSet: (name, tokenSet, reason) => void emitted.push(`${name} ${reason} ${tokenSet.tokenType}`),
    })
    registry.on('token-set', ({ name, reason }) => heard.push(`${name} ${reason}`))
    await registry.github.login()
    await registry.github.refresh()
    expect(emitted).toEqual(['github login Bearer', 'github refresh Bearer'])
    expect(heard).toEqual(['github login', 'github refresh'])
    await registry.close()
  })
})

describe('calls of a registered client', () => {
  it('joins relative URLs to apiBaseUrl and sends the token there', async () => {
    // covers B-026
    const { registry, seen } = await bench()
    await registry.github.login()
    await registry.github.fetch('user/repos?page=2')
    expect(seen[0]?.url).toBe('https://api.example/v1/user/repos?page=2')
    expect(seen[0]?.headers.get('authorization')).toBe('Bearer access-token-1')
  })

  it.each(['https://evil.example/', '//evil.example/', '../admin', '/admin'])('sends no token to %s', async (url) => {
    // covers B-026
    const { registry, seen } = await bench()
    await registry.github.login()
    await expect(registry.github.fetch(url)).rejects.toMatchObject({ code: 'resource_not_allowed' })
    expect(seen).toEqual([])
  })

  it('has get, post, put, patch and delete', async () => {
    // covers B-027
    const { registry, seen } = await bench()
    await registry.github.login()
    await registry.github.get('a')
    await registry.github.post('a', 'body')
    await registry.github.put('a', 'body')
    await registry.github.patch('a', 'body')
    await registry.github.delete('a')
    expect(seen.map(({ method }) => method)).toEqual(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
    expect(await seen[1]?.text()).toBe('body')
  })

  it('rejects a status of 400 and above there, and not in fetch', async () => {
    // covers B-033
    const { registry } = await bench()
    await registry.github.login()
    const error: unknown = await registry.github.get('missing').catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(ResponseError)
    expect(error).toMatchObject({ status: 404, body: { message: 'none' } })
    expect((await registry.github.fetch('missing')).status).toBe(404)
  })

  it('calls fetchToken if no user is signed in', async () => {
    // covers A-078, B-028, B-029, B-031
    const requested: string[] = []
    const fetchToken = (name: string): { access_token: string; token_type: string } => (
      requested.push(name),
      { access_token: 'stored', token_type: 'bearer' }
    )
    const { registry, seen } = await bench({ fetchToken })
    await registry.github.get('user')
    expect(requested).toEqual(['github'])
    expect(seen[0]?.headers.get('authorization')).toBe('Bearer stored')
  })

  it('serves each request of a server with a registry of its own: nothing else has to be handed along', async () => {
    // covers B-030
    const serve = async (user: string): Promise<string | null | undefined> => {
      const { registry, seen } = await bench({
        fetchToken: (name) => ({ access_token: `${name} of ${user}`, token_type: 'bearer' }),
      })
      await registry.github.get('user')
      return seen[0]?.headers.get('authorization')
    }
    expect(await Promise.all([serve('ada'), serve('bob')])).toEqual(['Bearer github of ada', 'Bearer github of bob'])
  })

  it('takes a stored token of any length, with further members', async () => {
    // covers B-032
    const accessToken = 'x'.repeat(20_000)
    const row = { access_token: accessToken, token_type: 'bearer', refresh_token: 'r', expires_at: 4_000_000_000, user: 'ada' }
    const { registry, seen } = await bench({ fetchToken: () => row })
    await registry.github.get('user')
    expect(seen[0]?.headers.get('authorization')).toBe(`Bearer ${accessToken}`)
  })

  it('has no token where fetchToken has none either', async () => {
    // covers B-028
    const { registry } = await bench({ fetchToken: () => undefined })
    await expect(registry.github.get('user')).rejects.toMatchObject({ code: 'missing_token' })
  })

  it.each([
    [{ token_type: 'bearer' }, 'missing_token'],
    [{ access_token: 'a' }, 'missing_token_type'],
  ])('refuses the stored token %j', (token, code) => {
    //
    expect(() => fromStoredToken(token as never)).toThrow(expect.objectContaining({ code }))
  })

  it('changes requests by a compliance hook', async () => {
    // covers, B-038
    const protectedRequest = (request: Request): Request => {
      const url = new URL(request.url)
      url.searchParams.set('site', 'stackoverflow')
      return new Request(url, request)
    }
    const { registry, seen } = await bench({}, { compliance: { protectedRequest } })
    await registry.github.login()
    await registry.github.get('users')
    expect(seen[0]?.url).toBe('https://api.example/v1/users?site=stackoverflow')
  })
})

describe('a stored token that is not good any more', () => {
  const now = Math.floor(Date.now() / 1000)
  const row = { access_token: 'stored-1', token_type: 'bearer', refresh_token: 'refresh-1', expires_at: now + 4000 }
  const expired = { ...row, expires_at: now - 10 }
  const answer = { token: { id_token: undefined, refresh_token: 'refresh-2' } }

  interface StoreBench extends Awaited<ReturnType<typeof bench>> {
    readonly emitted: string[]
    readonly sent: () => Array<string | null>
  }

  /** @param takes whether the store writes down what it is emitted */
  async function benchWithStore(stored: StoredToken, faults: Faults = {}, takes = true): Promise<StoreBench> {
    let present = stored
    const emitted: string[] = []
    const made = await bench({
      fetchToken: () => present,
      onTokenSet: (name, { accessToken, refreshToken, expiresAt }, reason) => {
        emitted.push(`${name} ${reason} ${accessToken} ${refreshToken}`)
        if (takes) present = { ...row, access_token: accessToken, refresh_token: `${refreshToken}`, expires_at: expiresAt ?? 0 }
      },
    })
    const { respond } = made.server.faults
    made.server.faults = {
      ...answer,
      ...faults,
      respond: async (request) => (await faults.respond?.(request)) ?? (await respond?.(request)),
    }
    return { ...made, emitted, sent: () => made.seen.map(({ headers }) => headers.get('authorization')) }
  }

  it('is refreshed before use, and the store gets the new one', async () => {
    // covers B-028, B-031, B-035
    const { registry, server, emitted, sent } = await benchWithStore(expired)
    await registry.github.get('user')
    expect(Object.fromEntries(server.bodies[0] ?? [])).toMatchObject({ grant_type: 'refresh_token', refresh_token: 'refresh-1' })
    expect(sent()).toEqual(['Bearer access-token-1'])
    expect(emitted).toEqual(['github refresh access-token-1 refresh-2'])
  })

  it('is renewed once for calls at the same time', async () => {
    // covers B-028, B-031, B-035
    const { registry, server } = await benchWithStore(expired)
    await Promise.all([registry.github.get('a'), registry.github.get('b')])
    expect(server.bodies).toHaveLength(1)
  })

  it('is not renewed again with the spent refresh token where the store has not taken the new one', async () => {
    // covers B-028, B-031, B-035
    const { registry, server, sent } = await benchWithStore(expired, {}, false)
    await registry.github.get('a')
    await registry.github.get('b')
    expect(server.bodies).toHaveLength(1)
    expect(sent()).toEqual(['Bearer access-token-1', 'Bearer access-token-1'])
  })

  it('keeps the new refresh token of a response that is refused for another reason', async () => {
    // covers B-028, B-031, B-035
    const idToken = { token: { ...answer.token, id_token: 'not.a.jwt' } }
    const { registry, server } = await benchWithStore(expired, idToken)
    await expect(registry.github.get('a')).rejects.toMatchObject({ code: 'invalid_id_token' })
    server.faults = { ...server.faults, ...answer }
    await registry.github.get('a')
    expect(server.bodies.map((body) => body.get('refresh_token'))).toEqual(['refresh-1', 'refresh-2'])
  })

  it('is renewed once after a 401, and the request sent again', async () => {
    // covers B-028, B-031, B-035
    const refuse = ({ url, headers }: Request): Response | undefined =>
      url.startsWith(apiBaseUrl) && headers.get('authorization') === 'Bearer stored-1'
        ? new Response(null, { status: 401 })
        : undefined
    const { registry, server, sent } = await benchWithStore(row, { respond: refuse })
    expect((await registry.github.get('user')).status).toBe(200)
    expect(sent()).toEqual(['Bearer access-token-1'])
    expect(server.bodies).toHaveLength(1)
  })

  it('is sent once, and the 401 handed on, where it has no refresh token', async () => {
    // covers B-028, B-031, B-035
    const { refresh_token: _, ...alone } = row
    let calls = 0
    const refuse = ({ url }: Request): Response | undefined =>
      url.startsWith(apiBaseUrl) ? (calls++, new Response(null, { status: 401 })) : undefined
    const { registry } = await benchWithStore(alone, { respond: refuse })
    expect((await registry.github.fetch('user')).status).toBe(401)
    expect(calls).toBe(1)
  })

  it.each([
    ['has expired without a refresh token', { ...expired, refresh_token: undefined }, {}],
    ['is not taken any more', expired, { error: 'invalid_grant' }],
  ])('is not sent when it %s', async (_what, { refresh_token, ...stored }, words) => {
    // covers B-028, B-031, B-035
    const refuse = ({ url }: Request): Response | undefined =>
      url.endsWith('/token') ? Response.json({ error: 'invalid_grant' }, { status: 400 }) : undefined
    const token = refresh_token === undefined ? stored : { ...stored, refresh_token }
    const { registry, seen } = await benchWithStore(token, { respond: refuse })
    await expect(registry.github.get('user')).rejects.toMatchObject({ code: 'token_invalid', ...words })
    expect(seen).toEqual([])
  })

  it('is requested by account, since each has its own', async () => {
    // covers B-028, B-031, B-035
    const requested: unknown[] = []
    const { registry } = await bench({ fetchToken: (...names) => (requested.push(names), row) })
    await registry.client('github', 'work').get('user')
    expect(requested).toEqual([['github', 'work']])
  })
})

describe('optionsFromEnv()', () => {
  it('lets the code win where it is spread first, and the environment fill in what the code leaves out', () => {
    // covers B-007
    const env = { GITHUB_CLIENT_ID: 'from env', GITHUB_SCOPE: 'repo' }
    const own = { clientId: 'from code', tokenParams: { audience: 'a' } }
    const registry = createOAuthRegistry({
      code: { issuer, redirectUri, ...optionsFromEnv('github', env), ...own },
      env: { issuer, redirectUri, ...own, ...optionsFromEnv('github', env) },
    })
    // Options that only one of the two has stay, dictionaries included.
    expect(registry.code.options).toMatchObject({ clientId: 'from code', scope: 'repo', tokenParams: { audience: 'a' } })
    expect(registry.env.options).toMatchObject({ clientId: 'from env', scope: 'repo', tokenParams: { audience: 'a' } })
  })

  it('lets the environment win where it is spread last, and leaves the rest of the entry', () => {
    // covers B-006, B-007
    const entry = {
      clientId: 'from code',
      scope: 'user',
      apiBaseUrl,
      ...optionsFromEnv('github', { GITHUB_CLIENT_ID: 'from env' }),
    }
    expect(entry).toEqual({ clientId: 'from env', scope: 'user', apiBaseUrl })
  })

  it('reads {NAME}_{KEY}, with or without Vite’s prefix, and leaves out what is empty', () => {
    // covers B-006
    const env = { GITHUB_CLIENT_ID: 'a', VITE_GITHUB_SCOPE: 'repo', GITHUB_ISSUER: '', OTHER_CLIENT_ID: 'b' }
    expect(optionsFromEnv('github', env)).toEqual({ clientId: 'a', scope: 'repo' })
  })
})
