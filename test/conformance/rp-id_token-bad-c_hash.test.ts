import { describe, expect, it } from 'vitest'
import { expectRefused } from './relying-party.js'

describe('rp-id_token-bad-c_hash', () => {
  it('rejects a code that does not match "c_hash"', async () => {
    //
    const authorizationResponse = (right: Record<string, string>): Record<string, string> => ({ ...right, code: 'swapped' })
    const error = await expectRefused(
      { options: { responseType: 'code id_token' }, faults: { authorizationResponse } },
      'invalid_id_token',
    )
    expect(error.message).toContain('"c_hash"')
  })
})
