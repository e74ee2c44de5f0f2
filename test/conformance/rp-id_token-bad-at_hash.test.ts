import { describe, it } from 'vitest'
import { expectRefused } from './relying-party.js'

describe('rp-id_token-bad-at_hash', () => {
  it('refuses an access token that is not the one of "at_hash"', async () => {
    //
    const answer = (right: Record<string, string>): Record<string, string> => ({ ...right, access_token: 'swapped' })
    await expectRefused({ options: { responseType: 'id_token token' }, faults: { answer } }, 'invalid_id_token')
  })

  it('refuses a false "at_hash" in the code flow too', async () => {
    //
    await expectRefused({ faults: { claims: (right) => ({ ...right, at_hash: 'A'.repeat(22) }) } }, 'invalid_id_token')
  })
})
