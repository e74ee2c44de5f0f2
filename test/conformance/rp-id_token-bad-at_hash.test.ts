import { describe, it } from 'vitest'
import { expectRefused } from './relying-party.js'

describe('rp-id_token-bad-at_hash', () => {
  it('rejects an access token that does not match "at_hash"', async () => {
    //
    const authorizationResponse = (right: Record<string, string>): Record<string, string> => ({
      ...right,
      access_token: 'swapped',
    })
    await expectRefused({ options: { responseType: 'id_token token' }, faults: { authorizationResponse } }, 'invalid_id_token')
  })

  it('rejects a wrong "at_hash" in the code flow too', async () => {
    //
    await expectRefused({ faults: { claims: (right) => ({ ...right, at_hash: 'A'.repeat(22) }) } }, 'invalid_id_token')
  })
})
