import { describe, expect, it } from 'vitest'
import { revokeToken } from './revocation.js'
import { everythingIn, failure } from './sign-in.fixture.js'
import { createContext, createTestServer, metadata } from './test-server.fixture.js'

describe('revokeToken()', () => {
  it('sends the token and its kind, and returns nothing', async () => {
    //
    const server = await createTestServer()
    const context = createContext(server, { server: metadata })
    await expect(revokeToken(context, 'token-to-revoke', { tokenTypeHint: 'refresh_token' })).resolves.toBeUndefined()
    expect(Object.fromEntries(server.bodies[0] ?? [])).toEqual({
      token: 'token-to-revoke',
      token_type_hint: 'refresh_token',
      client_id: 'client-1',
    })
  })

  it('leaves the kind out when it is not known', async () => {
    const server = await createTestServer()
    await revokeToken(createContext(server, { server: metadata }), 'token-to-revoke', {})
    expect(server.bodies[0]?.has('token_type_hint')).toBe(false)
  })

  it("calls the app's hook", async () => {
    //
    const compliance = { revocationRequest: (request: Request) => new Request(`${request.url}?extra=1`, request) }
    const server = await createTestServer()
    let url = ''
    server.faults = { respond: (request) => ((url = request.url), undefined) }
    await revokeToken(createContext(server, { server: metadata, compliance }), 'token-to-revoke', {})
    expect(url).toContain('?extra=1')
  })

  it('authenticates in another way than elsewhere where that is said', async () => {
    //
    const server = await createTestServer()
    const secret = {
      clientAuth: 'client_secret_basic',
      clientSecret: 'a secret',
      revocationClientAuth: 'client_secret_post',
    } as const
    await revokeToken(createContext(server, { server: metadata, ...secret }), 'token-to-revoke', {})
    expect(server.bodies[0]?.get('client_secret')).toBe('a secret')
  })

  it('reports the refusal of the server without the token', async () => {
    const server = await createTestServer()
    const body = { error: 'unsupported_token_type', error_description: 'token-to-revoke cannot be revoked' }
    server.faults = { respond: () => Response.json(body, { status: 400 }) }
    const error = await failure(revokeToken(createContext(server, { server: metadata }), 'token-to-revoke', {}))
    expect(error).toMatchObject({ name: 'ServerError', code: 'revocation_error', error: 'unsupported_token_type' })
    expect(everythingIn(error)).not.toContain('token-to-revoke')
  })

  it('says that it may pass when the server cannot serve now (RFC 7009 §2.2.1)', async () => {
    const server = await createTestServer()
    server.faults = { respond: () => new Response(null, { status: 503, headers: { 'retry-after': '3' } }) }
    const error = await failure(revokeToken(createContext(server, { server: metadata }), 'token-to-revoke', {}))
    expect(error).toMatchObject({ code: 'server_error', retryable: true, retryAfterSeconds: 3 })
  })

  it('says so when the server has no such endpoint', async () => {
    const { revocation_endpoint: _, ...without } = metadata
    const context = createContext(await createTestServer(), { server: without })
    expect(await failure(revokeToken(context, 'token-to-revoke', {}))).toMatchObject({ code: 'unsupported' })
  })
})
