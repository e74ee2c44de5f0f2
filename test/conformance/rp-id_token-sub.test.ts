import { describe, it } from 'vitest'
import { expectRefused } from './relying-party.js'
import { without } from './test-provider.js'

describe('rp-id_token-sub', () => {
  it('rejects an ID token without "sub"', async () => {
    //
    await expectRefused({ faults: { claims: (right) => without(right, 'sub') } }, 'invalid_id_token')
  })
})
