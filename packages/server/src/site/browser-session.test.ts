import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { device } from '../features/device/device.js'
import { authorizationCode } from '../token/grants/authorization-code.js'
import { hybrid } from '../token/grants/hybrid.js'
import { implicit } from '../token/grants/implicit.js'
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

  it.each(['implicit', 'device', 'two grants'])('does not apply to another site: %s', async (kind) => {
    const site = userSite({ users: [{ sub: 'alice' }, { sub: 'bob' }] })
    const grants = [authorizationCode(), implicit(kind === 'device' ? {} : { site }), hybrid({ site })]
    const { server } = await testServer({ grants, features: kind === 'device' ? [device({ site })] : [] })
    const browser = testBrowser(server)
    const click = async (path: string, user = 'alice'): Promise<Response> => {
      const page = await asPage(await browser.get(path))
      return browser.submit(page, { action: 'sign-in', user })
    }
    if (kind === 'device') {
      const body = new URLSearchParams({ client_id: 'spa', scope: 'openid' })
      const start = await server.fetch(new Request(`${ISSUER}/device_authorization`, { method: 'POST', body }))
      await click(`/oauth/device?user_code=${(await json(start))['user_code']}`)
    } else expect(locationOf(await click(authorizePath({ response_type: 'token' }))).hash).toContain('access_token=')
    expect((await signInSilently(browser)).searchParams.get('error')).toBe('login_required')
    const again = await browser.get(authorizePath({ response_type: 'code id_token', prompt: 'none' }))
    expect(locationOf(again).hash).toContain('code=')
    expect((await signIn(browser)).searchParams.has('code')).toBe(true)
    expect((await signInSilently(browser)).searchParams.has('code')).toBe(true)
    const other = await browser.get(authorizePath({ response_type: 'code id_token', prompt: 'none' }))
    expect(locationOf(other).hash).toContain('login_required')
  })

  it('of another site is replaced by no page of another browser, whose cookie was planted', async () => {
    const grants = [authorizationCode(), implicit({ site: userSite({ users: [{ sub: 'alice' }] }) })]
    const { server } = await testServer({ grants })
    const [alice, mallory] = [testBrowser(server), testBrowser(server)]
    await signIn(alice)
    const page = await asPage(await mallory.get(authorizePath({ response_type: 'token' })))
    for (const [name, value] of mallory.cookies) alice.cookies.set(name, value)
    const response = await alice.submit(page, { action: 'sign-in', user: 'alice' })
    expect([response.status, response.headers.get('location')]).toEqual([200, null])
    expect((await signInSilently(alice)).searchParams.has('code')).toBe(true)
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

describe('a second session cookie, planted by a page on another port or subdomain', () => {
  const twoSessions = async (issuer = ISSUER): Promise<{ readonly send: (path: string, order: 1 | -1) => Promise<Response> }> => {
    const { server } = await testServer({ issuer })
    const cookieOf = async (username: string, password: string): Promise<string> => {
      const browser = testBrowser(server, issuer)
      const path = authorizePath().replace('/oauth', new URL(issuer).pathname.replace(/\/$/, ''))
      const page = await asPage(await browser.get(path), issuer)
      await browser.submit(page, { action: 'sign-in', username, password })
      return [...browser.cookies].find(([name]) => /latchkey_(5173_)?session$/.test(name))?.join('=') ?? ''
    }
    const cookies = [await cookieOf('alice', 'wonderland'), await cookieOf('bob', 'builder')]
    const send = (path: string, order: 1 | -1): Promise<Response> => {
      const cookie = (order === 1 ? cookies : cookies.toReversed()).join('; ')
      return server.fetch(new Request(new URL(path, issuer), { headers: { cookie } }))
    }
    return { send }
  }

  it.each([1, -1] as const)('signs the user in as no one, whichever is first: %d', async (order) => {
    for (const issuer of [ISSUER, 'https://id.example/oauth']) {
      const { send } = await twoSessions(issuer)
      const silent = await send(authorizePath({ prompt: 'none' }), order)
      expect(new URL(silent.headers.get('location') ?? '').searchParams.get('error')).toBe('login_required')
      const page = await (await send(authorizePath({ prompt: 'consent' }), order)).text()
      expect(page).toContain('name="password"')
      expect(page).not.toContain('Signed in as')
    }
  })

  it('is deleted at the paths where the server sets none', async () => {
    const { send } = await twoSessions()
    const cookies = (await send(authorizePath(), 1)).headers
      .getSetCookie()
      .filter((line) => line.startsWith('latchkey_5173_session=;'))
    const pathsOf = (lines: readonly string[]) => lines.map((line) => /Path=([^;]*)/.exec(line)?.[1])
    const partitioned = cookies.filter((line) => line.includes('Partitioned'))
    expect(pathsOf(cookies.filter((line) => !partitioned.includes(line)))).toEqual(['/', '/oauth/', '/oauth/authorize'])
    expect(pathsOf(partitioned)).toEqual(['/', '/oauth', '/oauth/', '/oauth/authorize'])
    expect(partitioned.every((line) => line.includes('Secure'))).toBe(true)
    expect(cookies.every((line) => line.includes('Max-Age=0'))).toBe(true)
  })

  it('is deleted in its partition if no other path is possible, with the prefix __Host-', async () => {
    const { send } = await twoSessions('https://id.example')
    const response = await send(authorizePath().replace('/oauth', ''), 1)
    expect(response.status).toBe(200)
    expect(response.headers.getSetCookie().filter((line) => line.includes('latchkey_session='))).toEqual([
      '__Host-latchkey_session=; Max-Age=0; Path=/; Secure; Partitioned',
    ])
  })

  it.each([3, 4, 5, 40])('signs the user in as no one beside %i others that are unknown', async (count) => {
    const { server } = await testServer()
    const browsers = [testBrowser(server), testBrowser(server)] as const
    await signIn(browsers[0])
    await signIn(browsers[1], {}, { username: 'bob', password: 'builder' })
    const [ofAlice, ofBob] = browsers.map(({ cookies }) => cookies.get('latchkey_5173_session') ?? '')
    const unknown = Array.from({ length: count }, (_, index) => `unknown-${index}`)
    for (const values of [
      [ofBob, ...unknown, ofAlice],
      [ofBob, ...unknown],
    ]) {
      const cookie = values.map((value) => `latchkey_5173_session=${value}`).join('; ')
      const get = (path: string): Promise<Response> => server.fetch(new Request(new URL(path, ISSUER), { headers: { cookie } }))
      const page = await get(authorizePath({ prompt: 'consent' }))
      if (values.length > 5) {
        expect(await page.text()).not.toContain('Signed in as')
        expect(page.headers.getSetCookie().some((line) => line.startsWith('latchkey_5173_session=;'))).toBe(true)
      }
      expect((await get('/oauth/end-session')).status).toBe(values.length > 5 || values.includes(ofAlice) ? 400 : 200)
    }
  })

  it('does not make a sign-out look successful', async () => {
    const { send } = await twoSessions()
    const response = await send('/oauth/end-session', 1)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('several session cookies')
  })

  it('is ignored if it is the same, or of another server', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    await signIn(browser)
    const session = browser.cookies.get('latchkey_5173_session') ?? ''
    for (const other of [session, 'unknown']) {
      const cookie = `latchkey_5173_session=${other}; other=1; latchkey_5173_session=${session}`
      const silent = await server.fetch(new Request(new URL(authorizePath({ prompt: 'none' }), ISSUER), { headers: { cookie } }))
      expect(new URL(silent.headers.get('location') ?? '').searchParams.get('code')).not.toBeNull()
    }
  })
})
