import { describe, expect, it } from 'vitest'
import { expectSignedIn } from './relying-party.js'
import { createKey } from './test-provider.js'

describe('rp-id_token-kid-absent-single-jwks', () => {
  it('uses the only key if neither the token nor the key has a "kid"', async () => {
    // covers B-045
    const { tokenSet } = await expectSignedIn({ key: await createKey('RS256', null) })
    expect(tokenSet.claims?.sub).toBe('user-1')
  })
})
