import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { decide, cibaServer, TILL } from './ciba.fixture.js'
import { json } from '../../server/test-browser.fixture.js'
import { CONFIDENTIAL, ISSUER } from '../../server/test-server.fixture.js'

const OTHER = { client_id: 'web', client_secret: CONFIDENTIAL.clientSecret }

describe('ciba()', () => {
  it('waits for the user, and issues tokens once (CIBA Core 1.0, sections 10 and 11)', async () => {
    const { start, poll, outcome, server, clock } = await cibaServer()
    const id = await start()
    expect(await outcome(id)).toBe('authorization_pending')
    expect(await outcome(id)).toBe('slow_down')
    clock.advance(5)
    expect(await outcome(id)).toBe('authorization_pending')
    await decide(server, 'approve')
    const tokens = await json(await poll(id))
    expect(tokens).toMatchObject({ token_type: 'Bearer', scope: 'openid email', refresh_token: expect.any(String) })
    expect(await outcome(id)).toBe('invalid_grant')
    const claims = decodeJwt(tokens['id_token'] ?? '')
    expect(claims).toMatchObject({ iss: ISSUER, aud: 'till', sub: 'alice', email: 'alice@example.com', amr: ['pwd'] })
    expect(claims).toMatchObject({ auth_time: clock.now() / 1000, at_hash: expect.any(String) })
    // Section 10.3.1: that claim is for push mode.
    expect(claims).not.toHaveProperty('urn:openid:params:jwt:claim:auth_req_id')
    const guarded = new Request(ISSUER, { headers: { authorization: `Bearer ${tokens['access_token']}` } })
    expect(await server.verifyRequest(guarded)).toMatchObject({ ok: true, token: { userId: 'alice', clientId: 'till' } })
  })

  it('reports that the user refused', async () => {
    const { start, outcome, server } = await cibaServer()
    const id = await start()
    await decide(server, 'deny')
    expect(await outcome(id)).toBe('access_denied')
    expect(await outcome(id)).toBe('access_denied')
  })

  it('reports the expiry, even after an approval', async () => {
    const { start, outcome, server, clock } = await cibaServer()
    const [ignored, approved] = [await start({ requested_expiry: '30' }), await start({ requested_expiry: '20' })]
    await decide(server, 'approve')
    clock.advance(31)
    expect([await outcome(ignored), await outcome(approved)]).toEqual(['expired_token', 'expired_token'])
    clock.advance(60)
    expect(await outcome(ignored)).toBe('invalid_grant')
  })

  it("refuses another client's auth_req_id, which stays valid for its owner", async () => {
    const { start, outcome, server } = await cibaServer()
    const id = await start()
    expect(await outcome(id, OTHER)).toBe('invalid_grant')
    await decide(server, 'approve')
    expect(await outcome(id, OTHER)).toBe('invalid_grant')
    expect(await outcome(id)).toBe('ok')
  })

  it.each([
    ['no auth_req_id', { auth_req_id: undefined }, 'invalid_request'],
    ['an auth_req_id that was guessed', { auth_req_id: 'A'.repeat(43) }, 'invalid_grant'],
    ['a wrong secret', { client_secret: 'wrong' }, 'invalid_client'],
    ['a public client', { client_id: 'spa', client_secret: undefined }, 'unauthorized_client'],
  ])('refuses %s', async (_, params, error) => {
    const { start, outcome } = await cibaServer()
    expect(await outcome(await start(), params)).toBe(error)
  })

  it.each([{ backchannelTokenDeliveryMode: 'push' }, { grantTypes: ['authorization_code'] }])(
    'refuses a client that is registered with %j',
    async (more) => {
      const { outcome } = await cibaServer({}, { clients: [{ ...TILL, ...more }] })
      expect(await outcome('x')).toBe('unauthorized_client')
    },
  )

  it('issues tokens to one of many concurrent polls', async () => {
    const { start, outcome, server } = await cibaServer()
    const id = await start()
    await decide(server, 'approve')
    const outcomes = await Promise.all(Array.from({ length: 25 }, () => outcome(id)))
    expect(outcomes.filter((one) => one === 'ok')).toHaveLength(1)
    expect(outcomes.filter((one) => one === 'invalid_grant')).toHaveLength(24)
  })
})
