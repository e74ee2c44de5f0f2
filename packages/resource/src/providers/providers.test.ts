import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { createTokenVerifier, type TokenVerifier } from '../verifier/create-token-verifier.js'
import { apiRequest, proofKey, testClock } from '../verifier/test-issuer.fixture.js'
import { cognito, entra, keycloak, auth0 } from '../providers.js'
import { recordedTokens, type RecordedToken } from './recorded-tokens.fixture.js'

const clock = testClock()
let privateKey: CryptoKey
let jwk: JWK

beforeAll(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true })
  privateKey = pair.privateKey
  jwk = { ...(await exportJWK(pair.publicKey)), kid: 'key', use: 'sig', alg: 'RS256' }
})

type Json = Readonly<Record<string, unknown>>

async function sign(claims: Json, header: Json): Promise<string> {
  const seconds = clock.now() / 1000
  const given = Object.entries({ iat: seconds, nbf: seconds, exp: seconds + 300, ...claims }).filter(
    ([, value]) => value !== undefined,
  )
  return new SignJWT(Object.fromEntries(given)).setProtectedHeader({ alg: 'RS256', kid: 'key', ...header }).sign(privateKey)
}

/** Metadata and keys are those of the provider: what is fetched is at its address. */
function verifierOf({ issuer }: Pick<RecordedToken, 'issuer'>, fetched: string[] = []): TokenVerifier {
  return createTokenVerifier({
    issuer: [issuer].flat(),
    now: clock.now,
    fetch: (url) => {
      fetched.push(url)
      const known = [issuer]
        .flat()
        .find((each) => url.startsWith(each.issuer.replace(/\/$/, '')) && url.includes('/.well-known/'))
      if (known)
        return Promise.resolve(Response.json({ issuer: known.issuer, jwks_uri: `${known.issuer.replace(/\/$/, '')}/keys` }))
      return Promise.resolve(Response.json({ keys: [jwk] }))
    },
  })
}

describe.each(recordedTokens)('a token of $name', (recorded) => {
  it('is accepted', async () => {
    const verification = await verifierOf(recorded).verify(apiRequest(await sign(recorded.claims, recorded.header)))
    expect(verification).toMatchObject({ ok: true, token: recorded.expected })
  })

  it.each(recorded.refused)('is refused if it is $because', async ({ claims, header }) => {
    const token = await sign({ ...recorded.claims, ...claims }, { ...recorded.header, ...header })
    expect(await verifierOf(recorded).verify(apiRequest(token))).toMatchObject({ ok: false, error: { code: 'invalid_token' } })
  })

  it('is refused by a verifier for RFC 9068 alone, unless it has its type', async () => {
    const { header, claims } = recorded
    const [first] = [recorded.issuer].flat()
    if (!first || header['typ'] === 'at+jwt') return
    const strict = {
      ...first,
      profile: 'rfc9068' as const,
      issuer: String(claims['iss']),
      audience: String([claims['aud']].flat()[0] ?? claims['client_id']),
    }
    expect((await verifierOf({ issuer: strict }).verify(apiRequest(await sign(claims, header)))).ok).toBe(false)
  })
})

describe('the functions of the providers', () => {
  it('need no metadata of Entra, whose keys have a known address', async () => {
    const entraToken = recordedTokens.find(({ name }) => name.includes('version 1'))
    const fetched: string[] = []
    if (entraToken) await verifierOf(entraToken, fetched).verify(apiRequest(await sign(entraToken.claims, entraToken.header)))
    expect(fetched).toEqual(['https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/discovery/keys'])
  })

  it('check the audience of Cognito tokens that are bound to a resource', async () => {
    const recorded = recordedTokens.find(({ name }) => name === 'Amazon Cognito')
    const issuer = cognito({
      region: 'us-east-1',
      userPoolId: 'us-east-1_example',
      clientIds: ['1example23456789'],
      audience: 'https://api.example.com',
    })
    const results = await Promise.all(
      ['https://api.example.com', 'https://other.example.com', undefined].map(async (aud) =>
        verifierOf({ issuer }).verify(apiRequest(await sign({ ...recorded?.claims, aud }, {}))),
      ),
    )
    expect(results.map(({ ok }) => ok)).toEqual([true, false, false])
  })

  it('accept the bound tokens of Keycloak with their proof', async () => {
    const key = await proofKey(clock)
    const recorded = recordedTokens.find(({ name }) => name === 'Keycloak')
    const token = await sign({ ...recorded?.claims, typ: 'DPoP', cnf: { jkt: key.jkt } }, { typ: 'JWT' })
    const headers = { authorization: `DPoP ${token}`, dpop: await key.proof(token) }
    const verifier = createTokenVerifier({
      issuer: keycloak({
        issuer: 'https://id.example.org/realms/shop',
        audience: 'orders-api',
        jwks: { keys: [{ ...jwk, kty: 'RSA' }] },
      }),
      resource: 'https://api.example.com',
      now: clock.now,
    })
    expect((await verifier.verify(apiRequest(token, { headers }))).ok).toBe(true)
    expect((await verifier.verify(apiRequest(token))).ok).toBe(false)
  })

  it('refuse what would accept the tokens of others', () => {
    for (const tenantId of ['common', 'organizations', 'consumers', 'contoso.onmicrosoft.com', ''])
      expect(() => entra({ tenantId, audience: 'a' }), tenantId).toThrow(/GUID of one tenant/)
    for (const domain of ['https://a.auth0.com', 'a.auth0.com/x', 'a b', ''])
      expect(() => auth0({ domain }), domain).toThrow(/expected a host/)
    const noClients = cognito({ region: 'us-east-1', userPoolId: 'us-east-1_example', clientIds: [] })
    expect(() => createTokenVerifier({ issuer: noClients })).toThrow(/"audience"/)
  })

  it('name the issuers of national clouds', () => {
    const tenantId = '72f988bf-86f1-41af-91ab-2d7cd011db47'
    const issuersAt = (host: string): readonly string[] => entra({ tenantId, audience: 'a', host }).map(({ issuer }) => issuer)
    expect(issuersAt('login.microsoftonline.us')).toEqual([
      `https://login.microsoftonline.us/${tenantId}/v2.0`,
      `https://sts.windows.net/${tenantId}/`,
    ])
    expect(issuersAt('login.partner.microsoftonline.cn')[1]).toBe(`https://sts.chinacloudapi.cn/${tenantId}/`)
  })
})

it('names the profile, not RFC 9068, if a claim is missing that only the profile requires', async () => {
  const issuer = keycloak({ issuer: 'https://id.example.com/realms/shop', audience: 'https://api.example.com' })
  const claims = { iss: issuer.issuer, aud: 'https://api.example.com', sub: 'ada' }
  const refused = await verifierOf({ issuer }).verify(apiRequest(await sign(claims, { typ: 'JWT' })))
  expect(refused).toMatchObject({ ok: false, error: { message: expect.stringContaining('has no claim "typ"') } })
  expect(refused).toMatchObject({ error: { message: expect.stringContaining('The profile of the issuer requires "typ"') } })
})
