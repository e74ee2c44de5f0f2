import { describe, expect, it } from 'vitest'
import { expectSignedIn } from './relying-party.js'

describe('rp-scope-userinfo-claims', () => {
  it('returns the claims of UserInfo under their own names', async () => {
    // covers B-040
    const { client } = await expectSignedIn({ options: { scope: 'openid email' } })
    await expect(client.userInfo()).resolves.toEqual({ sub: 'user-1', name: 'Una User', email: 'una@example.com' })
  })
})
