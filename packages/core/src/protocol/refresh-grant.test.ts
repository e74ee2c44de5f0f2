import { describe, expect, it } from 'vitest'
import type { ProtocolOptions } from './protocol-options.js'
import { refreshNarrowToken, refreshTokenSet } from './refresh-grant.js'
import { type Arrival, everythingIn, failure, signIn } from './sign-in.fixture.js'
import { type Faults, issuer } from './test-server.fixture.js'
import type { TokenSet } from './token-set.js'

/** Signs in; `faults` then break the refresh response. */
async function signedIn(
  faults: Faults = {},
  options: Partial<ProtocolOptions> = {},
): Promise<Arrival & { readonly tokenSet: TokenSet }> {
  const arrival = await signIn({ options })
  arrival.server.faults = faults
  arrival.server.log.length = 0
  arrival.server.bodies.length = 0
  return arrival
}

const now = (): number => Math.floor(Date.now() / 1000)

describe('refreshTokenSet()', () => {
  it('sends one request without a scope and adopts the new refresh token', async () => {
    //
    const { server, context, tokenSet } = await signedIn({ token: { refresh_token: 'rotated', access_token: 'access-token-1' } })
    const fresh = await refreshTokenSet(context, tokenSet, {})
    expect(fresh.refreshToken).toBe('rotated')
    expect(server.log).toEqual(['POST /token'])
    expect(Object.fromEntries(server.bodies[0] ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-token-2',
      client_id: 'client-1',
    })
  })

  it('keeps what the response omits', async () => {
    //
    const left = { refresh_token: undefined, id_token: undefined, scope: undefined, expires_in: undefined }
    const { context, tokenSet } = await signedIn({ token: left })
    const former = { ...tokenSet, byResource: { 'urn:api': { accessToken: 'a', tokenType: 'Bearer' } } }
    const fresh = await refreshTokenSet(context, former, {})
    const { refreshToken, idToken, claims, scope, byResource } = former
    expect(fresh).toMatchObject({ refreshToken, idToken, claims, scope, byResource })
    expect(fresh.expiresAt).toBeUndefined()
  })

  it('sends a scope only when it is to be narrowed', async () => {
    const { server, context, tokenSet } = await signedIn()
    await refreshTokenSet(context, tokenSet, { scope: 'openid' })
    expect(server.bodies[0]?.get('scope')).toBe('openid')
  })

  it('calls the hooks for refresh, not those for the code', async () => {
    //
    const seen: string[] = []
    const compliance = {
      tokenRequest: (request: Request) => (seen.push('tokenRequest'), request),
      tokenResponse: (response: Response) => (seen.push('tokenResponse'), response),
      refreshTokenRequest: (request: Request) => (seen.push('refreshTokenRequest'), request),
      refreshTokenResponse: (response: Response) => (seen.push('refreshTokenResponse'), response),
    }
    const { context, tokenSet } = await signedIn({}, { compliance })
    seen.length = 0
    await refreshTokenSet(context, tokenSet, {})
    expect(seen).toEqual(['refreshTokenRequest', 'refreshTokenResponse'])
  })

  // OpenID Connect Core 1.0, section 12.2
  it.each([
    ['sub', 'user-2'],
    ['iss', 'https://other.example'],
    ['aud', ['client-1', 'client-3']],
    ['azp', 'client-1'],
    ['auth_time', now() - 5000],
    ['nonce', 'another'],
    ['exp', now() - 3600],
    ['at_hash', 'AAAAAAAAAAAAAAAAAAAAAA'],
  ])('refuses an ID token with another "%s"', async (claim, value) => {
    const { context, tokenSet } = await signedIn({ claims: { [claim]: value } })
    expect(await failure(refreshTokenSet(context, tokenSet, {}))).toMatchObject({ code: 'invalid_id_token' })
  })

  it.each([
    ['without a nonce', { nonce: undefined }],
    ['without a time of sign-in', { auth_time: undefined }],
    ['with the audience as a list', { aud: ['client-1'] }],
  ])('accepts an ID token %s', async (_, claims) => {
    const { context, tokenSet } = await signedIn({ claims })
    await expect(refreshTokenSet(context, tokenSet, {})).resolves.toMatchObject({ claims: { sub: 'user-1' } })
  })

  it('verifies the signature of the new ID token too', async () => {
    const { context, tokenSet } = await signedIn({ mangleIdToken: (token) => `${token.slice(0, -8)}AAAAAAAA` })
    expect(await failure(refreshTokenSet(context, tokenSet, {}))).toMatchObject({ code: 'invalid_id_token' })
  })

  it('hands on the word of the server that the session is over', async () => {
    const body = { error: 'invalid_grant', error_description: 'refresh-token-2 was used before' }
    const { context, tokenSet } = await signedIn({ respond: () => Response.json(body, { status: 400 }) })
    const error = await failure(refreshTokenSet(context, tokenSet, {}))
    expect(error).toMatchObject({ code: 'invalid_grant', retryable: false })
    expect(everythingIn(error)).not.toContain('refresh-token-2')
  })

  it('can be aborted', async () => {
    const controller = new AbortController()
    const { context, tokenSet } = await signedIn({
      respond: (request) =>
        new Promise((_, reject) => {
          request.signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
          controller.abort()
        }),
    })
    const refresh = refreshTokenSet(context, tokenSet, { signal: controller.signal })
    expect(await failure(refresh)).toMatchObject({ code: 'aborted', retryable: false })
  })

  it('needs a refresh token', async () => {
    //
    const { context, tokenSet } = await signedIn()
    const { refreshToken: _, ...without } = tokenSet
    expect(await failure(refreshTokenSet(context, without, {}))).toMatchObject({
      name: 'SessionError',
      code: 'token_invalid',
    })
  })
})

describe('refreshNarrowToken()', () => {
  it('gets a token for one resource and keeps the token set (RFC 8707 §2.2)', async () => {
    const response = { access_token: 'api-token', id_token: undefined, scope: 'read', refresh_token: 'rotated' }
    const { server, context, tokenSet } = await signedIn({ token: response })
    const { token, tokenSet: next } = await refreshNarrowToken(context, tokenSet, {
      resource: 'urn:api',
      scope: 'read',
    })
    expect(token).toMatchObject({ accessToken: 'api-token', tokenType: 'Bearer', scope: 'read' })
    expect(Object.fromEntries(server.bodies[0] ?? [])).toMatchObject({ resource: 'urn:api', scope: 'read' })
    expect(next).toMatchObject({ accessToken: tokenSet.accessToken, refreshToken: 'rotated' })
  })
})

describe('a refresh two hours after the metadata and keys were fetched', () => {
  const DISCOVERY = 'GET /.well-known/openid-configuration'

  /** Signs in, and moves the clocks of both. */
  async function signedInLongAgo(): Promise<Arrival & { readonly tokenSet: TokenSet }> {
    let time = Date.now()
    const arrival = await signIn({ clock: { now: () => time } })
    time += 7_200_000
    arrival.server.now = () => Math.floor(time / 1000)
    arrival.server.log.length = 0
    return arrival
  }

  it('sends the token request first, and then asks for newer ones', async () => {
    const { server, context, tokenSet } = await signedInLongAgo()
    await refreshTokenSet(context, tokenSet, {})
    expect(server.log[0]).toBe('POST /token')
    await expect.poll(() => server.log).toEqual(['POST /token', DISCOVERY, 'GET /jwks'])
  })

  it('fetches the keys for an unknown "kid" at once', async () => {
    const { server, context, tokenSet } = await signedInLongAgo()
    await server.rotateKey('key-2')
    await refreshTokenSet(context, tokenSet, {})
    expect(server.log.slice(0, 2)).toEqual(['POST /token', 'GET /jwks'])
  })

  it('is sent to the new token endpoint if the former one is gone', async () => {
    const { server, context, tokenSet } = await signedInLongAgo()
    server.faults = {
      metadata: { token_endpoint: `${issuer}/token-2` },
      respond: ({ url }) => (url.endsWith('/token') ? new Response(null, { status: 404 }) : undefined),
    }
    const cause = await failure(refreshTokenSet(context, tokenSet, {}))
    expect(server.log).toEqual(['POST /token', DISCOVERY, 'GET /jwks', 'POST /token-2'])
    expect(cause.code).not.toBe('unexpected')
  })

  it.each([
    ['invalid_grant', 400, 'invalid_grant'],
    ['invalid_client', 401, 'token_error'],
    ['', 429, 'rate_limited'],
    ['', 503, 'server_error'],
  ])('fails at once, with no further request, if the token endpoint responds with %s %i', async (error, status, code) => {
    const { server, context, tokenSet } = await signedInLongAgo()
    server.faults = {
      respond: ({ url }) => (url.endsWith('/token') ? Response.json(error ? { error } : {}, { status }) : undefined),
    }
    expect((await failure(refreshTokenSet(context, tokenSet, {}))).code).toBe(code)
    expect(server.log).toEqual(['POST /token'])
  })

  it('fails without waiting for newer ones if the response has a new refresh token, which must be stored', async () => {
    const { server, context, tokenSet } = await signedInLongAgo()
    let arrive = (): void => undefined
    const metadata = new Promise<undefined>((resolve) => (arrive = () => resolve(undefined)))
    server.faults = {
      claims: { sub: 'another' },
      token: { refresh_token: 'rotated' },
      respond: ({ url }) => (url.endsWith('/token') ? undefined : metadata),
    }
    let code: string | undefined
    const refresh = failure(refreshTokenSet(context, tokenSet, {})).then((cause) => (code = cause.code))
    await expect.poll(() => code, { timeout: 3000 }).toBe('invalid_id_token')
    arrive()
    await refresh
  })
})
