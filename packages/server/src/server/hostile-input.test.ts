import { CompactSign, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { clientKeys, signingClient } from '../features/jar/request-object.fixture.js'
import { registration } from '../features/registration/registration.js'
import { ASSERTION_TYPE } from '../token/client-authentication/client-assertion.js'
import type { ClientRecord } from '../storage/client-record.js'
import { clientStore } from '../storage/client-store.js'
import { memoryStore } from '../storage/memory-store.js'
import type { AuthorizationServer } from './authorization-server.js'
import { asPage, authorizePath, json, locationOf, redeem, testBrowser } from './test-browser.fixture.js'
import { post, WEB } from './test-requests.fixture.js'
import { CONFIDENTIAL, ISSUER, SPA, testClock, testServer } from './test-server.fixture.js'

const NATIVE: ClientRecord = {
  clientId: 'native',
  applicationType: 'native',
  redirectUris: ['http://127.0.0.1/callback'],
  requireConsent: true,
}
const LONE = '\uD800'
/** Nested deeper than the call stack. */
const DEEP = `${'['.repeat(30_000)}${']'.repeat(30_000)}`
const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)])

const clock = testClock()
const faults: unknown[] = []
let server: AuthorizationServer
let keys: Awaited<ReturnType<typeof clientKeys>>

beforeAll(async () => {
  keys = await clientKeys()
  const clients = clientStore(memoryStore())
  const all = [SPA, CONFIDENTIAL, NATIVE, { ...signingClient(keys), clientId: 'signing' }]
  await Promise.all(all.map((client) => clients.saveClient(client)))
  const options = { clients, features: [registration()], hooks: { onError: (error: unknown) => void faults.push(error) } }
  server = (await testServer(options, clock)).server
})

/** Expects the OAuth error of a client's mistake, and no fault of the server. */
async function expectRefusal(response: Response, error: string): Promise<void> {
  expect(faults.splice(0)).toEqual([])
  expect(await json(response)).toMatchObject({ error })
  expect(response.status).toBeGreaterThanOrEqual(400)
  expect(response.status).toBeLessThan(500)
}

const register = (text: string): Promise<Response> =>
  server.fetch(new Request(`${ISSUER}/register`, { method: 'POST', body: text, headers: { 'content-type': 'application/json' } }))

describe('a redirect URI of a native client', () => {
  it.each(['http://127.0.0.1:99999/callback', 'http://127.0.0.1:65536/callback'])(
    'with a port that does not exist is refused: %s',
    async (redirect_uri) => {
      const path = authorizePath({ client_id: 'native', redirect_uri, response_mode: 'form_post' })
      const response = await testBrowser(server).get(path)
      expect(faults.splice(0)).toEqual([])
      expect(response.status).toBe(400)
    },
  )

  it('may have the highest port', async () => {
    const path = authorizePath({ client_id: 'native', redirect_uri: 'http://127.0.0.1:65535/callback' })
    expect((await testBrowser(server).get(path)).status).toBe(200)
  })
})

describe('text that is not Unicode, or has a null character', () => {
  it.each([LONE, '\u0000'])('is no id of a client: the "sub" of an assertion %j', async (sub) => {
    const { privateKey } = await generateKeyPair('ES256')
    const client_assertion = await new SignJWT({ sub, iss: sub }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
    const body = { grant_type: 'authorization_code', client_assertion, client_assertion_type: ASSERTION_TYPE }
    await expectRefusal(await post(server, '/token', body), 'invalid_client')
  })

  it.each([LONE, '\u0000'])('is not registered: %j', async (text) => {
    const metadata = { redirect_uris: ['https://a.example/cb'], jwks: { keys: [{ kty: 'EC', kid: text }] } }
    await expectRefusal(await register(JSON.stringify(metadata)), 'invalid_client_metadata')
    const named = { redirect_uris: ['https://a.example/cb'], client_name: `x${text}` }
    await expectRefusal(await register(JSON.stringify(named)), 'invalid_client_metadata')
  })

  it('is no parameter', async () => {
    await expectRefusal(await post(server, '/token', { ...WEB, grant_type: 'a\u0000' }), 'invalid_request')
    const browser = testBrowser(server)
    expect((await browser.get(authorizePath({ login_hint: 'a\u0000' }))).status).toBe(400)
  })

  it.each(['{"userinfo":{"\\ud800":null}}', '{"id_token":{"sub":{"value":"\\u0000"}}}'])(
    'is not in the "claims" parameter: %s',
    async (claims) => {
      await expectRefusal(await post(server, '/par', { ...pushed(), claims }), 'invalid_request')
    },
  )
})

const pushed = (): Readonly<Record<string, string>> => ({
  ...WEB,
  response_type: 'code',
  redirect_uri: CONFIDENTIAL.redirectUris[0] ?? '',
  scope: 'openid',
})

describe('JSON that is nested deeper than the call stack', () => {
  it('is not registered', async () => {
    await expectRefusal(
      await register(`{"redirect_uris":["https://a.example/cb"],"jwks":{"keys":[{"kty":"EC","x":${DEEP.slice(5000, -5000)}}]}}`),
      'invalid_client_metadata',
    )
  })

  it('is not in the "claims" parameter', async () => {
    await expectRefusal(
      await post(server, '/par', { ...pushed(), claims: `{"userinfo":{"a":${DEEP.slice(25_000, -25_000)}}}` }),
      'invalid_request',
    )
  })

  it('is not in a request object', async () => {
    const text = `{"claims":${DEEP.slice(15_000, -15_000)},"iss":"signing","aud":"${ISSUER}","exp":${clock.now() / 1000 + 60}}`
    const { privateKey } = keys
    const request = await new CompactSign(new TextEncoder().encode(text)).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
    await expectRefusal(await post(server, '/par', { client_id: 'signing', request }), 'invalid_request_object')
  })

  it('is accepted where it is flat', async () => {
    const claims = JSON.stringify({ userinfo: { a: { values: deep(12) } } })
    expect((await post(server, '/par', { ...pushed(), claims })).status).toBe(201)
  })
})

describe('a DPoP proof', () => {
  it.each([[{ toString: 1, valueOf: 1 }], [5], [''], [null], [['a']]])(
    'has a "jti" that is text, not %j',
    async (jti: unknown) => {
      const { privateKey, publicKey } = await generateKeyPair('ES256')
      const jwk = await exportJWK(publicKey)
      const claims: Record<string, unknown> = { jti, htm: 'POST', htu: `${ISSUER}/token`, iat: clock.now() / 1000 }
      const proof = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk }).sign(privateKey)
      const body = { ...WEB, grant_type: 'refresh_token', refresh_token: 'x' }
      await expectRefusal(await post(server, '/token', body, { dpop: proof }), 'invalid_dpop_proof')
    },
  )
})

describe('a pushed request that has expired', () => {
  it.each(['GET', 'POST'])('is refused by %s', async (method) => {
    const { request_uri = '' } = await json(await post(server, '/par', pushed()))
    clock.advance(91)
    const url = `${ISSUER}/authorize?${new URLSearchParams({ client_id: 'web', request_uri }).toString()}`
    const body = new URLSearchParams({ action: 'sign-in', username: 'alice', password: 'wonderland' })
    const response = await server.fetch(new Request(url, method === 'GET' ? {} : { method, body }))
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('invalid_request_uri')
  })
})

describe('a scope name that every object has as a member', () => {
  it.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'])('is as good as any other: %s', async (name) => {
    const errors: unknown[] = []
    const scopes = ['openid', name]
    const hooks = { onError: (error: unknown): void => void errors.push(error) }
    const { server: own } = await testServer({ scopes, hooks, clients: [{ ...SPA, requireConsent: true }] })
    const browser = testBrowser(own)
    const consent = await asPage(
      await browser.submit(await asPage(await browser.get(authorizePath({ scope: scopes.join(' ') }))), {
        action: 'sign-in',
        username: 'alice',
        password: 'wonderland',
      }),
    )
    expect(consent.text).toContain(`<bdi>${name}</bdi>`)
    const code = locationOf(await browser.submit(consent, { action: 'consent' })).searchParams.get('code') ?? ''
    const tokens = await json(await redeem(own, code))
    const headers = { authorization: `Bearer ${tokens['access_token'] ?? ''}` }
    expect((await own.fetch(new Request(`${ISSUER}/userinfo`, { headers }))).status).toBe(200)
    expect(errors).toEqual([])
  })
})
