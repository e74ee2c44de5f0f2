import { describe, expect, it } from 'vitest'
import { expectSignedIn } from './relying-party.js'

describe('rp-response_type-code', () => {
  it('signs in with a code', async () => {
    //
    const { provider, tokenSet } = await expectSignedIn()
    expect(tokenSet.claims?.sub).toBe('user-1')
    expect(provider.log).toEqual(['GET /.well-known/openid-configuration', 'GET /jwks', 'POST /token'])
  })
})
