import { describe, expect, it } from 'vitest'
import { expectRefused } from './relying-party.js'

describe('rp-id_token-bad-c_hash', () => {
  it('refuses a code that is not the one of "c_hash"', async () => {
    //
    const answer = (right: Record<string, string>): Record<string, string> => ({ ...right, code: 'swapped' })
    const error = await expectRefused({ options: { responseType: 'code id_token' }, faults: { answer } }, 'invalid_id_token')
    expect(error.message).toContain('"c_hash"')
  })
})
