import { describe, it } from 'vitest'
import { expectRefused } from './relying-party.js'
import { without } from './test-provider.js'

describe('rp-nonce-unless-code-flow', () => {
  it.each(['id_token', 'id_token token', 'code id_token'] as const)(
    'demands the "nonce" in response_type "%s"',
    async (responseType) => {
      //
      await expectRefused(
        { options: { responseType }, faults: { claims: (right) => without(right, 'nonce') } },
        'invalid_id_token',
      )
    },
  )
})
