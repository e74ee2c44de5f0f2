import { describe, it } from 'vitest'
import { expectRefused } from './relying-party.js'
import { without } from './test-provider.js'

describe('rp-id_token-missing-at_hash', () => {
  it('requires "at_hash" with an access token from the front channel', async () => {
    //
    await expectRefused(
      { options: { responseType: 'id_token token' }, faults: { claims: (right) => without(right, 'at_hash') } },
      'invalid_id_token',
    )
  })
})
