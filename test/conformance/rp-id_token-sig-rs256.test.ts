import { describe, expect, it } from 'vitest'
import { expectSignedIn } from './relying-party.js'
import { createKey } from './test-provider.js'

describe('rp-id_token-sig-rs256', () => {
  it('accepts an ID token signed with RS256 if the client is registered for it', async () => {
    //
    const { tokenSet } = await expectSignedIn({ key: await createKey('RS256'), options: { idTokenSignedResponseAlg: 'RS256' } })
    expect(tokenSet.claims?.sub).toBe('user-1')
  })
})
