import { describe, it } from 'vitest'
import { expectRefused } from './relying-party.js'
import { without } from './test-provider.js'

describe('rp-id_token-missing-c_hash', () => {
  it('requires "c_hash" with a code from the front channel', async () => {
    //
    await expectRefused(
      { options: { responseType: 'code id_token' }, faults: { claims: (right) => without(right, 'c_hash') } },
      'invalid_id_token',
    )
  })
})
