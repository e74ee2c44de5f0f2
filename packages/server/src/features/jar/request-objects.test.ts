import { jar } from './jar.js'
import { UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { hashClientSecret } from '../../token/client-authentication/client-secret.js'
import type { AuthorizationServerOptions } from '../../options/server-options.js'
import { asPage, authorizePath, json, locationOf, redeem, testBrowser, tokenRequest } from '../../server/test-browser.fixture.js'
import { CONFIDENTIAL, ISSUER, SPA, testClock, testServer } from '../../server/test-server.fixture.js'
import { barePath, clientKeys, sign, signingClient, type Signing } from './request-object.fixture.js'

const keys = await clientKeys()
const ALICE = { action: 'sign-in', username: 'alice', password: 'wonderland' }

const setUp = async (client: Readonly<Record<string, unknown>> = {}, options: Partial<AuthorizationServerOptions> = {}) => {
  const clock = testClock()
  const { server } = await testServer({ clients: [signingClient(keys, client), CONFIDENTIAL], ...options }, clock)
  const browser = testBrowser(server)
  const signed = (claims: Readonly<Record<string, unknown>> = {}, more: Partial<Signing> = {}): Promise<string> =>
    sign(claims, { key: keys.privateKey, clock, ...more })
  return { server, clock, browser, signed, get: (params: Record<string, string>) => browser.get(barePath(params)) }
}

/** The error on a page that is not sent to the client. */
const shown = async (response: Response): Promise<string | undefined> => {
  expect(response.status).toBe(400)
  expect(response.headers.get('location')).toBeNull()
  return /<code>(\w+)<\/code>/.exec(await response.text())?.[1]
}

const push = async (server: Awaited<ReturnType<typeof setUp>>['server'], body: Record<string, string>) =>
  json(await server.fetch(new Request(`${ISSUER}/par`, { method: 'POST', body: new URLSearchParams(body) })))

describe('a signed authorization request by value (RFC 9101)', () => {
  it('signs in, from the request alone to tokens', async () => {
    const { server, browser, signed, get } = await setUp()
    const page = await asPage(await get({ request: await signed({ scope: 'openid email', state: 'inside' }) }))
    const callback = locationOf(await browser.submit(page, ALICE))
    expect(callback.origin + callback.pathname).toBe('https://app.example/callback')
    expect(callback.searchParams.get('state')).toBe('inside')
    const tokens = await json(await redeem(server, callback.searchParams.get('code') ?? ''))
    expect(tokens['scope']).toBe('openid email')
  })

  it('ignores parameters beside the object (section 6.3)', async () => {
    const { server, browser, signed, get } = await setUp()
    const beside = {
      scope: 'openid phone',
      state: 'outside',
      redirect_uri: 'https://evil.test/',
      response_type: 'token',
      code_challenge: 'x'.repeat(43),
      nonce: 'outside',
      prompt: 'none',
    }
    const page = await asPage(await get({ request: await signed({ scope: 'openid' }), ...beside }))
    const callback = locationOf(await browser.submit(page, ALICE))
    expect(callback.href).toMatch(/^https:\/\/app\.example\/callback\?/)
    expect(callback.searchParams.get('state')).toBe('st&te=1')
    const tokens = await json(await redeem(server, callback.searchParams.get('code') ?? ''))
    expect(tokens['scope']).toBe('openid')
  })

  it('takes no parameter from the query that the object omits (section 6.3)', async () => {
    const { get, signed } = await setUp()
    const request = await signed({ code_challenge: undefined, code_challenge_method: undefined })
    const location = locationOf(await get({ request, code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' }))
    expect(location.searchParams.get('error')).toBe('invalid_request')
    const untyped = locationOf(await get({ request: await signed({ response_type: undefined }), response_type: 'code' }))
    expect(untyped.searchParams.get('error_description')).toContain('response_type')
  })

  it('reads numbers, objects and lists in the object as parameters', async () => {
    const { server, browser, signed, get } = await setUp()
    const resource = ['https://a.example/', 'https://b.example/']
    const request = await signed({ max_age: 5, claims: { userinfo: { name: null } }, resource, scope: 'openid' })
    const page = await asPage(await get({ request }))
    const callback = locationOf(await browser.submit(page, ALICE))
    const { access_token: token } = await json(await redeem(server, callback.searchParams.get('code') ?? ''))
    const verified = await server.verifyRequest(new Request(ISSUER, { headers: { authorization: `Bearer ${token}` } }))
    expect(verified).toMatchObject({ ok: true, token: { resources: resource, claims: '{"userinfo":{"name":null}}' } })
    const wrong = locationOf(await get({ request: await signed({ max_age: -1 }) }))
    expect(wrong.searchParams.get('error')).toBe('invalid_request')
  })

  it('accepts a decision after the object has expired', async () => {
    const { browser, clock, signed, get } = await setUp({ requireSignedRequestObject: true })
    const path = { request: await signed() }
    const page = await asPage(await get(path))
    clock.advance(600)
    expect(locationOf(await browser.submit(page, ALICE)).searchParams.has('code')).toBe(true)
    expect(await shown(await get(path))).toBe('invalid_request_object')
    expect((await browser.submit(page, ALICE)).status).toBe(400)
  })

  it('is stored for fifteen minutes, and for an hour once a user has signed in', async () => {
    const { browser, clock, signed, get } = await setUp()
    const signIn = await asPage(await get({ request: await signed({ prompt: 'consent' }) }))
    const consent = await asPage(await browser.submit(signIn, ALICE))
    clock.advance(3000)
    expect(locationOf(await browser.submit(consent, { action: 'consent' })).searchParams.has('code')).toBe(true)
    const other = await setUp()
    const page = await asPage(await other.get({ request: await other.signed({ prompt: 'consent' }) }))
    other.clock.advance(901)
    expect((await other.browser.submit(page, ALICE)).status).toBe(400)
  })

  it('lets a site redirect the user away, and back to the target of its form', async () => {
    const { browser, clock, signed, get } = await setUp()
    const { text } = await asPage(await get({ request: await signed() }))
    const action = /action="([^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(action).not.toContain('eyJ')
    clock.advance(600)
    expect((await browser.get(action)).status).toBe(200)
  })

  it('accepts it form-encoded in a body, and without a type or with "JWT"', async () => {
    const { server, signed, get } = await setUp()
    const body = new URLSearchParams({ client_id: 'spa', request: await signed() })
    expect((await server.fetch(new Request(`${ISSUER}/authorize`, { method: 'POST', body }))).status).toBe(200)
    for (const typ of [null, 'JWT', 'application/oauth-authz-req+jwt'])
      expect((await get({ request: await signed({}, { typ }) })).status, String(typ)).toBe(200)
  })

  it('finds the key at "jwks_uri", and uses the client’s secret if it has no key', async () => {
    const fetchKeys: typeof fetch = () => Promise.resolve(Response.json(keys.jwks))
    const published = await setUp({ jwks: undefined, jwksUri: 'https://app.example/jwks' }, { fetch: fetchKeys })
    expect((await published.get({ request: await published.signed() })).status).toBe(200)
    const clientSecret = 'a secret of more than thirty-two bytes, for HMAC'
    const hmac = { alg: 'HS256', key: new TextEncoder().encode(clientSecret) }
    const secret = await setUp({ jwks: undefined, clientSecret })
    expect((await secret.get({ request: await secret.signed({}, hmac) })).status).toBe(200)
    const digest = await hashClientSecret(clientSecret)
    const hashed = await setUp({ jwks: undefined, clientSecret: digest })
    for (const key of [hmac.key, new TextEncoder().encode(digest)]) {
      expect(await shown(await hashed.get({ request: await hashed.signed({}, { alg: 'HS256', key }) }))).toBe(
        'invalid_request_object',
      )
    }
  })
})

describe('a request object is refused', () => {
  const now = Math.floor(testClock().now() / 1000)
  const CLAIMS: readonly (readonly [title: string, claims: Readonly<Record<string, unknown>>])[] = [
    ['of another issuer', { iss: 'web' }],
    ['without an issuer', { iss: undefined }],
    ['for another server', { aud: 'https://other.example' }],
    ['for the token endpoint, as a client assertion is', { aud: `${ISSUER}/token` }],
    ['for another server too', { aud: [ISSUER, 'https://other.example'] }],
    ['without an audience', { aud: undefined }],
    ['that has expired', { exp: now - 31 }],
    ['that never expires', { exp: undefined }],
    ['that lives for more than an hour', { exp: now + 3700 }],
    ['that does not count yet', { nbf: now + 31 }],
    ['from the future', { iat: now + 31 }],
    ['that names another client', { client_id: 'web' }],
    ['with the client as its subject, as a client assertion has', { sub: 'spa' }],
    ['with another object inside', { request: 'x' }],
    ['with a reference inside', { request_uri: 'https://app.example/r' }],
  ]
  it.each(CLAIMS)('%s', async (_title, claims) => {
    const { signed, get } = await setUp({ requestUris: ['https://app.example/r'] })
    expect(await shown(await get({ request: await signed(claims) }))).toBe('invalid_request_object')
  })

  it('that is unsigned, whatever the client registered (alg "none")', async () => {
    const { get, clock } = await setUp({ requestObjectSigningAlg: 'none' })
    const authorization = Object.fromEntries(new URL(authorizePath(), ISSUER).searchParams)
    const about = { iss: 'spa', aud: ISSUER, exp: clock.now() / 1000 + 60 }
    expect(await shown(await get({ request: new UnsecuredJWT({ ...authorization, ...about }).encode() }))).toBe(
      'invalid_request_object',
    )
  })

  it('whose content was changed, or whose signature is of another or an unknown key', async () => {
    const { signed, get } = await setUp()
    const [header = '', , signature = ''] = (await signed()).split('.')
    const [, payload = ''] = (await signed({ scope: 'openid phone' })).split('.')
    expect(await shown(await get({ request: [header, payload, signature].join('.') }))).toBe('invalid_request_object')
    const { privateKey } = await clientKeys()
    expect(await shown(await get({ request: await signed({}, { key: privateKey }) }))).toBe('invalid_request_object')
    const { get: keyless } = await setUp({ jwks: undefined })
    expect(await shown(await keyless({ request: await signed() }))).toBe('invalid_request_object')
  })

  it('whose HMAC was made with the public key (algorithm confusion; RFC 8725, section 2.1)', async () => {
    const rsa = await clientKeys('RS256')
    const { signed, get } = await setUp({
      jwks: { keys: rsa.jwks.keys.map((key) => ({ ...key })) },
      clientSecret: 'x'.repeat(32),
    })
    for (const key of [JSON.stringify(rsa.jwks.keys[0]), rsa.jwks.keys[0]?.n ?? '', 'x'.repeat(32)]) {
      const request = await signed({}, { alg: 'HS256', key: new TextEncoder().encode(key) })
      expect(await shown(await get({ request }))).toBe('invalid_request_object')
    }
  })

  it('that is signed with another algorithm than the registered one', async () => {
    const both = await clientKeys('PS256')
    const jwks = { keys: [...keys.jwks.keys, ...both.jwks.keys].map((key) => ({ ...key })) }
    const { signed, get } = await setUp({ jwks, requestObjectSigningAlg: 'PS256' })
    expect((await get({ request: await signed({}, { alg: 'PS256', key: both.privateKey }) })).status).toBe(200)
    expect(await shown(await get({ request: await signed() }))).toBe('invalid_request_object')
  })

  it.each(['dpop+jwt', 'logout+jwt', 'at+jwt', 'client-authentication+jwt'])('of the type %s', async (typ) => {
    const { signed, get } = await setUp()
    expect(await shown(await get({ request: await signed({}, { typ }) }))).toBe('invalid_request_object')
  })

  it('that another client sends, as its own or under the name of the first', async () => {
    const thief = await clientKeys()
    const other = signingClient(thief, { clientId: 'other' })
    const { signed, get } = await setUp({}, { clients: [signingClient(keys), other] })
    expect(await shown(await get({ client_id: 'other', request: await signed() }))).toBe('invalid_request_object')
    const forged = await signed({}, { key: thief.privateKey })
    expect(await shown(await get({ request: forged }))).toBe('invalid_request_object')
    expect(await shown(await get({ client_id: 'unknown', request: await signed() }))).toBe('invalid_client')
  })

  it('is reported to the client only if the request names a registered redirect URI beside it', async () => {
    const { browser, get } = await setUp()
    const notified = locationOf(await browser.get(authorizePath({ request: 'x.y.z' })))
    expect(notified.searchParams.get('error')).toBe('invalid_request_object')
    expect(notified.searchParams.get('state')).toBe('st&te=1')
    expect(await shown(await get({ request: 'x.y.z', redirect_uri: 'https://evil.test/' }))).toBe('invalid_request_object')
  })

  it('as a client assertion, even with all of its claims (section 10.8)', async () => {
    const { server, signed } = await setUp({ tokenEndpointAuthMethod: 'private_key_jwt' })
    const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    const ask = async (typ: string | null, jti: string): Promise<string | undefined> => {
      const assertion = await signed({ sub: 'spa', jti }, { typ })
      const body = { grant_type: 'refresh_token', refresh_token: 'x', client_assertion_type: TYPE, client_assertion: assertion }
      return (await json(await server.fetch(tokenRequest(body))))['error']
    }
    expect(await ask('oauth-authz-req+jwt', '1')).toBe('invalid_client')
    expect(await ask('JWT', '2')).toBe('invalid_grant')
  })
})

describe('signed requests are required (RFC 9101, section 10.5)', () => {
  it.each([
    ['of one client', { requireSignedRequestObject: true }, {}],
    ['of all', {}, { features: [jar({ required: true })] }],
  ])('%s: plain, pushed, or beside an empty object', async (_whom, client, options) => {
    const { server, browser, signed, get } = await setUp(client, options)
    const open = locationOf(await browser.get(authorizePath()))
    expect(open.searchParams.get('error')).toBe('invalid_request')
    expect(locationOf(await browser.get(authorizePath({ request: '' }))).searchParams.get('error')).toBe('invalid_request')
    const params = Object.fromEntries(new URL(authorizePath(), ISSUER).searchParams)
    expect((await push(server, params))['error']).toBe('invalid_request')
    expect((await get({ request: await signed() })).status).toBe(200)
    const { request_uri: reference = '' } = await push(server, { client_id: 'spa', request: await signed() })
    expect((await get({ request_uri: reference })).status).toBe(200)
  })

  it('and a request by value is not treated as pushed', async () => {
    const { signed, get } = await setUp({ requirePushedAuthorizationRequests: true })
    const location = locationOf(await get({ request: await signed() }))
    expect(location.searchParams.get('error_description')).toContain('pushed')
  })

  it('but not if they could never be accepted: that is a TypeError', () => {
    expect(() => jar({ byValue: false, byReference: false, required: true })).toThrow('jar: ')
  })
})

describe('a signed request that is pushed (RFC 9126, section 3)', () => {
  it('is checked when it is pushed, without the parameters beside it, and valid once', async () => {
    const { server, browser, clock, signed, get } = await setUp()
    const request = await signed({ scope: 'openid email' })
    const pushed = await push(server, { client_id: 'spa', request, scope: 'openid phone', redirect_uri: 'https://evil.test/' })
    clock.advance(85)
    const path = { request_uri: pushed['request_uri'] ?? '', scope: 'openid phone' }
    const page = await asPage(await get(path))
    clock.advance(200)
    const callback = locationOf(await browser.submit(page, ALICE))
    const tokens = await json(await redeem(server, callback.searchParams.get('code') ?? ''))
    expect(tokens['scope']).toBe('openid email')
    expect((await get(path)).status).toBe(400)
  })

  it('is refused with its error, as JSON', async () => {
    const { server, signed } = await setUp()
    const error = async (body: Record<string, string>): Promise<string | undefined> => (await push(server, body))['error']
    expect(await error({ client_id: 'spa', request: 'x' })).toBe('invalid_request_object')
    expect(await error({ client_id: 'spa', request: await signed({ aud: 'x' }) })).toBe('invalid_request_object')
    expect(await error({ client_id: 'spa', request: await signed({ redirect_uri: 'https://evil.test/' }) })).toBe(
      'invalid_request',
    )
    expect(await error({ client_id: 'spa', request: await signed(), request_uri: 'urn:x' })).toBe('invalid_request')
    // The authenticated client is the client, whatever the object says.
    const web = { client_id: 'web', client_secret: CONFIDENTIAL.clientSecret ?? '' }
    expect(await error({ ...web, request: await signed() })).toBe('invalid_request_object')
  })
})

describe('signed requests that are disabled', () => {
  it('are refused at every endpoint, and the metadata announces it', async () => {
    const requestUris = ['https://app.example/r']
    let fetches = 0
    const count: typeof fetch = () => Promise.resolve(new Response(String((fetches += 1))))
    const { server, browser, signed } = await setUp(
      { requestUris },
      { features: [jar({ byValue: false, byReference: false })], fetch: count },
    )
    const request = await signed()
    const byValue = locationOf(await browser.get(authorizePath({ request })))
    expect(byValue.searchParams.get('error')).toBe('request_not_supported')
    const byReference = locationOf(await browser.get(authorizePath({ request_uri: 'https://app.example/r' })))
    expect(byReference.searchParams.get('error')).toBe('request_uri_not_supported')
    expect(fetches).toBe(0)
    const params = Object.fromEntries(new URL(authorizePath(), ISSUER).searchParams)
    expect((await push(server, { ...params, request }))['error']).toBe('request_not_supported')
    const metadata = await server.fetch(new Request(`${ISSUER}/.well-known/openid-configuration`))
    const notified: Record<string, unknown> = await metadata.json()
    expect(notified).toMatchObject({ request_parameter_supported: false, request_uri_parameter_supported: false })
    expect(notified).not.toHaveProperty('request_object_signing_alg_values_supported')
  })

  it('do not affect pushed requests', async () => {
    const { server, get } = await setUp({}, { features: [jar({ byReference: false })] })
    const params = Object.fromEntries(new URL(authorizePath(), ISSUER).searchParams)
    const { request_uri: reference = '' } = await push(server, { ...params, client_id: SPA.clientId })
    expect((await get({ request_uri: reference })).status).toBe(200)
  })

  it('are announced if they are enabled, never with "none"', async () => {
    const { server } = await setUp()
    const metadata = await server.fetch(new Request(`${ISSUER}/.well-known/openid-configuration`))
    expect(await metadata.json()).toMatchObject({
      request_parameter_supported: true,
      request_uri_parameter_supported: true,
      require_request_uri_registration: true,
      require_signed_request_object: false,
      request_object_signing_alg_values_supported: expect.not.arrayContaining(['none']),
    })
  })
})
