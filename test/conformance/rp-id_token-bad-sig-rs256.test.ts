import { describe, it } from 'vitest'
import { expectRefused } from './relying-party.js'
import { createKey } from './test-provider.js'
import { SignJWT } from 'jose'

describe('rp-id_token-bad-sig-rs256', () => {
  it('rejects an ID token whose RS256 signature was made with another key', async () => {
    //
    const other = await createKey('RS256')
    await expectRefused(
      {
        key: await createKey('RS256'),
        options: { idTokenSignedResponseAlg: 'RS256' },
        faults: { sign: ({ header, claims }) => new SignJWT(claims).setProtectedHeader(header).sign(other.privateKey) },
      },
      'invalid_id_token',
    )
  })
})
