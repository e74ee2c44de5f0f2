import { describe, expect, it } from 'vitest'
import { importProofKey } from '@latchkey/resource/internals'
import { keysOf } from './assertion.js'

const bytes = (length: number): string => Buffer.alloc(length, 0xff).toString('base64url')
const rsa = (modulus: number, exponent: number) => ({ kty: 'RSA', n: bytes(modulus), e: bytes(exponent) })

describe('a public RSA key that makes verifications slow', () => {
  it.each([
    [384, 384],
    [1100, 3],
  ])('is no key of a DPoP proof: modulus of %i bytes, exponent of %i', async (modulus, exponent) => {
    const jwk = rsa(modulus, exponent)
    const importKey = async (): Promise<unknown> => importProofKey({ alg: 'RS256', jwk }, { payload: '', signature: '' })
    await expect(importKey()).rejects.toThrow('too large')
  })

  it('is no key of a key set that is fetched', async () => {
    const keys = [
      { ...rsa(384, 384), kid: 'slow' },
      { ...rsa(384, 3), kid: 'good' },
    ]
    const find = keysOf(
      { jwksUri: 'https://keys.example/jwks' },
      { now: Date.now, fetch: () => Promise.resolve(Response.json({ keys })) },
    )
    const token = { payload: '', signature: '' }
    await expect(find?.({ alg: 'RS256', kid: 'good' }, token)).resolves.toBeDefined()
    await expect(find?.({ alg: 'RS256', kid: 'slow' }, token)).rejects.toThrow()
  })
})
