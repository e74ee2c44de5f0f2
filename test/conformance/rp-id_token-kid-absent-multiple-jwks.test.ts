import { describe, it } from 'vitest'
import { expectRefused } from './relying-party.js'
import { createKey } from './test-provider.js'

describe('rp-id_token-kid-absent-multiple-jwks', () => {
  it('does not choose between several keys (OpenID Connect Core 1.0, section 10.1)', async () => {
    // covers B-045
    const other = await createKey('RS256', null)
    await expectRefused(
      { key: await createKey('RS256', null), faults: { jwks: (right) => ({ keys: [...right.keys, other.publicJwk] }) } },
      'invalid_id_token',
    )
  })
})
