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

  it('passes over members that are no keys (RFC 7517 §5)', async () => {
    // covers B-045
    await expectSignedIn({ faults: { jwks: ({ keys }) => ({ keys: [null, { kty: 'unheard-of' }, 'key', ...keys] }) } })
  })

  it('refuses a key set that is not to be had', async () => {
    // covers B-045
    await expectRefused({ faults: { jwks: () => new Response(null, { status: 404 }) } }, 'invalid_jwks')
  })

  it('refuses an empty key set', async () => {
    // covers B-045
    await expectRefused({ faults: { jwks: () => ({ keys: [] }) } }, 'invalid_jwks')
  })

  it('refuses a key set of five megabytes', async () => {
    // covers B-045
    const padding = 'x'.repeat(5_000_000)
    await expectRefused({ faults: { jwks: ({ keys }) => ({ keys, padding }) } }, 'invalid_jwks')
  })

  it('refuses two keys under one "kid"', async () => {
    // covers B-045
    const other = await createKey()
    await expectRefused({ faults: { jwks: ({ keys }) => ({ keys: [...keys, other.publicJwk] }) } }, 'invalid_id_token')
  })
})
