import { findSignatureMethod, signRequest } from '@latchkey/oauth1/signature'
import { describe, expect, it } from 'vitest'
import { API, authorize, oauth1World } from './oauth1.fixture.js'

const METHODS = ['GET', 'HEAD', 'POST', 'DELETE', 'PUT', 'PATCH', 'OPTIONS']
const PLACEMENTS = ['header', 'body', 'query'] as const

describe('a request without a body, signed with bodyHash', () => {
  it.each(PLACEMENTS.flatMap((placement) => METHODS.map((method) => [placement, method] as const)))(
    'is accepted with the parameters in the %s: %s',
    async (placement, method) => {
      const world = oauth1World({}, { bodyHash: true, placement })
      await authorize(world)
      expect((await world.client.fetch(API, { method })).status).toBe(200)
    },
  )

  it('has no hash once its body is a form, also through signRequest() (OAuth Request Body Hash 1.0, section 4.1.1)', async () => {
    const method = findSignatureMethod('HMAC-SHA1') ?? expect.fail('no method')
    const options = { clientId: 'photos', keys: { clientSecret: 's' }, method, bodyHash: true, timestamp: 1 } as const
    const placed = await signRequest(new Request(API, { method: 'DELETE' }), { ...options, placement: 'body' })
    expect(await placed.text()).not.toContain('oauth_body_hash')
    const inHeader = await signRequest(new Request(API, { method: 'DELETE' }), options)
    expect(inHeader.headers.get('authorization')).toContain('oauth_body_hash')
  })
})

describe('a request whose hash does not belong to its body', () => {
  it.each([
    ['a form, which the signature covers itself', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=1', 'a form'],
    ['other bytes', { 'content-type': 'application/json' }, '{}', 'the body'],
  ])('is refused with this reason: %s', async (_name, headers, body, reason) => {
    const { server, clock } = oauth1World()
    const method = findSignatureMethod('HMAC-SHA1') ?? expect.fail('no method')
    const signed = await signRequest(new Request(API, { method: 'POST', headers, body }), {
      clientId: 'photos',
      keys: { clientSecret: 'printer secret' },
      method,
      parameters: { oauth_body_hash: '2jmj7l5rSw0yVb/vlWAYkK/YBwk=' },
      timestamp: Math.floor(clock.now() / 1000),
    })
    const verified = await server.verifyRequest(signed, { withoutToken: true })
    const refused = verified.ok ? expect.fail('accepted') : verified.response
    expect(refused.status).toBe(401)
    expect(await refused.json()).toMatchObject({ error: 'invalid_signature', error_description: expect.stringContaining(reason) })
  })
})
