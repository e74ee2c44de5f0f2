import { describe, expect, it } from 'vitest'
import { json, tokenRequest } from '../server/test-browser.fixture.js'
import { testServer } from '../server/test-server.fixture.js'
import { post, tokensOf, verifyToken, WEB } from '../server/test-requests.fixture.js'

describe('revocation endpoint', () => {
  it('revokes one access token, or the whole grant of a refresh token (RFC 7009, section 2.1)', async () => {
    const { server } = await testServer()
    const first = await tokensOf(server)
    expect((await post(server, '/revoke', { client_id: 'spa', token: first['access_token'] ?? '' })).status).toBe(200)
    expect((await verifyToken(server, first['access_token'])).ok).toBe(false)
    const renewed = await json(
      await server.fetch(
        tokenRequest({ grant_type: 'refresh_token', client_id: 'spa', refresh_token: first['refresh_token'] ?? '' }),
      ),
    )
    expect(renewed['access_token']).toBeTypeOf('string')
    await post(server, '/revoke', { client_id: 'spa', token: renewed['refresh_token'] ?? '', token_type_hint: 'access_token' })
    expect((await verifyToken(server, renewed['access_token'])).ok).toBe(false)
  })

  it("refuses another client's token (RFC 7009, section 2.1), and responds to an unknown token as to a revoked one (section 2.2)", async () => {
    const { server } = await testServer()
    const { access_token: token, refresh_token: refresh } = await tokensOf(server)
    for (const foreign of [token, refresh]) {
      const refused = await post(server, '/revoke', { ...WEB, token: foreign ?? '' })
      expect([refused.status, (await json(refused))['error']]).toEqual([400, 'invalid_grant'])
    }
    expect((await verifyToken(server, token)).ok).toBe(true)
    expect((await post(server, '/revoke', { client_id: 'spa', token: 'unknown' })).status).toBe(200)
    expect((await post(server, '/revoke', { client_id: 'spa' })).status).toBe(400)
    expect((await post(server, '/revoke', { client_id: 'web', token: 'x' })).status).toBe(401)
  })
})
