import { describe, it } from 'vitest'
import { expectRefused } from './relying-party.js'
import { without } from './test-provider.js'

describe('rp-nonce-invalid', () => {
  it('rejects a "nonce" that differs from the request’s', async () => {
    //
    await expectRefused({ faults: { claims: (right) => ({ ...right, nonce: 'of-another-request' }) } }, 'invalid_id_token')
  })

  it('rejects an ID token without the requested "nonce"', async () => {
    //
    await expectRefused({ faults: { claims: (right) => without(right, 'nonce') } }, 'invalid_id_token')
  })
})
