import { describe, expect, it } from 'vitest'
import { dpopKey } from '../dpop/dpop-proof.fixture.js'
import { device } from '../device/device.js'
import { authorizationCode } from '../../token/grants/authorization-code.js'
import type { AtomicStore } from '../../storage/atomic-store.js'
import { digest } from '../../storage/digest.js'
import { memoryStore } from '../../storage/memory-store.js'
import { storesOver } from '../../storage/stores.js'
import {
  asPage,
  authorizePath,
  json,
  locationOf,
  redeem,
  signIn,
  testBrowser,
  tokenRequest,
} from '../../server/test-browser.fixture.js'
import { CONFIDENTIAL, ISSUER, SPA, testClock, testServer, VERIFIER, type TestServer } from '../../server/test-server.fixture.js'
import { par } from './par.js'
import { post } from '../../server/test-requests.fixture.js'

const WEB = { client_id: 'web', client_secret: CONFIDENTIAL.clientSecret ?? '' }

function send({ server }: TestServer, path: string, body: string | Record<string, string>, headers: Record<string, string> = {}) {
  return server.fetch(new Request(ISSUER + path, { method: 'POST', body: new URLSearchParams(body), headers }))
}

describe('a pushed authorization request', () => {
  it('is stored without the client’s credentials', async () => {
    const clock = testClock()
    const store = memoryStore({ now: clock.now })
    const written: string[] = []
    const watched: AtomicStore = {
      ...store,
      get: (key) => store.get(key),
      set: (key, value, expiresAt) => (written.push(JSON.stringify(value)), store.set(key, value, expiresAt)),
    }
    const server = await testServer({ stores: storesOver(watched) }, clock)
    const params = new URL(authorizePath({ redirect_uri: CONFIDENTIAL.redirectUris[0] }), ISSUER).searchParams
    const pushed = await send(server, '/par', { ...Object.fromEntries(params), ...WEB })
    expect(pushed.status).toBe(201)
    expect(written.join(' ')).toContain('response_type')
    expect(written.join(' ')).not.toContain('client_secret')
  })

  it('is refused if it is large: anonymous senders fill the store', async () => {
    const test = await testServer()
    const params = Object.fromEntries(new URL(authorizePath(), ISSUER).searchParams)
    const push = (more: Record<string, string>): Promise<Response> => send(test, '/par', { ...params, ...more })
    for (const name of ['state', 'nonce', 'login_hint', 'unknown'])
      expect((await push({ [name]: 'x'.repeat(3000) })).status, name).toBe(400)
    const many = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`p${index}`, 'x'.repeat(2000)]))
    expect(await json(await push(many))).toMatchObject({ error: 'invalid_request' })
    expect((await push({ state: 'x'.repeat(2000) })).status).toBe(201)
  })

  it('is not found by another reference, which would make it valid again', async () => {
    const test = await testServer()
    const browser = testBrowser(test.server)
    const params = Object.fromEntries(new URL(authorizePath(), ISSUER).searchParams)
    const { request_uri: uri = '' } = await json(await send(test, '/par', params))
    const pathOf = (request_uri: string): string =>
      `/oauth/authorize?${new URLSearchParams({ client_id: 'spa', request_uri }).toString()}`
    const page = await asPage(await browser.get(pathOf(uri)))
    const done = await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' })
    expect(locationOf(done).searchParams.has('code')).toBe(true)
    expect((await browser.get(pathOf(uri))).status).toBe(400)
    const other = await browser.get(pathOf(`urn:ietf:params:oauth:request_uri:x.${await digest(uri)}`))
    expect([other.status, other.headers.get('location')]).toEqual([400, null])
  })

  it.each([{ action: 'deny' }, { prompt: 'none' }])('is used up by an error too: %j', async ({ action, prompt }) => {
    const test = await testServer()
    const browser = testBrowser(test.server)
    await signIn(browser)
    const params = Object.fromEntries(new URL(authorizePath({ prompt: prompt ?? 'consent' }), ISSUER).searchParams)
    const { request_uri: uri = '' } = await json(await send(test, '/par', params))
    const path = `/oauth/authorize?${new URLSearchParams({ client_id: 'spa', request_uri: uri }).toString()}`
    if (prompt) {
      expect(locationOf(await testBrowser(test.server).get(path)).searchParams.get('error')).toBe('login_required')
      expect((await browser.get(path)).status).toBe(400)
      return
    }
    const page = await asPage(await browser.get(path))
    expect(locationOf(await browser.submit(page, { action: action ?? '' })).searchParams.get('error')).toBe('access_denied')
    // The back button, or a second tab.
    const again = await browser.submit(page, { action: 'consent' })
    expect([again.status, again.headers.get('location')]).toEqual([400, null])
  })

  it('with a DPoP proof issues a code for that key only (RFC 9449, section 10.1)', async () => {
    const test = await testServer()
    const [key, stranger] = [await dpopKey(test.clock), await dpopKey(test.clock)]
    const params = Object.fromEntries(new URL(authorizePath(), ISSUER).searchParams)
    const push = async (more = {}): Promise<Record<string, string>> =>
      json(await send(test, '/par', { ...params, ...more }, { dpop: await key.proof({ htu: `${ISSUER}/par` }) }))
    const { request_uri: uri = '' } = await push()
    const browser = testBrowser(test.server)
    const path = `/oauth/authorize?${new URLSearchParams({ client_id: 'spa', request_uri: uri }).toString()}`
    const page = await asPage(await browser.get(path))
    const result = await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' })
    const body = {
      grant_type: 'authorization_code',
      client_id: 'spa',
      redirect_uri: SPA.redirectUris[0] ?? '',
      code: locationOf(result).searchParams.get('code') ?? '',
      code_verifier: VERIFIER,
    }
    const refused = await test.server.fetch(tokenRequest(body, { dpop: await stranger.proof() }))
    expect((await json(refused))['error']).toBe('invalid_grant')
    expect((await push({ dpop_jkt: stranger.jkt }))['error']).toBe('invalid_dpop_proof')
    expect(await push({ dpop_jkt: key.jkt })).toHaveProperty('request_uri')
  })
})

describe('endpoints for clients', () => {
  it('refuse a repeated parameter (RFC 6749, section 3.2)', async () => {
    const test = await testServer({ features: [device()] })
    for (const [path, body] of [
      ['/par', `${authorizePath().split('?')[1] ?? ''}&scope=email`],
      ['/revoke', 'client_id=spa&token=x&token=y'],
      ['/introspect', 'client_id=spa&token=x&token=y'],
      ['/device_authorization', 'client_id=spa&scope=openid&scope=email'],
    ] as const) {
      const response = await send(test, path, body)
      expect([response.status, (await json(response))['error']], path).toEqual([400, 'invalid_request'])
    }
  })

  it('issue device codes only to clients that may use them', async () => {
    // covers C-054
    const clients = [{ ...SPA, grantTypes: ['authorization_code'] }]
    const test = await testServer({ clients, features: [device()] })
    const response = await send(test, '/device_authorization', { client_id: 'spa', scope: 'openid' })
    expect((await json(response))['error']).toBe('unauthorized_client')
  })

  it('forbid caching of a revocation response', async () => {
    const response = await send(await testServer(), '/revoke', { client_id: 'spa', token: 'unknown' })
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('accept DPoP proofs by the announced asymmetric algorithms only (RFC 9449, section 4.2)', async () => {
    const test = await testServer()
    const proofBy = async (alg: string): Promise<string | undefined> => {
      const dpop = await (await dpopKey(test.clock, alg)).proof()
      return (
        await json(
          await test.server.fetch(tokenRequest({ grant_type: 'refresh_token', client_id: 'spa', refresh_token: 'x' }, { dpop })),
        )
      )['error']
    }
    expect(await proofBy('ES256')).toBe('invalid_grant')
    expect(await proofBy('ES512')).toBe('invalid_dpop_proof')
    expect(await proofBy('RS512')).toBe('invalid_dpop_proof')
  })
})

describe('a code that was redeemed', () => {
  it('stays redeemed, and its family revoked, until all of its tokens have expired', async () => {
    // covers C-028
    const test = await testServer({ grants: [authorizationCode({ expiresIn: 86_400 })] })
    const browser = testBrowser(test.server)
    const page = await asPage(await browser.get(authorizePath()))
    const result = await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' })
    const code = locationOf(result).searchParams.get('code') ?? ''
    const { access_token: token } = await json(await redeem(test.server, code))
    await redeem(test.server, code)
    const request = new Request(ISSUER, { headers: { authorization: `Bearer ${token}` } })
    expect((await test.server.verifyRequest(request)).ok).toBe(false)
    test.clock.advance(86_399)
    expect((await test.server.verifyRequest(request)).ok).toBe(false)
  })
})

describe('pushed authorization requests (RFC 9126)', () => {
  const params = Object.fromEntries(new URL(authorizePath(), ISSUER).searchParams)

  it('are checked when they are pushed, and valid once', async () => {
    const { server, clock } = await testServer()
    const pushed = await json(await post(server, '/par', params))
    expect(pushed).toMatchObject({ expires_in: 90, request_uri: expect.stringContaining('urn:ietf:params:oauth:request_uri:') })
    const path = `/oauth/authorize?${new URLSearchParams({ client_id: 'spa', request_uri: pushed['request_uri'] ?? '', scope: 'phone' }).toString()}`
    const browser = testBrowser(server)
    const page = await asPage(await browser.get(path))
    clock.advance(200)
    const callback = locationOf(await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' }))
    const tokens = await json(await redeem(server, callback.searchParams.get('code') ?? ''))
    expect(tokens['scope']).toBe('openid profile email')
    expect((await browser.get(path)).status).toBe(400)
  })

  it('are refused by the rules of the authorization endpoint, and for nested references', async () => {
    const { server } = await testServer()
    expect((await json(await post(server, '/par', { ...params, code_challenge: '' })))['error']).toBe('invalid_request')
    expect((await json(await post(server, '/par', { ...params, redirect_uri: 'https://evil.test/' })))['error']).toBe(
      'invalid_request',
    )
    expect((await json(await post(server, '/par', { ...params, request_uri: 'urn:x' })))['error']).toBe('invalid_request')
    expect((await post(server, '/par', { ...params, client_id: 'unknown' })).status).toBe(401)
  })

  it('are invalid for another client, and after their expiry', async () => {
    const { server, clock } = await testServer({ clients: [SPA, { ...SPA, clientId: 'other' }] })
    const { request_uri: uri = '' } = await json(await post(server, '/par', params))
    const get = (client_id: string): Promise<Response> =>
      testBrowser(server).get(`/oauth/authorize?${new URLSearchParams({ client_id, request_uri: uri }).toString()}`)
    expect((await get('other')).status).toBe(400)
    expect((await get('spa')).status).toBe(200)
    clock.advance(91)
    expect((await get('spa')).status).toBe(400)
  })

  it('can be required, of all clients or of one', async () => {
    for (const options of [
      { features: [par({ required: true })] },
      { clients: [{ ...SPA, requirePushedAuthorizationRequests: true }] },
    ]) {
      const { server } = await testServer(options)
      expect(locationOf(await testBrowser(server).get(authorizePath())).searchParams.get('error')).toBe('invalid_request')
    }
  })
})

describe('how long a pushed request is stored', () => {
  const LARGE = 'x'.repeat(2000)
  const started = async (): Promise<{
    readonly push: (params?: Readonly<Record<string, string>>) => Promise<string>
    readonly browser: () => ReturnType<typeof testBrowser>
    readonly clock: TestServer['clock']
    /** Seconds until the last of the large values leaves the store; undefined if there is none. */
    readonly left: () => number | undefined
  }> => {
    const clock = testClock()
    const entries = new Map<string, number>()
    const store = memoryStore({ now: clock.now })
    const note = (key: string, value: unknown, expiresAt = Infinity): void =>
      void (JSON.stringify(value).includes(LARGE) && entries.set(key, expiresAt))
    const watched: AtomicStore = {
      get: (key) => store.get(key),
      delete: (key) => (entries.delete(key), store.delete(key)),
      set: (key, value, expiresAt) => (note(key, value, expiresAt), store.set(key, value, expiresAt)),
      add: (key, value, expiresAt) => (note(key, value, expiresAt), store.add(key, value, expiresAt)),
    }
    const test = await testServer({ stores: storesOver(watched), guessLimits: false }, clock)
    return {
      clock,
      browser: () => testBrowser(test.server),
      left: () => (entries.size === 0 ? undefined : (Math.max(...entries.values()) - clock.now()) / 1000),
      push: async (more = {}) => {
        const params = Object.fromEntries(new URL(authorizePath({ state: LARGE, ...more }), ISSUER).searchParams)
        const { request_uri: uri = '' } = await json(await send(test, '/par', params))
        return `/oauth/authorize?${new URLSearchParams({ client_id: 'spa', request_uri: uri }).toString()}`
      },
    }
  }
  const ALICE = { action: 'sign-in', username: 'alice', password: 'wonderland' }

  it('is ten minutes from the push, whatever a visitor without a session does', async () => {
    const { push, browser, clock, left } = await started()
    const path = await push()
    expect(left()).toBe(90)
    clock.advance(80)
    const visitor = browser()
    const page = await asPage(await visitor.get(path))
    await visitor.get(path)
    expect(left()).toBe(520)
    clock.advance(500)
    await visitor.submit(page, { ...ALICE, password: 'wrong' })
    await visitor.submit(page, { action: 'no-such' })
    expect(left()).toBe(20)
    clock.advance(21)
    expect((await visitor.submit(page, ALICE)).status).toBe(400)
  })

  it('is an hour for the pages of a user who has signed in, no matter who else opens it', async () => {
    const { push, browser, clock, left } = await started()
    const path = await push({ prompt: 'consent' })
    const alice = browser()
    const first = await asPage(await alice.get(path))
    const consent = await asPage(await alice.submit(first, ALICE))
    await browser().get(path)
    expect(left()).toBe(3690)
    clock.advance(3000)
    const done = await alice.submit(consent, { action: 'consent' })
    expect(locationOf(done).searchParams.has('code')).toBe(true)
    expect((await alice.submit(consent, { action: 'consent' })).status).toBe(400)
  })

  it.each([{ prompt: 'none' }, {}])('ends when it is used, also by an error: %o', async (params) => {
    const { push, browser, left } = await started()
    const visitor = browser()
    const response = await visitor.get(await push(params))
    if (response.status === 200) await visitor.submit(await asPage(response), ALICE)
    expect(left()).toBeUndefined()
  })

  it('is not started again by a page that opens at the moment of the use', async () => {
    const { push, browser, left } = await started()
    const path = await push({ prompt: 'consent' })
    const alice = browser()
    const consent = await asPage(await alice.submit(await asPage(await alice.get(path)), ALICE))
    await Promise.all([alice.submit(consent, { action: 'consent' }), alice.get(path), browser().get(path)])
    expect(left()).toBeUndefined()
    expect((await alice.get(path)).status).toBe(400)
  })
})
