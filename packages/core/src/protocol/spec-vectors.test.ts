import { compactVerify, decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { memory } from '../storage/memory.js'
import { createAuthorizationRequest } from './authorization-request.js'
import { dpopThumbprint, fetchWithProof } from './dpop.js'
import { checkHash } from './check-claim.js'
import { failure } from './sign-in.fixture.js'
import { readSignedResponse } from './signed-response.js'
import { createContext, createTestServer, metadata, redirectUri } from './test-server.fixture.js'

/** Payload of the examples in RFC 7515, Appendix A. */
const claimsOfJoe = 'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ'

/** @returns a verifier of signed responses of a server with these keys, before `exp` of the examples */
async function readerOfJoe(algorithm: string, keys: readonly JsonWebKey[]): Promise<(jws: string) => Promise<unknown>> {
  const context = createContext(await createTestServer(), {}, { now: () => 1_300_819_000_000 })
  const server = { metadata: { issuer: 'joe', jwks: { keys } }, jwks: { keys }, fetchedAt: 0 }
  const rules = {
    name: 'example',
    code: 'invalid_response',
    spec: 'RFC 7515',
    algorithm,
    requiredClaims: ['exp'],
    partiesOptional: true,
  } as const
  return (jws) => readSignedResponse(context, server, jws, rules)
}

describe('published test vectors', () => {
  it('RFC 7636, Appendix B: the S256 challenge', async () => {
    const context = createContext(await createTestServer(), { server: metadata })
    const { url } = await createAuthorizationRequest(context, {
      parameters: {},
      state: 'state-1',
      redirectUri,
      codeVerifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    })
    expect(url.searchParams.get('code_challenge')).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
  })

  // A.4 signs the word "Payload", which is no JWT: nothing here reads such a thing.
  it.each([
    {
      name: 'A.2: an RS256 signature',
      algorithm: 'RS256',
      key: {
        kty: 'RSA',
        n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
        e: 'AQAB',
      },
      jws: `eyJhbGciOiJSUzI1NiJ9.${claimsOfJoe}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw`,
      changed: '.dC4h',
    },
    {
      name: 'A.3: an ES256 signature',
      algorithm: 'ES256',
      key: {
        kty: 'EC',
        crv: 'P-256',
        x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
        y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      },
      jws: `eyJhbGciOiJFUzI1NiJ9.${claimsOfJoe}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`,
      changed: '.EtEh',
    },
  ])('RFC 7515, Appendix $name', async ({ algorithm, key, jws, changed }) => {
    const read = await readerOfJoe(algorithm, [key])
    await expect(read(jws)).resolves.toMatchObject({ iss: 'joe', 'http://example.com/is_root': true })
    expect(await failure(read(jws.replace(/\.[^.]{4}(?=[^.]*$)/, changed)))).toMatchObject({ code: 'invalid_response' })
  })

  // Invariant 4: neither, whatever the token says of itself.
  it.each([
    [
      'A.1: a symmetric key among those of the server',
      `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${claimsOfJoe}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`,
    ],
    ['A.5: no signature', `eyJhbGciOiJub25lIn0.${claimsOfJoe}.`],
  ])('RFC 7515, Appendix %s is refused', async (_, jws) => {
    const key = {
      kty: 'oct',
      k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
    }
    // The signature of A.1 is right: it is the kind of key that is not taken.
    if (jws.endsWith('FOEjXk')) await compactVerify(jws, key)
    for (const algorithm of ['RS256', 'HS256', 'none']) {
      const read = await readerOfJoe(algorithm, [key])
      expect(await failure(read(jws))).toMatchObject({ code: 'invalid_response' })
    }
  })

  it.each([
    [
      'RFC 7638, section 3.1',
      {
        kty: 'RSA',
        n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
        e: 'AQAB',
      },
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
      'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
    ],
    [
      'RFC 9449, section 6.1',
      {
        kty: 'EC',
        crv: 'P-256',
        x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
        y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
      },
      { name: 'ECDSA', namedCurve: 'P-256' },
      '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I',
    ],
  ])('%s: the thumbprint of a key', async (_, jwk, algorithm, thumbprint) => {
    const storage = memory()
    const publicKey = await crypto.subtle.importKey('jwk', jwk, algorithm, true, ['verify'])
    const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
    await storage.update('p/dpop-key-ES256', () => ({ publicKey, privateKey }))
    const context = { ...createContext(await createTestServer(), { dpop: true }), keyStore: { storage, prefix: 'p' } }
    expect(await dpopThumbprint(context)).toBe(thumbprint)
  })

  it('RFC 9449, section 7.1: the hash of the token in a proof', async () => {
    const context = createContext(await createTestServer(), { dpop: true })
    const token = { accessToken: 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU', tokenType: 'DPoP' }
    let proof = ''
    await fetchWithProof(context, token, new Request('https://resource.example.org/protectedresource'), async (request) => {
      proof = request.headers.get('dpop') ?? ''
      return new Response()
    })
    expect(decodeJwt(proof)).toMatchObject({
      ath: 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo',
      htm: 'GET',
      htu: 'https://resource.example.org/protectedresource',
    })
  })

  it.each([
    ['at_hash', '77QmUPtjPfzWtF2AnpK9RQ', 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y'],
    ['c_hash', 'LDktKdoQak3Pk0cnXxCltA', 'Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk'],
  ])('OpenID Connect Core 1.0, Appendix A: %s', async (name, hash, value) => {
    await expect(checkHash(hash, value, 'RS256', name)).resolves.toBeUndefined()
    expect(await failure(checkHash(hash, `${value}x`, 'RS256', name))).toMatchObject({ code: 'invalid_id_token' })
  })
})
