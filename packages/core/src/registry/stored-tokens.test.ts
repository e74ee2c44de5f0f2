import { describe, expect, it } from 'vitest'
import { createTestServer, issuer, redirectUri, type Faults, type TestServer } from '../protocol/test-server.fixture.js'
import type { TokenSet } from '../protocol/token-set.js'
import { createOAuthRegistry, type OAuthRegistry, type StoredToken } from '../registry.js'
import { memory } from '../storage/memory.js'

const row = { access_token: 'stored-1', token_type: 'bearer', refresh_token: 'refresh-1', expires_at: 4_000_000_000 }
const expired = { ...row, expires_at: 1_000_000_000 }

interface Bench {
  readonly server: TestServer
  readonly registry: OAuthRegistry<'github'>
  readonly saved: Array<readonly [name: string, tokenSet: TokenSet, former: TokenSet | undefined]>
  /** The tokens that the UserInfo endpoint got. */
  readonly userInfoTokens: string[]
}

/** A registry whose tokens are in a store. */
async function bench(stored: StoredToken | null | undefined, token: Faults['token'] = {}): Promise<Bench> {
  const server = await createTestServer()
  const userInfoTokens: string[] = []
  server.faults = {
    metadata: { introspection_endpoint: `${issuer}/introspect` },
    token: { id_token: undefined, refresh_token: 'refresh-2', ...token },
    respond: ({ url, headers }) => {
      if (url.endsWith('/introspect')) return Response.json({ active: true })
      if (!url.endsWith('/userinfo')) return undefined
      userInfoTokens.push(headers.get('authorization') ?? '')
      return userInfoTokens.at(-1) === 'Bearer refused' ? new Response(null, { status: 401 }) : undefined
    },
  }
  const saved: Array<[string, TokenSet, TokenSet | undefined]> = []
  const registry = createOAuthRegistry(
    { github: { issuer, clientId: 'client-1', redirectUri, fetch: server.fetch, storage: memory(), clientAuth: 'none' } },
    { fetchToken: () => stored, onTokenSet: (name, tokenSet, _reason, former) => void saved.push([name, tokenSet, former]) },
  )
  return { server, registry, saved, userInfoTokens }
}

describe('a stored token', () => {
  it('is what getAccessToken(), userInfo(), introspect() and revoke() use', async () => {
    const { server, registry, userInfoTokens } = await bench(row)
    expect(await registry.github.getAccessToken()).toBe('stored-1')
    expect(await registry.github.userInfo()).toMatchObject({ sub: 'user-1' })
    expect(userInfoTokens).toEqual(['Bearer stored-1'])
    await registry.github.revoke()
    expect(Object.fromEntries(server.bodies.at(-1) ?? [])).toMatchObject({ token: 'refresh-1', token_type_hint: 'refresh_token' })
    await registry.github.revoke('another')
    expect(server.bodies.at(-1)?.get('token')).toBe('another')
    expect(countTokenRequests(server)).toBe(0)
  })

  it('is revoked as an access token where it has no refresh token', async () => {
    const { refresh_token: _, ...alone } = row
    const { server, registry } = await bench(alone)
    await registry.github.revoke()
    expect(Object.fromEntries(server.bodies.at(-1) ?? [])).toMatchObject({ token: 'stored-1', token_type_hint: 'access_token' })
  })

  it('is refreshed by refresh(), and before use if it has expired, and the store gets the new and the former one', async () => {
    // covers B-035
    const { server, registry, saved } = await bench(expired)
    expect(await registry.github.getAccessToken()).toBe('access-token-1')
    expect(await registry.github.refresh()).toMatchObject({ accessToken: 'access-token-1', refreshToken: 'refresh-2' })
    expect(server.bodies.map((body) => body.get('refresh_token'))).toEqual(['refresh-1', 'refresh-2'])
    expect(saved[0]).toMatchObject([
      'github',
      { refreshToken: 'refresh-2' },
      { accessToken: 'stored-1', refreshToken: 'refresh-1' },
    ])
    expect(saved[0]?.[2]).not.toHaveProperty('stored')
  })

  it('is refreshed once where the UserInfo endpoint refuses it', async () => {
    const { registry, userInfoTokens } = await bench({ ...row, access_token: 'refused' })
    expect(await registry.github.userInfo()).toMatchObject({ sub: 'user-1' })
    expect(userInfoTokens).toEqual(['Bearer refused', 'Bearer access-token-1'])
  })

  it('costs one renewal a minute where the UserInfo endpoint refuses every token (invariant 14)', async () => {
    const { server, registry } = await bench(row)
    server.faults = {
      ...server.faults,
      respond: ({ url }) => (url.endsWith('/userinfo') ? new Response(null, { status: 401 }) : undefined),
    }
    for (let i = 0; i < 5; i += 1) await expect(registry.github.userInfo()).rejects.toMatchObject({ status: 401 })
    expect(countTokenRequests(server)).toBe(1)
  })

  it('gets its rotated refresh token into the store even if the response is malformed', async () => {
    const { registry, saved } = await bench(expired, { token_type: undefined })
    await expect(registry.github.getAccessToken()).rejects.toMatchObject({ code: 'missing_token_type' })
    expect(saved).toMatchObject([
      ['github', { accessToken: 'stored-1', refreshToken: 'refresh-2' }, { refreshToken: 'refresh-1' }],
    ])
  })

  it('accepts the nonce of the sign-in in a refreshed ID token', async () => {
    const { server, registry } = await bench(expired)
    server.faults = { token: { refresh_token: 'refresh-2' }, claims: { nonce: 'of-the-sign-in' } }
    expect(await registry.github.refresh()).toMatchObject({ claims: { sub: 'user-1' } })
  })

  it.each(['getAccessToken', 'refresh', 'userInfo'] as const)('is not used by %s() after its signal has fired', async (call) => {
    const { server, registry } = await bench(row)
    await expect(registry.github[call]({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' })
    expect(countTokenRequests(server)).toBe(0)
  })

  it.each(['getAccessToken', 'refresh', 'userInfo', 'revoke', 'introspect'] as const)(
    'is missing for %s() where the store has none',
    async (call) => {
      const { registry } = await bench(undefined)
      await expect(registry.github[call]()).rejects.toMatchObject({ code: 'missing_token' })
    },
  )

  it.each([
    [{ scope: 'write read' }, { scope: 'write read' }],
    [{ resource: 'https://other.example/' }, { resource: 'https://other.example/' }],
    [
      { resource: 'https://other.example/', scope: 'x' },
      { resource: 'https://other.example/', scope: 'x' },
    ],
  ])('gets a separate token for %j with its refresh token, which the store gets when it is new', async (options, sent) => {
    const { server, registry, saved } = await bench(row)
    const tokens = await Promise.all([registry.github.getAccessToken(options), registry.github.getAccessToken(options)])
    expect(tokens).toEqual(['access-token-1', 'access-token-1'])
    expect(Object.fromEntries(server.bodies[0] ?? [])).toMatchObject({ refresh_token: 'refresh-1', ...sent })
    expect(saved).toMatchObject([
      ['github', { accessToken: 'stored-1', refreshToken: 'refresh-2' }, { refreshToken: 'refresh-1' }],
    ])
    // The same words of a scope in another order are the same scope.
    const again = 'scope' in options ? { ...options, scope: options.scope.split(' ').toReversed().join('  ') } : options
    expect(await registry.github.getAccessToken(again)).toBe('access-token-1')
    expect(countTokenRequests(server)).toBe(1)
    expect(await registry.github.getAccessToken()).toBe('stored-1')
    await registry.github.getAccessToken({ ...options, forceRefresh: true })
    expect(server.bodies.map((body) => body.get('refresh_token'))).toEqual(['refresh-1', 'refresh-2'])
  })

  it('sends one refresh token once, though calls for several scopes need it at the same time', async () => {
    const { server, registry } = await bench(expired)
    let n = 1
    server.faults = {
      token: {
        id_token: undefined,
        get refresh_token() {
          return `refresh-${(n += 1)}`
        },
      },
    }
    const { github } = registry
    await Promise.all([github.getAccessToken(), github.getAccessToken({ scope: 'a' }), github.getAccessToken({ scope: 'b' })])
    expect(server.bodies.map((body) => body.get('refresh_token'))).toEqual(['refresh-1', 'refresh-2', 'refresh-3'])
  })

  it('is refreshed with a narrower scope by refresh({ scope })', async () => {
    const { server, registry } = await bench(row)
    await registry.github.refresh({ scope: 'narrow' })
    expect(server.bodies[0]?.get('scope')).toBe('narrow')
  })

  it('is for what was granted, where it has no refresh token', async () => {
    const { refresh_token: _, ...alone } = { ...row, scope: 'read write' }
    const { server, registry } = await bench(alone)
    expect(await registry.github.getAccessToken({ scope: 'read' })).toBe('stored-1')
    await expect(registry.github.getAccessToken({ scope: 'admin' })).rejects.toMatchObject({ code: 'token_invalid' })
    await expect(registry.github.getAccessToken({ resource: 'https://other.example/' })).rejects.toMatchObject({
      code: 'token_invalid',
    })
    expect(countTokenRequests(server)).toBe(0)
  })

  it('is requested for the resource of the URL that fetch() is called with', async () => {
    const server = await createTestServer()
    const seen: string[] = []
    server.faults = {
      token: { id_token: undefined },
      respond: ({ url, headers }) => {
        if (!url.startsWith('https://api.example/')) return undefined
        seen.push(headers.get('authorization') ?? '')
        return Response.json({})
      },
    }
    const resources = [{ url: 'https://api.example/', resource: 'urn:api', scope: 'read' }]
    const { api } = createOAuthRegistry(
      {
        api: { issuer, clientId: 'client-1', redirectUri, fetch: server.fetch, storage: memory(), clientAuth: 'none', resources },
      },
      { fetchToken: () => row },
    )
    await api.fetch('https://api.example/items')
    expect(seen).toEqual(['Bearer access-token-1'])
    expect(Object.fromEntries(server.bodies[0] ?? [])).toMatchObject({ resource: 'urn:api', scope: 'read' })
  })

  it('keeps a rotated refresh token of a separate token whose response is malformed', async () => {
    const { registry, saved } = await bench(row, { token_type: undefined })
    await expect(registry.github.getAccessToken({ scope: 'read' })).rejects.toMatchObject({ code: 'missing_token_type' })
    expect(saved).toMatchObject([
      ['github', { accessToken: 'stored-1', refreshToken: 'refresh-2' }, { refreshToken: 'refresh-1' }],
    ])
  })

  it('is not replaced by one that was renewed here, when the store has a newer refresh token', async () => {
    const server = await createTestServer()
    server.faults = { token: { id_token: undefined, refresh_token: 'refresh-2' } }
    const store = { row: { ...row } }
    const { one } = createOAuthRegistry(
      { one: { issuer, clientId: 'client-1', redirectUri, fetch: server.fetch, storage: memory(), clientAuth: 'none' } },
      { fetchToken: () => store.row },
    )
    await one.getAccessToken({ scope: 'a' })
    // Another process has refreshed and saved meanwhile.
    store.row = { ...row, refresh_token: 'refresh-9' }
    await one.getAccessToken({ scope: 'b' })
    expect(server.bodies.map((body) => body.get('refresh_token'))).toEqual(['refresh-1', 'refresh-9'])
  })

  it.each([null, undefined])('is missing where fetchToken() gives %s, as a database does for no row', async (nothing) => {
    const { registry } = await bench(nothing)
    for (const call of ['getAccessToken', 'refresh', 'userInfo', 'revoke', 'introspect'] as const)
      await expect(registry.github[call]()).rejects.toMatchObject({ code: 'missing_token' })
    await expect(registry.github.fetch('https://api.example/')).rejects.toMatchObject({ name: 'ConfigurationError' })
  })

  it('is not used for a user who is signed in', async () => {
    const { registry } = await bench(row)
    await registry.github.refresh({ refreshToken: 'of-the-user' })
    expect(await registry.github.getAccessToken()).toBe('access-token-1')
    await registry.close()
  })
})

describe('an account that was closed', () => {
  it.each(['close', Symbol.asyncDispose] as const)('is dropped by %s, and created anew when it is needed', async (close) => {
    const { registry } = await bench(row)
    const first = registry.client('github', 'ada')
    expect(registry.client('github', 'ada')).toBe(first)
    await first[close]()
    const second = registry.client('github', 'ada')
    expect(second).not.toBe(first)
    // The former one does not take its successor with it.
    await first[close]()
    expect(registry.client('github', 'ada')).toBe(second)
    await registry.github.close()
    expect(registry.client('github')).toBe(registry.github)
    await registry.close()
  })
})

function countTokenRequests(server: TestServer): number {
  return server.log.filter((line) => line === 'POST /token').length
}
