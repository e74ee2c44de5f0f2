import { describe, it } from 'vitest'
import { SignJWT } from 'jose'
import { expectRefused } from './relying-party.js'
import { clientId } from './test-provider.js'

describe('rp-id_token-bad-sig-hs256', () => {
  it('rejects a symmetric signature, whatever its key (RFC 8725, section 3.1)', async () => {
    //
    const secret = new TextEncoder().encode(clientId.padEnd(32, '-'))
    await expectRefused(
      { faults: { sign: ({ claims }) => new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret) } },
      'invalid_id_token',
    )
  })

  it('rejects options that select symmetric signatures', async () => {
    //
    await expectRefused({ options: { idTokenSignedResponseAlg: 'HS256' } }, 'configuration')
  })
})
