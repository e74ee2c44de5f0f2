import { describe, expect, it } from 'vitest'
import { expectSignedIn } from './relying-party.js'
import { createKey } from './test-provider.js'

describe('rp-id_token-sig-es256', () => {
  it('accepts an ID token signed with ES256 if the client is registered for it', async () => {
    //
    const { tokenSet } = await expectSignedIn({ key: await createKey('ES256'), options: { idTokenSignedResponseAlg: 'ES256' } })
    expect(tokenSet.claims?.sub).toBe('user-1')
  })
})
