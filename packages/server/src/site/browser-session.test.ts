import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { authorizationCode } from '../token/grants/authorization-code.js'
import type { AtomicStore } from '../storage/atomic-store.js'
import { memoryStore } from '../storage/memory-store.js'
import { storesOver } from '../storage/stores.js'
import {
  asPage,
  authorizePath,
  json,
  locationOf,
  redeem,
  signIn,
  testBrowser,
  type TestBrowser,
} from '../server/test-browser.fixture.js'
import { ALICE, ISSUER, SPA, testClock, testServer, type TestServer } from '../server/test-server.fixture.js'
import { userSite } from './user-site.js'

const APPS = ['a', 'b', 'c'].map((clientId) => ({ ...SPA, clientId, backchannelLogoutUri: `https://${clientId}.example/out` }))

/** A server that records its logout notices. */
async function notifyingServer(
  options: Parameters<typeof testServer>[0] = {},
): Promise<TestServer & { readonly notices: string[] }> {
  const notices: string[] = []
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const token = new URLSearchParams(await new Request(input, init).text()).get('logout_token') ?? ''
    const { aud, sub } = decodeJwt(token)
    notices.push(`${String(aud)}: ${sub}`)
    return new Response()
  }
  return { ...(await testServer({ clients: [SPA, ...APPS], fetch, ...options })), notices }
}

/** A store that takes its time, so that concurrent requests meet. */
function slowly(store: AtomicStore): AtomicStore {
  const wait = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  return {
    get: async (key) => (await wait(), store.get(key)),
    set: async (key, value, expiresAt) => (await wait(), store.set(key, value, expiresAt)),
    add: async (key, value, expiresAt) => (await wait(), store.add(key, value, expiresAt)),
    delete: async (key) => (await wait(), store.delete(key)),
  }
}

const tokensOf = async (server: AuthorizationServer, browser: TestBrowser): Promise<Record<string, string>> =>
  json(await redeem(server, (await signIn(browser)).searchParams.get('code') ?? ''))
const signOut = (browser: TestBrowser, idToken = ''): Promise<Response> =>
  browser.get(`/oauth/end-session?${new URLSearchParams({ id_token_hint: idToken }).toString()}`)

describe('a browser session', () => {
  it('records every client that got tokens in it, also of concurrent requests', async () => {
    const clock = testClock()
    const { server, notices } = await notifyingServer({ stores: storesOver(slowly(memoryStore({ now: clock.now }))) })
    const browser = testBrowser(server)
    const { id_token: idToken } = await tokensOf(server, browser)
    await Promise.all(APPS.map(({ clientId }) => browser.get(authorizePath({ client_id: clientId }))))
    await signOut(browser, idToken)
    expect(notices.toSorted()).toEqual(['a: alice', 'b: alice', 'c: alice'])
  })

  it('keeps its clients when the same user signs in again', async () => {
    const { server, notices } = await notifyingServer()
    const browser = testBrowser(server)
    const { id_token: idToken } = await tokensOf(server, browser)
    await browser.get(authorizePath({ client_id: 'a' }))
    await signIn(browser, { prompt: 'login', client_id: 'b' })
    await signOut(browser, idToken)
    expect(notices.toSorted()).toEqual(['a: alice', 'b: alice'])
  })

  it('is not restored by a request that finishes after the sign-out', async () => {
    const site = userSite({ users: [ALICE] })
    const meanwhile: (() => Promise<unknown>)[] = []
    const { server } = await notifyingServer({
      site: { ...site, authenticate: async (interaction) => (await meanwhile.pop()?.(), site.authenticate(interaction)) },
    })
    const browser = testBrowser(server)
    const { id_token: idToken } = await tokensOf(server, browser)
    const tab = testBrowser(server)
    for (const [name, value] of browser.cookies) tab.cookies.set(name, value)
    meanwhile.push(() => signOut(browser, idToken))
    await tab.get(authorizePath({ client_id: 'a' }))
    expect((await signInSilently(tab)).searchParams.get('error')).toBe('login_required')
  })

  it('ends when another user signs in: its tokens are revoked, its clients notified, and the new one has another "sid"', async () => {
    const { server, notices } = await notifyingServer()
    const browser = testBrowser(server)
    const alice = await tokensOf(server, browser)
    await browser.get(authorizePath({ client_id: 'a' }))
    const page = await asPage(await browser.get(authorizePath({ prompt: 'login', client_id: 'b' })))
    const response = await browser.submit(page, { action: 'sign-in', username: 'bob', password: 'builder' })
    expect(locationOf(response).searchParams.has('code')).toBe(true)
    expect(notices).toEqual(['a: alice'])
    const request = new Request(ISSUER, { headers: { authorization: `Bearer ${alice['access_token']}` } })
    expect((await server.verifyRequest(request)).ok).toBe(false)
    const bob = await json(await redeem(server, (await signInSilently(browser)).searchParams.get('code') ?? ''))
    expect(decodeJwt(bob['id_token'] ?? '')).toMatchObject({ sub: 'bob' })
    expect(decodeJwt(bob['id_token'] ?? '')['sid']).not.toBe(decodeJwt(alice['id_token'] ?? '')['sid'])
  })

  it('lasts as long as the option says', async () => {
    const { server, clock } = await testServer({ sessionLifetime: 1000 })
    const browser = testBrowser(server)
    await signIn(browser)
    clock.advance(999)
    expect((await signInSilently(browser)).searchParams.has('code')).toBe(true)
    clock.advance(1)
    expect((await signInSilently(browser)).searchParams.get('error')).toBe('login_required')
  })

  it('expires by the server’s clock even if the store drops it late', async () => {
    const clock = testClock()
    const stores = storesOver(memoryStore({ now: () => 0 }))
    const { server } = await testServer({ sessionLifetime: 1000, stores, grants: [authorizationCode()] }, clock)
    const browser = testBrowser(server)
    await signIn(browser)
    clock.advance(1000)
    expect((await signInSilently(browser)).searchParams.get('error')).toBe('login_required')
  })
})

const signInSilently = async (browser: TestBrowser): Promise<URL> =>
  locationOf(await browser.get(authorizePath({ prompt: 'none' })))
