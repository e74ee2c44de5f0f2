import { describe, it } from 'vitest'
import { expectRefused } from './relying-party.js'
import { without } from './test-provider.js'

describe('rp-id_token-iat', () => {
  it('rejects an ID token without "iat"', async () => {
    //
    await expectRefused({ faults: { claims: (right) => without(right, 'iat') } }, 'invalid_id_token')
  })

  it('rejects an "iat" that is not a number', async () => {
    //
    await expectRefused(
      { faults: { claims: (right) => ({ ...right, iat: 'yesterday' as unknown as number }) } },
      'invalid_id_token',
    )
  })
})
