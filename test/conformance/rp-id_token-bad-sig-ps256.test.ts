import { describe, it } from 'vitest'
import { expectRefused } from './relying-party.js'
import { createKey } from './test-provider.js'
import { SignJWT } from 'jose'

describe('rp-id_token-bad-sig-ps256', () => {
  it('rejects an ID token whose PS256 signature was made with another key', async () => {
    //
    const other = await createKey('PS256')
    await expectRefused(
      {
        key: await createKey('PS256'),
        options: { idTokenSignedResponseAlg: 'PS256' },
        faults: { sign: ({ header, claims }) => new SignJWT(claims).setProtectedHeader(header).sign(other.privateKey) },
      },
      'invalid_id_token',
    )
  })
})
