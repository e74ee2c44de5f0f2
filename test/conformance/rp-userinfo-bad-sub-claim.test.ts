import { describe, expect, it } from 'vitest'
import { expectSignedIn, refusal } from './relying-party.js'
import { without } from './test-provider.js'

describe('rp-userinfo-bad-sub-claim', () => {
  it('rejects UserInfo of another user and keeps the session', async () => {
    // covers B-039
    const { client } = await expectSignedIn({ faults: { userInfo: (right) => ({ ...right, sub: 'user-2' }) } })
    expect((await refusal(client.userInfo())).code).toBe('userinfo_error')
    expect(client.getSnapshot().status).toBe('signed-in')
  })

  it('rejects UserInfo without "sub"', async () => {
    // covers B-039
    const { client } = await expectSignedIn({ faults: { userInfo: (right) => without(right, 'sub') } })
    expect((await refusal(client.userInfo())).code).toBe('userinfo_error')
  })
})
