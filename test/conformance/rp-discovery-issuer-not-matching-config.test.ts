import { describe, it } from 'vitest'
import { expectRefused } from './relying-party.js'

describe('rp-discovery-issuer-not-matching-config', () => {
  it('refuses metadata of another issuer', async () => {
    // covers B-041
    await expectRefused(
      { faults: { metadata: (right) => ({ ...right, issuer: 'https://evil.example.com' }) } },
      'issuer_mismatch',
    )
  })

  it('refuses an issuer that differs in its last slash alone', async () => {
    // covers B-041
    await expectRefused(
      { faults: { metadata: (right) => ({ ...right, issuer: `${String(right['issuer'])}/` }) } },
      'issuer_mismatch',
    )
  })
})
