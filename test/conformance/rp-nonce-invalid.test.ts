import { describe, it } from 'vitest'
import { expectRefused } from './relying-party.js'
import { without } from './test-provider.js'

describe('rp-nonce-invalid', () => {
  it('refuses another "nonce" than that of the request', async () => {
    //
    await expectRefused({ faults: { claims: (right) => ({ ...right, nonce: 'of-another-request' }) } }, 'invalid_id_token')
  })

  it('refuses an ID token without the "nonce" that was asked for', async () => {
    //
    await expectRefused({ faults: { claims: (right) => without(right, 'nonce') } }, 'invalid_id_token')
  })
})
