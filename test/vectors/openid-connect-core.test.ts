// OpenID Connect Core 1.0 (incorporating errata set 2), Appendix A: the specification's example sign-ins, through the client from end to
// end. Issuer, keys (A.7), tokens and codes are those of the specification; the clock is set to July 2011.
import { createAuthorizationUrl, createOAuthClient, exchange, memory, type ClientOptions, type LoginResult } from '@latchkey/core'
import { describe, expect, it } from 'vitest'

const issuer = 'https://server.example.com'
const redirectUri = 'https://client.example.org/cb'
const state = 'af0ifjsldkj'
const nonce = 'n-0S6_WzA2Mj'
/** Seconds; `iat` is ten before. */
const issuedAt = 1_311_280_970
const expiresAt = 1_311_281_970

const code = 'Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk'
const accessToken = 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y'

/** A.7 */
const key = {
  kty: 'RSA',
  kid: '1e9gdk7',
  n: 'w7Zdfmece8iaB0kiTY8pCtiBtzbptJmP28nSWwtdjRu0f2GFpajvWE4VhfJAjEsOcwYzay7XGN0b-X84BfC8hmCTOj2b2eHT7NsZegFPKRUQzJ9wW8ipn_aDJWMGDuB1XyqT1E7DYqjUCEOD1b4FLpy_xPn6oV_TYOfQ9fZdbE5HGxJUzekuGcOKqOQ8M7wfYHhHHLxGpQVgL0apWuP2gDDOdTtpuld4D2LK1MZK99s9gaSjRHE8JDb1Z4IGhEcEyzkxswVdPndUWzfvWBBWXWxtSUvQGBRkuy1BHOa4sP6FKjWEeeF7gm7UMs2Nm2QUgNZw6xvEDGaLk4KASdIxRQ',
  e: 'AQAB',
}

const header = 'eyJraWQiOiIxZTlnZGs3IiwiYWxnIjoiUlMyNTYifQ'
/** A.2: with claims of the profile */
const profileIdToken = `${header}.ewogImlzcyI6ICJodHRwczovL3NlcnZlci5leGFtcGxlLmNvbSIsCiAic3ViIjogIjI0ODI4OTc2MTAwMSIsCiAiYXVkIjogInM2QmhkUmtxdDMiLAogIm5vbmNlIjogIm4tMFM2X1d6QTJNaiIsCiAiZXhwIjogMTMxMTI4MTk3MCwKICJpYXQiOiAxMzExMjgwOTcwLAogIm5hbWUiOiAiSmFuZSBEb2UiLAogImdpdmVuX25hbWUiOiAiSmFuZSIsCiAiZmFtaWx5X25hbWUiOiAiRG9lIiwKICJnZW5kZXIiOiAiZmVtYWxlIiwKICJiaXJ0aGRhdGUiOiAiMDAwMC0xMC0zMSIsCiAiZW1haWwiOiAiamFuZWRvZUBleGFtcGxlLmNvbSIsCiAicGljdHVyZSI6ICJodHRwOi8vZXhhbXBsZS5jb20vamFuZWRvZS9tZS5qcGciCn0.NTibBYW_ZoNHGm4ZrWCqYA9oJaxr1AVrJCze6FEcac4t_EOQiJFbD2nVEPkUXPuMshKjjTn7ESLIFUnfHq8UKTGibIC8uqrBgQAcUQFMeWeg-PkLvDTHk43Dn4_aNrxhmWwMNQfkjqx3wd2Fvta9j8yG2Qn790Gwb5psGcmBhqMJUUnFrGpyxQDhFIzzodmPokM7tnUxBNj-JuES_4CE-BvZICH4jKLp0TMu-WQsVst0ss-vY2RPdU1MzL59mq_eKk8Rv9XhxIr3WteA2ZlrgVyT0cwH3hlCnRUsLfHtIEb8k1Y_WaqKUu3DaKPxqRi6u0rN7RO2uZYPzC454xe-mg`
/** A.3: with `at_hash` */
const atHashIdToken = `${header}.ewogImlzcyI6ICJodHRwczovL3NlcnZlci5leGFtcGxlLmNvbSIsCiAic3ViIjogIjI0ODI4OTc2MTAwMSIsCiAiYXVkIjogInM2QmhkUmtxdDMiLAogIm5vbmNlIjogIm4tMFM2X1d6QTJNaiIsCiAiZXhwIjogMTMxMTI4MTk3MCwKICJpYXQiOiAxMzExMjgwOTcwLAogImF0X2hhc2giOiAiNzdRbVVQdGpQZnpXdEYyQW5wSzlSUSIKfQ.kdqTmftlaXg5WBYBr1wkxhkqCGZPc0k8vTiV5g2jj67jQ7XkrDamYx2bOkZLdZrpMPIzkdYB1nZI_G8vQGQuamRhJcEIt21kblGPZ-yhEhdkAiZIZLu38rChalDS2Mh0glE_rke5XXRhmqqoEFFdziFdnO3p61-7y51co84OEAZvARSINQaOWIzvioRfs4zwIFOaT33Vpxfqr8HDyh31zo9eBW2dSQuCa071z0ENWChWoPliK1JCo_Bk9eDg2uwo2ZwhsvHzj6TMQ0lYOTzufSlSmXIKfjlOsb3nftQeR697_hA-nMZyAdL8_NRfaC37XnAbW8WB9wCfECp7cuNuOg`
/** A.4: with `c_hash` */
const cHashIdToken = `${header}.ewogImlzcyI6ICJodHRwczovL3NlcnZlci5leGFtcGxlLmNvbSIsCiAic3ViIjogIjI0ODI4OTc2MTAwMSIsCiAiYXVkIjogInM2QmhkUmtxdDMiLAogIm5vbmNlIjogIm4tMFM2X1d6QTJNaiIsCiAiZXhwIjogMTMxMTI4MTk3MCwKICJpYXQiOiAxMzExMjgwOTcwLAogImNfaGFzaCI6ICJMRGt0S2RvUWFrM1BrMGNuWHhDbHRBIgp9.MRPihYtNIcwKTZ_mcMSPfreVytGR4jfl1Tzbv4tH5Jr4WqONs2lUWrIEpZ2joKbZfAGlouAqwqSYpfR3FQYKYvdgnZ3kjIJ_5M4fAARXHVSciGyhfqB-OhDUMXSHzFHiGKNY9TKSgRfiXf_314WRujpqaDtj2uoXbppobYXvAZIxWtsOein0-t91LDS39EW4frNWAopKTBBi_XJPlpLVynWTDvNleEBP6UxIMgYJBKlqsP7RGfHTGk3ReXDacR7RGZlIVGa-0qRyDzvNqD7xfu9aYufUP0oBGqdBGgFVNmwJ7rmB0gdPtC2eJsXq9svCgBBfhRQZxhx1iLJjNc9nSw`

interface SignInCase {
  readonly responseType: NonNullable<ClientOptions['responseType']>
  /** Parameters of the authorization response, besides `state`. */
  readonly parameters: Readonly<Record<string, string>>
  /** The clock of client and server, in seconds. */
  readonly now?: number
  readonly nonce?: string
}

/** Signs in with the specification's `state` and `nonce`. Rejects if the client rejects the response. */
async function signIn({
  responseType,
  parameters,
  now = issuedAt + 10,
  ...request
}: SignInCase): Promise<LoginResult | undefined> {
  const client = createOAuthClient({
    server: {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks: { keys: [key] },
    },
    clientId: 's6BhdRkqt3',
    redirectUri,
    scope: 'openid profile email',
    responseType,
    storage: memory(),
    now: () => now * 1000,
    // The client chooses its own nonce; a compliance hook can replace it.
    compliance: { authorizationRequest: (url) => withNonce(url, request.nonce ?? nonce) },
    fetch: async () => {
      const body = { access_token: 'SlAV32hkKG', token_type: 'Bearer', expires_in: 3600, id_token: profileIdToken }
      return Response.json(body, { headers: { date: new Date(now * 1000).toUTCString() } })
    },
  })
  await createAuthorizationUrl(client, { state })
  const place = responseType === 'code' ? '?' : '#'
  return exchange(client, `${redirectUri}${place}${new URLSearchParams({ ...parameters, state })}`)
}

function withNonce(url: URL, value: string): URL {
  url.searchParams.set('nonce', value)
  return url
}

const front = { access_token: accessToken, token_type: 'Bearer' }

describe('OpenID Connect Core 1.0, Appendix A', () => {
  it.each<SignInCase & { readonly section: string }>([
    { section: 'A.1', responseType: 'code', parameters: { code } },
    { section: 'A.2', responseType: 'id_token', parameters: { id_token: profileIdToken } },
    { section: 'A.3', responseType: 'id_token token', parameters: { ...front, id_token: atHashIdToken } },
    { section: 'A.4', responseType: 'code id_token', parameters: { code, id_token: cHashIdToken } },
    { section: 'A.5', responseType: 'code token', parameters: { code, ...front } },
  ])('$section: signs in with $responseType', async (signInCase) => {
    //
    expect((await signIn(signInCase))?.tokenSet.claims).toMatchObject({ iss: issuer, sub: '248289761001', aud: 's6BhdRkqt3' })
  })

  it('A.2: reads the profile claims from the ID token', async () => {
    const result = await signIn({ responseType: 'id_token', parameters: { id_token: profileIdToken } })
    expect(result?.tokenSet.claims).toMatchObject({ name: 'Jane Doe', birthdate: '0000-10-31', email: 'janedoe@example.com' })
  })

  it.each<SignInCase & { readonly why: string }>([
    {
      why: 'an access token that does not match "at_hash"',
      responseType: 'id_token token',
      parameters: { ...front, access_token: `${accessToken}x`, id_token: atHashIdToken },
    },
    {
      why: 'a code that does not match "c_hash"',
      responseType: 'code id_token',
      parameters: { code: `${code}x`, id_token: cHashIdToken },
    },
    {
      why: 'an ID token without the required "at_hash"',
      responseType: 'id_token token',
      parameters: { ...front, id_token: profileIdToken },
    },
    {
      why: 'an ID token without the required "c_hash"',
      responseType: 'code id_token',
      parameters: { code, id_token: profileIdToken },
    },
    {
      why: 'a signature of other claims',
      responseType: 'id_token',
      parameters: { id_token: profileIdToken.replace(/[^.]+$/, atHashIdToken.split('.')[2] ?? '') },
    },
    { why: 'another nonce', responseType: 'id_token', parameters: { id_token: profileIdToken }, nonce: 'another' },
    { why: 'an expired ID token', responseType: 'id_token', parameters: { id_token: profileIdToken }, now: expiresAt + 31 },
  ])('rejects $why', async ({ why: _why, ...signInCase }) => {
    await expect(signIn(signInCase)).rejects.toMatchObject({ code: 'invalid_id_token' })
  })

  // The first edition has the ID token of A.4 here. It lacks "at_hash", which section 3.3.2.11 requires for this response type.
  it('A.6: rejects an ID token without the "at_hash" that "code id_token token" requires', async () => {
    const parameters = { code, ...front, id_token: cHashIdToken }
    await expect(signIn({ responseType: 'code id_token token', parameters })).rejects.toMatchObject({ code: 'invalid_id_token' })
  })
})
