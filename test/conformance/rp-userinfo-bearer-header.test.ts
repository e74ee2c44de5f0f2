import { describe, expect, it } from 'vitest'
import { expectSignedIn } from './relying-party.js'

describe('rp-userinfo-bearer-header', () => {
  it('sends the access token in the Authorization header, not in the URL', async () => {
    // covers B-039
    const { client, provider, tokenSet } = await expectSignedIn()
    await expect(client.userInfo()).resolves.toMatchObject({ sub: 'user-1', email: 'una@example.com' })
    expect(provider.lastUserInfoRequest?.headers.get('authorization')).toBe(`Bearer ${tokenSet.accessToken}`)
    expect(new URL(provider.lastUserInfoRequest?.url ?? '').search).toBe('')
  })
})
