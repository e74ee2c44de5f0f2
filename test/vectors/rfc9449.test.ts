// RFC 9449 (DPoP): its example proofs through the server; their claims and thumbprint through the client.
import { clientCredentials, createAuthorizationServer, userSite, type AuthorizationServer } from '@latchkey/server'
import { createAuthorizationUrl, createOAuthClient, memory } from '@latchkey/core'
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'

const issuer = 'https://server.example.com'
const header =
  'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19'
/** Figure 5: POST https://server.example.com/token, `iat` 1562262616 */
const tokenProof = `${header}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg`
/** Figure 13: GET https://resource.example.org/protectedresource with the token below, `iat` 1562262618 */
const resourceProof = `${header}.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA`
const accessToken = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'
/** Section 6.1 */
const thumbprint = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I'

function createServer(now = 1_562_262_618): AuthorizationServer {
  return createAuthorizationServer({
    issuer,
    clients: [{ clientId: 's6BhdRkqt', clientSecret: 'secret', redirectUris: [], scope: 'read' }],
    grants: [clientCredentials({ scopes: ['read'] })],
    scopes: ['read'],
    site: userSite({ users: [] }),
    tokens: () => accessToken,
    now: () => now * 1000,
  })
}

/** Returns the token endpoint's response to the proof of Figure 5. */
function requestToken(server: AuthorizationServer, proof = tokenProof): Promise<Response> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: 's6BhdRkqt',
    client_secret: 'secret',
    scope: 'read',
  })
  return server.fetch(new Request(`${issuer}/token`, { method: 'POST', body, headers: { dpop: proof } }))
}

function resourceRequest(proof: string, url = 'https://resource.example.org/protectedresource', method = 'GET'): Request {
  return new Request(url, { method, headers: { authorization: `DPoP ${accessToken}`, dpop: proof } })
}

describe('RFC 9449, section 5: the proof of a token request', () => {
  it('binds the token to the key (sections 5 and 6.1)', async () => {
    const server = createServer()
    const response = await requestToken(server)
    expect(await response.json()).toMatchObject({ access_token: accessToken, token_type: 'DPoP' })
    const verified = await server.verifyRequest(resourceRequest(resourceProof))
    expect(verified).toMatchObject({ ok: true, token: { dpopJkt: thumbprint } })
  })

  it.each([
    ['another signature', tokenProof.replace(/[^.]+$/, resourceProof.split('.')[2] ?? ''), 1_562_262_618],
    ['the proof of another request', resourceProof, 1_562_262_618],
    ['a proof that is older than a minute', tokenProof, 1_562_262_616 + 61],
    ['a proof from the future', tokenProof, 1_562_262_616 - 61],
  ])('rejects %s', async (_, proof, now) => {
    const response = await requestToken(createServer(now), proof)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_dpop_proof' })
  })

  it('rejects the same proof a second time', async () => {
    const server = createServer()
    await requestToken(server)
    expect(await (await requestToken(server)).json()).toMatchObject({ error: 'invalid_dpop_proof' })
  })
})

describe('RFC 9449, section 7.1: the proof of a request to a resource', () => {
  it.each([
    ['another URL', resourceRequest(resourceProof, 'https://resource.example.org/other')],
    ['another method', resourceRequest(resourceProof, undefined, 'POST')],
    ['the proof of the token request', resourceRequest(tokenProof)],
  ])('rejects %s', async (_, request) => {
    const server = createServer()
    await requestToken(server)
    const verified = await server.verifyRequest(request)
    expect(verified.ok).toBe(false)
    expect(verified.ok || verified.response.headers.get('www-authenticate')).toMatch(/^DPoP .*error="invalid_dpop_proof"/)
  })

  it('rejects the bound token as a bearer token (section 7.2)', async () => {
    const server = createServer()
    await requestToken(server)
    const request = new Request('https://resource.example.org/protectedresource', {
      headers: { authorization: `Bearer ${accessToken}` },
    })
    expect((await server.verifyRequest(request)).ok).toBe(false)
  })
})

describe('RFC 9449, section 4.2: the proof that the client creates', () => {
  it('has the members of the example, signed by the key that "dpop_jkt" names', async () => {
    const proofs: string[] = []
    const redirectUri = 'https://client.example.com/cb'
    const client = createOAuthClient({
      server: { issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
      clientId: 's6BhdRkqt',
      redirectUri,
      scope: 'read',
      dpop: true,
      storage: memory(),
      resources: ['https://resource.example.org/'],
      fetch: async (input, init) => {
        const request = new Request(input, init)
        proofs.push(request.headers.get('dpop') ?? '')
        return Response.json({ access_token: accessToken, token_type: 'DPoP', expires_in: 3600 })
      },
    })
    const { url, state } = await createAuthorizationUrl(client)
    await client.handleCallback(`${redirectUri}?code=SplxlOBeZQQYbYS6WxSbIA&state=${state}`)
    await client.fetch('https://resource.example.org/protectedresource?page=2')

    const [first = '', second = ''] = proofs
    expect(Object.keys(decodeProtectedHeader(first)).toSorted()).toEqual(
      Object.keys(decodeProtectedHeader(tokenProof)).toSorted(),
    )
    expect(decodeProtectedHeader(first)).toMatchObject({ typ: 'dpop+jwt', alg: 'ES256' })
    expect(Object.keys(decodeJwt(first)).toSorted()).toEqual(Object.keys(decodeJwt(tokenProof)).toSorted())
    expect(decodeJwt(first)).toMatchObject({ htm: 'POST', htu: `${issuer}/token` })
    expect(Object.keys(decodeJwt(second)).toSorted()).toEqual(Object.keys(decodeJwt(resourceProof)).toSorted())
    // Without the query (section 4.2), and with the hash that Figure 14 prints for this token.
    expect(decodeJwt(second)).toMatchObject({
      htm: 'GET',
      htu: 'https://resource.example.org/protectedresource',
      ath: 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo',
    })
    const { jwk } = decodeProtectedHeader(second)
    expect(Object.keys(jwk ?? {}).toSorted()).toEqual(['crv', 'kty', 'x', 'y'])
    expect(url.searchParams.get('dpop_jkt')).toBe(await calculateJwkThumbprint(jwk ?? {}))
  })
})
