import { describe, expect, it } from 'vitest'
import type { ResourceError } from '../http/resource-error.js'
import { createTokenVerifier } from './create-token-verifier.js'
import { checkRequirements, type TokenRequirements } from './requirements.js'
import { API, apiRequest, ISSUER, proofKey, testClock, testIssuer, type TestIssuer } from './test-issuer.fixture.js'
import type { TokenVerifierOptions } from './verifier-options.js'

interface Mistake {
  readonly options?: Partial<TokenVerifierOptions>
  readonly requirements?: TokenRequirements
  readonly claims?: Readonly<Record<string, unknown>>
  readonly prepare?: (issuer: TestIssuer) => void
}

/** The status and the message that `onRefused` gets. */
async function reasonFor({ options = {}, requirements, claims = {}, prepare }: Mistake): Promise<[number, string]> {
  const clock = testClock()
  const issuer = await testIssuer(clock)
  prepare?.(issuer)
  const errors: ResourceError[] = []
  const given = { issuer: ISSUER, audience: API, now: clock.now, fetch: issuer.fetch, ...options }
  const verifier = createTokenVerifier({ ...given, onRefused: (error) => void errors.push(error) })
  await verifier.verify(apiRequest(await issuer.token(claims)), requirements)
  return [errors[0]?.status ?? 200, errors[0]?.message ?? '']
}

describe('the message of a refusal', () => {
  it('names both issuers, for an issuer with a slash too many, whose metadata is not found', async () => {
    const expected = [401, expect.stringContaining(`its issuer is "${ISSUER}"; expected "${ISSUER}/". If you trust`)]
    expect(await reasonFor({ options: { issuer: `${ISSUER}/` } })).toEqual(expected)
    const two = [`${ISSUER}/`, 'https://other.example.com']
    expect(await reasonFor({ options: { issuer: two } })).toEqual([
      401,
      expect.stringContaining('or "https://other.example.com". If'),
    ])
  })

  it('names both issuers, for a token of another issuer whose keys are unknown', async () => {
    const other = await testIssuer(testClock(), 'https://other.example.com')
    const expected = [401, expect.stringContaining('its issuer is "https://other.example.com"; expected')]
    const options = { fetch: (await testIssuer(testClock())).fetch }
    expect(await reasonFor({ claims: { iss: other.issuer }, options })).toEqual(expected)
  })

  it('says why the keys could not be loaded', async () => {
    const refused = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } })
    const options = { fetch: () => Promise.reject(refused) }
    expect(await reasonFor({ options })).toEqual([
      503,
      expect.stringMatching(/Reason: fetch failed \(ECONNREFUSED\)\. Check that this process reaches the issuer/),
    ])
  })

  it('names the scope and the sign-in of the token', async () => {
    const scope = await reasonFor({ requirements: { scope: 'orders:write' } })
    expect(scope).toEqual([403, expect.stringContaining('The token has "orders:read profile"')])
    const signIn = await reasonFor({ requirements: { acrValues: 'mfa' }, claims: { acr: 'pwd' } })
    expect(signIn).toEqual([401, expect.stringContaining('The token has the "acr" "pwd" and the "auth_time" nothing')])
  })

  it('says what to do about a bound token if proofs are not checked', async () => {
    const bound = { options: { dpop: false }, claims: { cnf: { jkt: 'key' } } } as const
    expect(await reasonFor(bound)).toEqual([401, expect.stringContaining('Remove "dpop: false"')])
  })

  it('names the address of a proof without its query, and the headers that a page must read', async () => {
    const clock = testClock()
    const [issuer, key] = [await testIssuer(clock), await proofKey(clock)]
    const token = await issuer.token({ cnf: { jkt: key.jkt } })
    const messages: string[] = []
    const options = { issuer: ISSUER, audience: API, now: clock.now, fetch: issuer.fetch }
    const verifier = createTokenVerifier({ ...options, onRefused: ({ message }) => void messages.push(message) })
    for (const dpop of [undefined, await key.proof(token, { htu: `${API}/v1/orders?access_token=secret` }), 'x']) {
      const headers = { authorization: `DPoP ${token}`, ...(dpop !== undefined && { dpop }) }
      await verifier.verify(apiRequest(token, { headers }))
    }
    expect(messages).toEqual([
      expect.stringContaining('A proxy or gateway in front of the API must forward it'),
      expect.stringContaining(`must be for GET ${API}/orders; it is for "GET" "${API}/v1/orders". Behind a proxy`),
      expect.stringContaining('it is no signed JWT. Behind a proxy'),
    ])
    expect(messages.join()).not.toContain('secret')
    const strict = createTokenVerifier({
      ...options,
      dpop: { nonceSecret: new Uint8Array(32) },
      onRefused: ({ message }) => void messages.push(message),
    })
    const headers = { authorization: `DPoP ${token}`, dpop: await key.proof(token) }
    await strict.verify(apiRequest(token, { headers }))
    expect(messages.at(-1)).toContain('expose the headers DPoP-Nonce and WWW-Authenticate')
  })

  it('says what introspection lacks', async () => {
    const clock = testClock()
    const issuer = await testIssuer(clock)
    issuer.responses.set('/introspect', () => Response.json({ error: 'invalid_client' }, { status: 401 }))
    const messages: string[] = []
    for (const clientSecret of [undefined, 'wrong']) {
      const verifier = createTokenVerifier({
        issuer: { issuer: ISSUER, introspection: { clientId: 'api', clientSecret } },
        audience: API,
        now: clock.now,
        fetch: issuer.fetch,
        onRefused: ({ message }) => void messages.push(message),
      })
      await verifier.verify(apiRequest('opaque'))
    }
    expect(messages).toEqual([
      expect.stringMatching(/\(401, invalid_client\)\. Check "introspection" of ".*": "clientSecret" is not set\.$/),
      expect.stringMatching(/\(401, invalid_client\)\. Check "introspection" of ".*": the endpoint, and the client/),
    ])
  })
})

describe('an option of another kind is refused', () => {
  it('with what was received', () => {
    const create = (options: object) => (): unknown => createTokenVerifier({ issuer: ISSUER, audience: API, ...options })
    expect(create({ dpop: 'required' })).toThrow(
      '"dpop" must be an object such as { required: true }, or false. Received "required"',
    )
    expect(create({ dpop: true })).toThrow('Received true')
    expect(create({ clockTolerance: '30' })).toThrow('"clockTolerance"')
    expect(() => checkRequirements({ maxAge: '5' as never })).toThrow('must be a number of seconds, 0 or more. Received "5"')
  })
})
