import { describe, expect, it } from 'vitest'
import { expectSignedIn } from './relying-party.js'
import { createKey } from './test-provider.js'

describe('rp-id_token-sig-ps256', () => {
  it('accepts an ID token signed with PS256 if the client is registered for it', async () => {
    //
    const { tokenSet } = await expectSignedIn({ key: await createKey('PS256'), options: { idTokenSignedResponseAlg: 'PS256' } })
    expect(tokenSet.claims?.sub).toBe('user-1')
  })
})
