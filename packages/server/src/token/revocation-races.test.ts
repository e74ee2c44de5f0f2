import { describe, expect, it } from 'vitest'
import { memoryStore } from '../storage/memory-store.js'
import { slowStore, type SlowStore } from '../storage/slow-store.fixture.js'
import { storesOver } from '../storage/stores.js'
import type { AuthorizationServer } from '../server/authorization-server.js'
import {
  authorizePath,
  json,
  locationOf,
  redeem,
  signIn,
  testBrowser,
  tokenRequest,
  type TestBrowser,
} from '../server/test-browser.fixture.js'
import { post, verifyToken, WEB } from '../server/test-requests.fixture.js'
import { CONFIDENTIAL, SPA, testClock, testServer, type Clock } from '../server/test-server.fixture.js'
import type { AuthorizationServerOptions } from '../options/server-options.js'
import { authorizationCode } from './grants/authorization-code.js'
import { createIssue } from './grants/create-issue.js'
import type { Grant } from './grants/grant.js'
import { refreshToken } from './grants/refresh-token.js'
import { tokenExchange } from './grants/token-exchange.js'

const SEEDS = Array.from({ length: 8 }, (_, index) => index + 1)
const EXCHANGE = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  ...WEB,
}

interface World extends Pick<SlowStore, 'race'> {
  readonly server: AuthorizationServer
  readonly clock: Clock
}

async function slowServer(options: Partial<AuthorizationServerOptions> = {}): Promise<World> {
  const clock = testClock()
  const { store, race } = slowStore(memoryStore({ now: clock.now }))
  const { server } = await testServer({ stores: storesOver(store), ...options }, clock)
  return { server, clock, race }
}

/** Without a form if the browser is signed in. */
const codeFor = async (browser: TestBrowser, params = {}): Promise<string> => {
  const url = browser.cookies.has('latchkey_5173_session')
    ? locationOf(await browser.get(authorizePath(params)))
    : await signIn(browser, params)
  return url.searchParams.get('code') ?? ''
}
const tokensFor = async (server: AuthorizationServer, code: string): Promise<Record<string, string>> =>
  json(await redeem(server, code))
const refresh = async (server: AuthorizationServer, token = ''): Promise<Record<string, string>> =>
  json(await server.fetch(tokenRequest({ grant_type: 'refresh_token', client_id: 'spa', refresh_token: token })))
const signOut = (browser: TestBrowser, idToken = ''): Promise<Response> =>
  browser.get(`/oauth/end-session?${new URLSearchParams({ id_token_hint: idToken }).toString()}`)
const revoke = (server: AuthorizationServer, token = ''): Promise<Response> =>
  post(server, '/revoke', { client_id: 'spa', token })

/** No token of these responses works any more. */
async function expectDead(server: AuthorizationServer, ...responses: readonly Record<string, string>[]): Promise<void> {
  for (const { access_token: access, refresh_token: renewal } of responses) {
    if (access !== undefined) expect((await verifyToken(server, access)).ok, 'access token').toBe(false)
    if (renewal !== undefined) expect((await refresh(server, renewal))['error'], 'refresh token').toBe('invalid_grant')
  }
}

describe.each([false, true])('on a slow store, with uniqueTokens: %s, no token is alive', (uniqueTokens) => {
  it.each(SEEDS)('after a sign-out while its code is redeemed (%i)', async (seed) => {
    const { server, race } = await slowServer({ uniqueTokens })
    const browser = testBrowser(server)
    const first = await tokensFor(server, await codeFor(browser))
    const code = await codeFor(browser)
    const [second] = await race(seed, [() => tokensFor(server, code), () => signOut(browser, first['id_token'])])
    await expectDead(server, first, second)
  })

  it.each(SEEDS)('after a sign-out while it is refreshed (%i)', async (seed) => {
    const { server, race } = await slowServer({ uniqueTokens })
    const browser = testBrowser(server)
    const first = await tokensFor(server, await codeFor(browser))
    const tasks = [() => refresh(server, first['refresh_token']), () => signOut(browser, first['id_token'])] as const
    const [second] = await race(seed, [...tasks])
    await expectDead(server, second)
  })

  it.each(SEEDS)('after its code was used twice (%i)', async (seed) => {
    const { server, race } = await slowServer({ uniqueTokens })
    const code = await codeFor(testBrowser(server))
    const both = await race(seed, [() => tokensFor(server, code), () => tokensFor(server, code)])
    await expectDead(server, ...both)
  })

  it.each(SEEDS)('after it was revoked while another sign-in gets the same (%i)', async (seed) => {
    const { server, race } = await slowServer({ uniqueTokens })
    const first = await tokensFor(server, await codeFor(testBrowser(server)))
    const code = await codeFor(testBrowser(server))
    await race(seed, [() => tokensFor(server, code), () => revoke(server, first['access_token'])])
    expect((await verifyToken(server, first['access_token'])).ok).toBe(false)
  })

  it.each(SEEDS)('after its refresh token was revoked while it is refreshed (%i)', async (seed) => {
    const { server, race } = await slowServer({ uniqueTokens })
    const first = await tokensFor(server, await codeFor(testBrowser(server)))
    const tasks = [() => refresh(server, first['refresh_token']), () => revoke(server, first['refresh_token'])] as const
    const [second] = await race(seed, [...tasks])
    await expectDead(server, first, second)
  })
})

describe('on a slow store, unique tokens', () => {
  it.each(SEEDS)('end with each of the sessions that got them at the same time (%i)', async (seed) => {
    for (const which of [0, 1]) {
      const { server, race } = await slowServer({ uniqueTokens: true })
      await tokensFor(server, await codeFor(testBrowser(server)))
      const browsers = [testBrowser(server), testBrowser(server)]
      const [one, other] = [await codeFor(browsers[0] ?? testBrowser(server)), await codeFor(browsers[1] ?? testBrowser(server))]
      const both = await race(seed, [() => tokensFor(server, one), () => tokensFor(server, other)])
      await signOut(browsers[which] ?? testBrowser(server), both[which]?.['id_token'])
      await expectDead(server, both[which] ?? {})
    }
  })

  it('end with every session also after a refresh, and after many sign-ins', async () => {
    const { server } = await slowServer({ uniqueTokens: true })
    const first = await tokensFor(server, await codeFor(testBrowser(server)))
    const browser = testBrowser(server)
    const second = await tokensFor(server, await codeFor(browser))
    expect(second['access_token']).toBe(first['access_token'])
    const third = await refresh(server, first['refresh_token'])
    const others: string[] = []
    for (let turn = 0; turn < 12; turn += 1)
      others.push((await tokensFor(server, await codeFor(testBrowser(server))))['access_token'] ?? '')
    expect(new Set(others).size).toBe(2)
    await signOut(browser, second['id_token'])
    await expectDead(server, first, third)
  })
})

describe('on a slow store', () => {
  it.each(SEEDS)('a sign-out ends a session that signs in again meanwhile (%i)', async (seed) => {
    const { server, race } = await slowServer()
    const browser = testBrowser(server)
    const { id_token: hint } = await tokensFor(server, await codeFor(browser))
    const again = testBrowser(server)
    for (const [name, value] of browser.cookies) again.cookies.set(name, value)
    const [url] = await race(seed, [() => signIn(again, { prompt: 'login' }), () => signOut(browser, hint)])
    await tokensFor(server, url.searchParams.get('code') ?? '')
    const response = locationOf(await again.get(authorizePath({ prompt: 'none' }))).searchParams
    if (response.has('error')) expect(response.get('error')).toBe('login_required')
    // The sign-out came first: then the session is another one, whose tokens are valid.
    else expect((await verifyToken(server, (await tokensFor(server, response.get('code') ?? ''))['access_token'])).ok).toBe(true)
  })

  it.each(SEEDS)('no token is alive that was exchanged while its subject token was revoked (%i)', async (seed) => {
    const api = 'https://api.example/'
    const clients = [SPA, { ...CONFIDENTIAL, servedResources: [api] }]
    const { server, race } = await slowServer({ clients, grants: [authorizationCode(), refreshToken(), tokenExchange()] })
    const { access_token: token = '' } = await tokensFor(server, await codeFor(testBrowser(server), { resource: api }))
    const exchange = async (): Promise<Record<string, string>> =>
      json(await server.fetch(tokenRequest({ ...EXCHANGE, subject_token: token })))
    const [exchanged] = await race(seed, [exchange, () => revoke(server, token)])
    await expectDead(server, exchanged)
  })

  it.each(SEEDS)('no token is alive that lives longer than its grant says, also later (%i)', async (seed) => {
    const long: Grant = {
      grantType: 'urn:example:long',
      async handle(request) {
        const issue = await createIssue(request, { userId: 'alice', expiresIn: 8_640_000, scope: 'openid' })
        return { ...issue, families: ['the same'] }
      },
    }
    const { server, race, clock } = await slowServer({ grants: [long, refreshToken({ expiresIn: 100 })] })
    const get = async (): Promise<Record<string, string>> =>
      json(await server.fetch(tokenRequest({ grant_type: 'urn:example:long', client_id: 'spa', scope: 'openid' })))
    const first = await get()
    const [second] = await race(seed, [get, () => revoke(server, first['refresh_token'])])
    await expectDead(server, { access_token: second['access_token'] ?? '' })
    clock.advance(86_400)
    await expectDead(server, { access_token: second['access_token'] ?? '' })
    expect((await verifyToken(server, first['access_token'])).ok).toBe(false)
  })
})
