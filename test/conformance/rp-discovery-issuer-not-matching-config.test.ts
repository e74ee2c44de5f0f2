import { describe, it } from 'vitest'
import { expectRefused } from './relying-party.js'

describe('rp-discovery-issuer-not-matching-config', () => {
  it('rejects metadata of another issuer', async () => {
    // covers B-041
    await expectRefused(
      { faults: { metadata: (right) => ({ ...right, issuer: 'https://evil.example.com' }) } },
      'issuer_mismatch',
    )
  })

  it('rejects an issuer that differs only in a trailing slash', async () => {
    // covers B-041
    await expectRefused(
      { faults: { metadata: (right) => ({ ...right, issuer: `${String(right['issuer'])}/` }) } },
      'issuer_mismatch',
    )
  })
})
