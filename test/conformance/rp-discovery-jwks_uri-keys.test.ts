import { describe, it } from 'vitest'
import { expectRefused, expectSignedIn } from './relying-party.js'
import { createKey } from './test-provider.js'

describe('rp-discovery-jwks_uri-keys', () => {
  it('finds the key of the ID token among several', async () => {
    // covers B-045
    const key = await createKey('RS256', 'second')
    const first = await createKey('RS256', 'first')
    await expectSignedIn({ key, faults: { jwks: ({ keys }) => ({ keys: [first.publicJwk, ...keys] }) } })
  })

  it('ignores members that are not keys (RFC 7517, section 5)', async () => {
    // covers B-045
    await expectSignedIn({ faults: { jwks: ({ keys }) => ({ keys: [null, { kty: 'unheard-of' }, 'key', ...keys] }) } })
  })

  it('rejects a key set that cannot be fetched', async () => {
    // covers B-045
    await expectRefused({ faults: { jwks: () => new Response(null, { status: 404 }) } }, 'invalid_jwks')
  })

  it('rejects an empty key set', async () => {
    // covers B-045
    await expectRefused({ faults: { jwks: () => ({ keys: [] }) } }, 'invalid_jwks')
  })

  it('rejects a key set of five megabytes', async () => {
    // covers B-045
    const padding = 'x'.repeat(5_000_000)
    await expectRefused({ faults: { jwks: ({ keys }) => ({ keys, padding }) } }, 'invalid_jwks')
  })

  it('rejects two keys under one "kid"', async () => {
    // covers B-045
    const other = await createKey()
    await expectRefused({ faults: { jwks: ({ keys }) => ({ keys: [...keys, other.publicJwk] }) } }, 'invalid_id_token')
  })
})
