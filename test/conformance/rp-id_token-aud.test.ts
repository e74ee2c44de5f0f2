import { describe, it } from 'vitest'
import { expectRefused, expectSignedIn } from './relying-party.js'
import { clientId, without } from './test-provider.js'

describe('rp-id_token-aud', () => {
  it('rejects an ID token for another client', async () => {
    //
    await expectRefused({ faults: { claims: (right) => ({ ...right, aud: 'another-client' }) } }, 'invalid_id_token')
  })

  it('rejects an ID token without "aud"', async () => {
    await expectRefused({ faults: { claims: (right) => without(right, 'aud') } }, 'invalid_id_token')
  })

  it('rejects several audiences without "azp"', async () => {
    //
    await expectRefused({ faults: { claims: (right) => ({ ...right, aud: [clientId, 'other'] }) } }, 'invalid_id_token')
  })

  it('rejects another client as "azp"', async () => {
    await expectRefused({ faults: { claims: (right) => ({ ...right, azp: 'another-client' }) } }, 'invalid_id_token')
  })

  it('accepts several audiences if "azp" is this client', async () => {
    await expectSignedIn({ faults: { claims: (right) => ({ ...right, aud: [clientId, 'other'], azp: clientId }) } })
  })
})
