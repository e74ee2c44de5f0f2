import { describe, it } from 'vitest'
import { expectRefused } from './relying-party.js'

describe('rp-iss-parameter', () => {
  it('rejects a response of another issuer before it sends a request (RFC 9207, section 2.4)', async () => {
    const authorizationResponse = (right: Record<string, string>): Record<string, string> => ({
      ...right,
      iss: 'https://evil.example.com',
    })
    await expectRefused({ faults: { authorizationResponse } }, 'issuer_mismatch')
  })

  it('rejects a response without "iss" if the metadata promises one', async () => {
    await expectRefused({ faults: { authorizationResponse: (right) => ({ ...right, iss: undefined }) } }, 'issuer_mismatch')
  })
})
