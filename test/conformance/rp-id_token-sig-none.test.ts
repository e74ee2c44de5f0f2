import { describe, it } from 'vitest'
import { UnsecuredJWT } from 'jose'
import { expectRefused } from './relying-party.js'

describe('rp-id_token-sig-none', () => {
  it('refuses an ID token without a signature, in the code flow too', async () => {
    //
    await expectRefused({ faults: { sign: ({ claims }) => new UnsecuredJWT(claims).encode() } }, 'invalid_id_token')
  })

  it('refuses to be set up for "none"', async () => {
    //
    await expectRefused({ options: { idTokenSignedResponseAlg: 'none' } }, 'configuration')
  })
})
