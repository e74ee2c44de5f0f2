import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createBench, refusal, signIn } from './relying-party.js'
import { createKey } from './test-provider.js'

describe('rp-key-rotation-op-sign-key', () => {
  it('fetches the keys again for an unknown "kid"', async () => {
    // covers B-045
    const bench = await createBench()
    await signIn(bench)
    bench.provider.keys = [await createKey('RS256', 'key-2')]
    bench.provider.log.length = 0
    await signIn(bench)
    expect(bench.client.getSnapshot().status).toBe('signed-in')
    expect(bench.provider.log.filter((line) => line === 'GET /jwks')).toHaveLength(1)
  })

  it('fetches the keys at most once a minute', async () => {
    const bench = await createBench()
    await signIn(bench)
    bench.provider.faults.sign = async ({ header, claims }) => {
      const { privateKey } = await createKey()
      return new SignJWT(claims).setProtectedHeader({ ...header, kid: 'forged' }).sign(privateKey)
    }
    bench.provider.log.length = 0
    for (let attempt = 0; attempt < 3; attempt++) expect((await refusal(signIn(bench))).code).toBe('invalid_id_token')
    expect(bench.provider.log.filter((line) => line === 'GET /jwks')).toHaveLength(1)
  })
})
