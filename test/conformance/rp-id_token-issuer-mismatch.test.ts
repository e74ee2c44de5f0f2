import { describe, it } from 'vitest'
import { expectRefused } from './relying-party.js'

describe('rp-id_token-issuer-mismatch', () => {
  it('rejects an ID token of another issuer', async () => {
    //
    await expectRefused({ faults: { claims: (right) => ({ ...right, iss: 'https://evil.example.com' }) } }, 'invalid_id_token')
  })
})
