import { describe, expect, it } from 'vitest'
import { expectSignedIn } from './relying-party.js'

describe('rp-response_type-id_token+token', () => {
  it('signs in with response_type "id_token token"', async () => {
    //
    const { tokenSet } = await expectSignedIn({ options: { responseType: 'id_token token' } })
    expect(tokenSet.claims?.sub).toBe('user-1')
  })
})
