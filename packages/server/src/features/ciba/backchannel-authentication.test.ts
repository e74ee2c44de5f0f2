import { registration } from '../registration/registration.js'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { decide, APPROVE, cibaServer, openApprovals, requestsOn, TILL } from './ciba.fixture.js'
import type { BackchannelRequest } from './ciba-settings.js'
import { ciba } from './ciba.js'
import { OAuthError } from '../../http/oauth-error.js'
import type { AuditEvent } from '../../options/server-hooks.js'
import { clientStore } from '../../storage/client-store.js'
import { memoryStore } from '../../storage/memory-store.js'
import { storesOver } from '../../storage/stores.js'
import { asPage, json, redeem, signIn, testBrowser } from '../../server/test-browser.fixture.js'
import { ISSUER, testServer } from '../../server/test-server.fixture.js'

const errorOf = async (response: Response): Promise<string> => `${response.status} ${(await json(response))['error']}`

describe('backchannel authentication endpoint (CIBA Core 1.0, section 7)', () => {
  it('responds to a minimal request with an id to poll with', async () => {
    const { ask } = await cibaServer()
    const response = await ask({ scope: 'openid' })
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({
      auth_req_id: expect.stringMatching(/^[\w-]{43}$/),
      expires_in: 300,
      interval: 5,
    })
  })

  it.each([
    ['no scope', { scope: undefined }, '400 invalid_request'],
    ['a scope without "openid"', { scope: 'email' }, '400 invalid_scope'],
    ['a scope that is written wrongly', { scope: 'openid  "' }, '400 invalid_scope'],
    ['no hint', { login_hint: undefined }, '400 invalid_request'],
    ['an empty hint', { login_hint: '' }, '400 invalid_request'],
    ['two hints', { id_token_hint: 'x' }, '400 invalid_request'],
    ['a hint that identifies no user', { login_hint: 'mallory' }, '400 unknown_user_id'],
    ['a login_hint_token that nothing can read', { login_hint: undefined, login_hint_token: 'x' }, '400 invalid_request'],
    ['an invalid id_token_hint', { login_hint: undefined, id_token_hint: 'a.b.c' }, '400 invalid_request'],
    ['a binding message of two lines', { binding_message: 'one\ntwo' }, '400 invalid_binding_message'],
    ['a binding message that turns the writing', { binding_message: 'a\u202Eb' }, '400 invalid_binding_message'],
    ['a binding message that is too long', { binding_message: 'x'.repeat(101) }, '400 invalid_binding_message'],
    ['an expiry of no time', { requested_expiry: '0' }, '400 invalid_request'],
    ['an expiry that is no whole number', { requested_expiry: '1.5' }, '400 invalid_request'],
    ['an expiry in the past', { requested_expiry: '-5' }, '400 invalid_request'],
    ['a signed request', { request: 'a.b.c' }, '400 request_not_supported'],
    ['an invalid resource', { resource: '#' }, '400 invalid_target'],
    ['a wrong secret', { client_secret: 'wrong' }, '401 invalid_client'],
    ['no authentication', { client_secret: undefined }, '401 invalid_client'],
    ['a public client', { client_id: 'spa', client_secret: undefined }, '400 unauthorized_client'],
  ])('refuses %s', async (_, params, expected) => {
    const { ask, server } = await cibaServer()
    expect(await errorOf(await ask(params))).toBe(expected)
    expect((await decide(server, 'approve')).text).not.toContain('Approved')
  })

  it('refuses a repeated parameter, another method and another content type', async () => {
    const { server } = await cibaServer()
    const url = `${ISSUER}/backchannel_authentication`
    const body = new URLSearchParams([
      ['client_id', 'till'],
      ['scope', 'openid'],
      ['scope', 'email'],
    ])
    expect(await errorOf(await server.fetch(new Request(url, { method: 'POST', body })))).toBe('400 invalid_request')
    expect((await server.fetch(new Request(url))).status).toBe(405)
    const wrong = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
    expect((await server.fetch(new Request(url, wrong))).status).toBe(415)
  })

  it.each([
    ['other grant types', { grantTypes: ['client_credentials'] }, 'unauthorized_client'],
    ['the delivery mode "ping"', { backchannelTokenDeliveryMode: 'ping' }, 'unauthorized_client'],
    ['a scope without "openid"', { scope: 'email' }, 'invalid_scope'],
  ])('refuses a client that is registered for %s', async (_, more, expected) => {
    const { ask } = await cibaServer({}, { clients: [{ ...TILL, ...more }] })
    expect(await errorOf(await ask())).toBe(`400 ${expected}`)
  })

  it('lets the client choose the lifetime of a request, within limits', async () => {
    const { ask } = await cibaServer({ requestLifetime: 60, longestLifetime: 120, interval: 2 })
    const seconds = async (params = {}): Promise<unknown> => (await json(await ask(params)))['expires_in']
    expect([await seconds(), await seconds({ requested_expiry: '5' }), await seconds({ requested_expiry: '86400' })]).toEqual([
      60, 5, 120,
    ])
    expect(() => ciba({ requestLifetime: 1000 })).toThrow(/requestLifetime/)
    expect(() => ciba({ maxAge: 0 })).toThrow(/maxAge/)
  })

  it('accepts an ID token of this client as a hint, even an expired one, and no other', async () => {
    const { ask, server, clock, start, poll } = await cibaServer()
    const id = await start()
    await decide(server, 'approve')
    const own = (await json(await poll(id)))['id_token']
    const { id_token: foreign } = await json(
      await redeem(server, (await signIn(testBrowser(server))).searchParams.get('code') ?? ''),
    )
    clock.advance(86_400)
    expect((await ask({ login_hint: undefined, id_token_hint: own })).status).toBe(200)
    expect(await errorOf(await ask({ login_hint: undefined, id_token_hint: foreign }))).toBe('400 invalid_request')
  })

  it('finds a user by id, user name and e-mail address', async () => {
    const { ask } = await cibaServer()
    for (const login_hint of ['alice', 'bob', 'alice@example.com']) expect((await ask({ login_hint })).status).toBe(200)
  })

  it('reads a login_hint_token if a hook can', async () => {
    const { ask } = await cibaServer({
      readLoginHintToken(token, { clientId }) {
        if (token === 'old') throw new OAuthError('expired_login_hint_token', 'the token is too old')
        return token === `for ${clientId}` ? 'alice' : undefined
      },
    })
    const hinted = (login_hint_token: string): Promise<Response> => ask({ login_hint: undefined, login_hint_token })
    expect((await hinted('for till')).status).toBe(200)
    expect(await errorOf(await hinted('for an unknown user'))).toBe('400 unknown_user_id')
    expect(await errorOf(await hinted('old'))).toBe('400 expired_login_hint_token')
    expect(await errorOf(await ask({ login_hint_token: 'for till' }))).toBe('400 invalid_request')
  })

  it('lets a hook check the user code', async () => {
    const { ask, server } = await cibaServer({ checkUserCode: ({ userCode, userId }) => userCode === `${userId} 1234` })
    expect(await errorOf(await ask())).toBe('400 missing_user_code')
    expect(await errorOf(await ask({ user_code: 'alice 1' }))).toBe('400 invalid_user_code')
    expect((await ask({ user_code: 'alice 1234' })).status).toBe(200)
    const metadata = await json(await server.fetch(new Request(`${ISSUER}/.well-known/openid-configuration`)))
    expect(metadata['backchannel_user_code_parameter_supported']).toBe(true)
  })

  it('notifies the user by a hook, which never receives the auth_req_id', async () => {
    const notified: BackchannelRequest[] = []
    const { start, clock } = await cibaServer({ notifyUser: (request) => void notified.push(request) })
    const id = await start({ binding_message: 'W4SCT', acr_values: 'gold silver' })
    expect(notified).toEqual([
      {
        requestId: expect.stringMatching(/^[\w-]{43}$/),
        client: TILL,
        userId: 'alice',
        scope: ['openid', 'email'],
        authorizationDetails: [],
        bindingMessage: 'W4SCT',
        acrValues: ['gold', 'silver'],
        expiresAt: clock.now() + 300_000,
        approvalUri: `${APPROVE}?request=${notified[0]?.requestId}`,
      },
    ])
    expect(JSON.stringify(notified)).not.toContain(id)
  })

  it('withdraws a request if the user cannot be notified', async () => {
    const faults: unknown[] = []
    let failure: Error = new Error('no push service')
    const notifyUser = (): Promise<void> => Promise.reject(failure)
    const { ask, server } = await cibaServer({ notifyUser }, { hooks: { onError: (error) => faults.push(error) } })
    expect(await errorOf(await ask())).toBe('500 server_error')
    expect(faults).toEqual([failure])
    failure = new OAuthError('access_denied', 'not at night', { status: 403 })
    expect(await errorOf(await ask())).toBe('403 access_denied')
    expect((await decide(server, 'approve')).text).not.toContain('Approved')
  })

  it('lets ten requests wait for a user, and no more until one is decided or expires', async () => {
    const { ask, server, clock } = await cibaServer()
    for (let count = 0; count < 10; count += 1) expect((await ask()).status).toBe(200)
    expect(await errorOf(await ask())).toBe('429 temporarily_unavailable')
    expect((await ask({ login_hint: 'bob' })).status).toBe(200)
    await decide(server, 'deny')
    expect((await ask()).status).toBe(200)
    expect((await ask()).status).toBe(429)
    clock.advance(301)
    expect((await ask()).status).toBe(200)
  })

  it('leaves places for other clients, whatever one client requests', async () => {
    const KIOSK = { ...TILL, clientId: 'kiosk', clientSecret: 'paper and ink' }
    const { ask, server, clock } = await cibaServer({}, { clients: [TILL, KIOSK] })
    const ten = Array.from({ length: 10 }, () => 200)
    const kiosk = { client_id: 'kiosk', client_secret: KIOSK.clientSecret }
    const statuses = await Promise.all(Array.from({ length: 30 }, () => ask().then(({ status }) => status)))
    expect(statuses.filter((status) => status === 200)).toEqual(ten)
    expect([(await ask(kiosk)).status, (await ask(kiosk)).status, (await ask(kiosk)).status]).toEqual([200, 200, 429])
    expect((await ask()).status).toBe(429)
    const { page } = await openApprovals(server)
    expect(new Set(requestsOn(page)).size).toBe(12)
    clock.advance(301)
    expect((await ask(kiosk)).status).toBe(200)
  })

  it('lets a client whose requests the user denies wait for their expiry, after three of them', async () => {
    const { ask, server, clock } = await cibaServer()
    const { browser } = await openApprovals(server)
    const denyNext = async (): Promise<void> => {
      const current = await asPage(await browser.get(APPROVE), APPROVE)
      await browser.submit(current, { request: requestsOn(current)[0] ?? '', decision: 'deny' })
    }
    let count = 0
    for (; count < 40 && (await ask()).status === 200; count += 1) await denyNext()
    expect(count).toBe(13)
    clock.advance(301)
    expect((await ask()).status).toBe(200)
  })

  it.each(['/backchannel_authentication', '/token', ''])('accepts a client assertion for "%s" (section 7.1)', async (path) => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const key = { ...(await exportJWK(publicKey)), alg: 'ES256' }
    const signed = { clientId: 'till', redirectUris: [], tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys: [key] } }
    const { ask, clock } = await cibaServer({}, { clients: [signed] })
    const now = clock.now() / 1000
    const assertion = await new SignJWT({ iss: 'till', sub: 'till', aud: `${ISSUER}${path}`, iat: now, exp: now + 60, jti: '1' })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(privateKey)
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    const params = { client_secret: undefined, client_assertion: assertion, client_assertion_type: type }
    expect((await ask(params)).status).toBe(200)
    expect(await errorOf(await ask(params))).toBe('401 invalid_client')
  })

  it('is in the metadata only if the feature is added', async () => {
    const paths = ['/.well-known/openid-configuration', '/backchannel_authentication', '/approve']
    const { server } = await cibaServer()
    expect(await json(await server.fetch(new Request(ISSUER + paths[0])))).toMatchObject({
      backchannel_authentication_endpoint: `${ISSUER}/backchannel_authentication`,
      backchannel_token_delivery_modes_supported: ['poll'],
      backchannel_user_code_parameter_supported: false,
      grant_types_supported: expect.arrayContaining(['urn:openid:params:grant-type:ciba']),
    })
    const { server: plain } = await testServer()
    const responses = await Promise.all(paths.map((path) => plain.fetch(new Request(ISSUER + path))))
    expect(responses.map(({ status }) => status)).toEqual([200, 404, 404])
    expect(await responses[0]?.text()).not.toContain('backchannel_authentication')
  })

  it('is subject to the rate limit, like its page', async () => {
    const rateLimit = ({ endpoint }: { endpoint: string }): number =>
      endpoint === '/backchannel_authentication' || endpoint === '/approve' ? 7 : 0
    const { ask, server } = await cibaServer({}, { hooks: { rateLimit } })
    for (const response of [await ask(), await server.fetch(new Request(APPROVE))])
      expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7'])
  })

  it('emits audit events about the request and its decision, without a secret', async () => {
    // covers C-081
    const events: AuditEvent[] = []
    const { start, ask, server, poll } = await cibaServer({}, { hooks: { onEvent: (event) => void events.push(event) } })
    const id = await start()
    await ask({ scope: undefined })
    await decide(server, 'approve')
    await poll(id)
    await start()
    await decide(server, 'deny')
    const grantType = 'urn:openid:params:grant-type:ciba'
    const about = { clientId: 'till', userId: 'alice', scope: 'openid email', grantType }
    for (const type of ['authorization.requested', 'authorization.granted', 'token.issued', 'authorization.denied'])
      expect(events).toContainEqual({ type, ...about, at: expect.any(Number) })

    expect(events).toContainEqual(
      expect.objectContaining({ type: 'authorization.failed', clientId: 'till', grantType, error: 'invalid_request' }),
    )
    expect(JSON.stringify(events)).not.toContain(id)
  })

  it('leaves no auth_req_id in the store', async () => {
    const values: unknown[] = []
    const store = memoryStore()
    const spied = {
      ...store,
      set: (key: string, value: unknown, expiresAt?: number) => (values.push(key, value), store.set(key, value, expiresAt)),
      add: (key: string, value: unknown, expiresAt?: number) => (values.push(key, value), store.add(key, value, expiresAt)),
    }
    const { start, server, outcome } = await cibaServer({}, { stores: storesOver(spied), now: Date.now })
    const id = await start()
    await decide(server, 'approve')
    expect(await outcome(id)).toBe('ok')
    expect(JSON.stringify(values)).toContain('ciba:')
    expect(JSON.stringify(values)).not.toContain(id)
  })

  it('can be registered in poll mode only (section 4)', async () => {
    const clients = clientStore(memoryStore())
    const { server } = await cibaServer({}, { clients }, [registration({ grantTypes: ['urn:openid:params:grant-type:ciba'] })])
    const register = (mode: string): Promise<Response> =>
      server.fetch(
        new Request(`${ISSUER}/register`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            grant_types: ['urn:openid:params:grant-type:ciba'],
            backchannel_token_delivery_mode: mode,
          }),
        }),
      )
    const registered = await register('poll')
    expect(registered.status).toBe(201)
    expect(await json(registered)).toMatchObject({ backchannel_token_delivery_mode: 'poll' })
    expect(await errorOf(await register('push'))).toBe('400 invalid_client_metadata')
  })
})
