import { describe, it } from 'vitest'
import { expectRefused } from './relying-party.js'
import { without } from './test-provider.js'

describe('rp-id_token-exp', () => {
  it('rejects an ID token that has expired', async () => {
    //
    const past = Math.floor(Date.now() / 1000) - 120
    await expectRefused({ faults: { claims: (right) => ({ ...right, iat: past - 60, exp: past }) } }, 'invalid_id_token')
  })

  it('rejects an ID token without "exp"', async () => {
    //
    await expectRefused({ faults: { claims: (right) => without(right, 'exp') } }, 'invalid_id_token')
  })
})
