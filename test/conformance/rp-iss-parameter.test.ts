import { describe, it } from 'vitest'
import { expectRefused } from './relying-party.js'

describe('rp-iss-parameter', () => {
  it('refuses a response of another issuer before anything is sent (RFC 9207 §2.4)', async () => {
    const answer = (right: Record<string, string>): Record<string, string> => ({ ...right, iss: 'https://evil.example.com' })
    await expectRefused({ faults: { answer } }, 'issuer_mismatch')
  })

  it('refuses a response without "iss" where the metadata promises one', async () => {
    await expectRefused({ faults: { answer: (right) => ({ ...right, iss: undefined }) } }, 'issuer_mismatch')
  })
})
