import { describe, it } from 'vitest'
import { UnsecuredJWT } from 'jose'
import { expectRefused } from './relying-party.js'

describe('rp-id_token-sig-none', () => {
  it('rejects an ID token without a signature, in the code flow too', async () => {
    //
    await expectRefused({ faults: { sign: ({ claims }) => new UnsecuredJWT(claims).encode() } }, 'invalid_id_token')
  })

  it('rejects options that select "none"', async () => {
    //
    await expectRefused({ options: { idTokenSignedResponseAlg: 'none' } }, 'configuration')
  })
})
