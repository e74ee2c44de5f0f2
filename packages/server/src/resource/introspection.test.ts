import { describe, expect, it } from 'vitest'
import { json, tokenRequest } from '../server/test-browser.fixture.js'
import { SPA, testServer } from '../server/test-server.fixture.js'
import { WEB, post, tokensOf } from '../server/test-requests.fixture.js'

describe('introspection endpoint', () => {
  it('describes valid tokens to resource servers, and reports all others as inactive', async () => {
    // covers C-059
    const { server, clock } = await testServer()
    const tokens = await tokensOf(server)
    const ask = async (token = '', client: Record<string, string> = WEB): Promise<Record<string, unknown>> =>
      json(await post(server, '/introspect', { ...client, token }))
    expect(await ask(tokens['access_token'])).toMatchObject({
      active: true,
      client_id: 'spa',
      sub: 'alice',
      scope: 'openid profile email',
      token_type: 'Bearer',
    })
    expect(await ask(tokens['refresh_token'])).toEqual({ active: false })
    expect(await ask(tokens['refresh_token'], { client_id: 'spa' })).toMatchObject({ active: true })
    expect(await ask('unknown')).toEqual({ active: false })
    expect((await post(server, '/introspect', { token: 'x' })).status).toBe(401)
    await server.fetch(
      tokenRequest({ grant_type: 'refresh_token', client_id: 'spa', refresh_token: tokens['refresh_token'] ?? '' }),
    )
    expect(await ask(tokens['refresh_token'], { client_id: 'spa' })).toEqual({ active: false })
    clock.advance(3601)
    expect(await ask(tokens['access_token'])).toEqual({ active: false })
  })

  it('does not let a public client inspect the tokens of another', async () => {
    // covers C-059
    const { server } = await testServer({ clients: [SPA, { ...SPA, clientId: 'other' }] })
    const { access_token: token } = await tokensOf(server)
    expect(await json(await post(server, '/introspect', { client_id: 'other', token: token ?? '' }))).toEqual({ active: false })
  })
})
