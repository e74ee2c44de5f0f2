import { describe, expect, it } from 'vitest'
import { everythingIn, failure, signIn } from './sign-in.fixture.js'
import { fetchUserInfo } from './userinfo.js'

describe('fetchUserInfo()', () => {
  it('returns the claims about the signed-in user', async () => {
    // covers B-039, B-040
    const { context, tokenSet } = await signIn()
    await expect(fetchUserInfo(context, tokenSet, {})).resolves.toEqual({ sub: 'user-1', name: 'Ada' })
  })

  it('sends the access token in the header, and no cookies', async () => {
    let sent: Request | undefined
    const { server, context, tokenSet } = await signIn()
    server.faults = { respond: (request) => ((sent = request), undefined) }
    await fetchUserInfo(context, tokenSet, {})
    expect(sent?.headers.get('authorization')).toBe('Bearer access-token-1')
    expect(sent).toMatchObject({ credentials: 'omit', redirect: 'manual' })
  })

  it.each(['user-2', undefined, 5])('refuses a response about "sub" %j (OpenID Connect Core §5.3.2)', async (sub) => {
    const { server, context, tokenSet } = await signIn()
    server.faults = { userInfo: { sub } }
    expect(await failure(fetchUserInfo(context, tokenSet, {}))).toMatchObject({
      name: 'ServerError',
      code: 'userinfo_error',
    })
  })

  it("returns the ID token's claims where there is no such endpoint", async () => {
    // covers B-046
    const { context, tokenSet } = await signIn({ start: { metadata: { userinfo_endpoint: undefined } } })
    await expect(fetchUserInfo(context, tokenSet, {})).resolves.toBe(tokenSet.claims)
  })

  it('accepts the response of a plain OAuth 2 server, corrected by a hook', async () => {
    const userInfoResponse = async (response: Response): Promise<Response> => {
      const { id } = (await response.json()) as { id: number }
      return Response.json({ sub: String(id) })
    }
    const options = { scope: 'read', compliance: { userInfoResponse } }
    const { server, context, tokenSet } = await signIn({ options, faults: { token: { id_token: undefined } } })
    server.faults = { userInfo: { sub: undefined, id: 7 } }
    await expect(fetchUserInfo(context, tokenSet, {})).resolves.toEqual({ sub: '7' })
  })

  it.each([401, 403])('reports status %i', async (status) => {
    const { server, context, tokenSet } = await signIn()
    server.faults = { respond: () => new Response(null, { status }) }
    const error = await failure(fetchUserInfo(context, tokenSet, {}))
    expect(error).toMatchObject({ name: 'ServerError', code: 'userinfo_error', status })
    expect(everythingIn(error)).not.toContain('access-token-1')
  })

  const words = { error: 'insufficient_scope', error_description: 'the scope "openid" is needed' }
  const inHeader = 'Bearer realm="x", error="insufficient_scope", error_description="the scope \\"openid\\" is needed"'
  it.each([
    ['WWW-Authenticate', () => new Response(null, { status: 403, headers: { 'www-authenticate': inHeader } })],
    ['the body', () => Response.json(words, { status: 403 })],
  ])("hands on the server's words from %s (RFC 6750 §3.1, invariant 12)", async (_where, respond) => {
    const { server, context, tokenSet } = await signIn()
    server.faults = { respond }
    const error = await failure(fetchUserInfo(context, tokenSet, {}))
    expect(error).toMatchObject({
      code: 'userinfo_error',
      status: 403,
      error: 'insufficient_scope',
      errorDescription: words.error_description,
    })
    expect(error.message).toContain(words.error_description)
    expect(error.hint).toContain('scope')
  })

  it('lets no token through that the server repeats', async () => {
    const { server, context, tokenSet } = await signIn()
    const challenge = 'Bearer error="invalid_token", error_description="access-token-1 is unknown"'
    server.faults = { respond: () => new Response(null, { status: 401, headers: { 'www-authenticate': challenge } }) }
    const error = await failure(fetchUserInfo(context, tokenSet, {}))
    expect(error).toMatchObject({ error: 'invalid_token' })
    expect(everythingIn(error)).not.toContain('access-token-1')
  })

  it('keeps apart what passes', async () => {
    const { server, context, tokenSet } = await signIn()
    server.faults = { respond: () => new Response(null, { status: 503 }) }
    expect(await failure(fetchUserInfo(context, tokenSet, {}))).toMatchObject({ code: 'server_error', retryable: true })
  })
})
