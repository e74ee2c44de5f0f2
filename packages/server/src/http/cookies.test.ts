import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { asPage, authorizePath, locationOf, testBrowser, type TestBrowser } from '../server/test-browser.fixture.js'
import { testClock, testServer } from '../server/test-server.fixture.js'
import { memoryStore } from '../storage/memory-store.js'
import { storesOver } from '../storage/stores.js'

/** Browsers on one host: its servers get the cookies of all of them. */
function browsersOf(servers: ReadonlyArray<readonly [AuthorizationServer, string]>): readonly TestBrowser[] {
  const cookies = new Map<string, string>()
  const copy = (from: ReadonlyMap<string, string>, to: Map<string, string>): void => {
    to.clear()
    for (const [name, value] of from) to.set(name, value)
  }
  return servers.map(([server, issuer]) => {
    const own = testBrowser(server, issuer)
    const share = async (send: () => Promise<Response>): Promise<Response> => {
      copy(cookies, own.cookies)
      const response = await send()
      copy(own.cookies, cookies)
      return response
    }
    return {
      cookies,
      get: (path) => share(() => own.get(path)),
      post: (path, values) => share(() => own.post(path, values)),
      submit: (page, values) => share(() => own.submit(page, values)),
    }
  })
}

const pathAt = (issuer: string, params: Readonly<Record<string, string>> = {}): string =>
  authorizePath(params).replace('/oauth', new URL(issuer).pathname.replace(/\/$/, ''))

async function signInAt(browser: TestBrowser, issuer: string, username = 'alice', password = 'wonderland'): Promise<void> {
  const url = new URL(pathAt(issuer), issuer).href
  const page = await asPage(await browser.get(url), url)
  expect(locationOf(await browser.submit(page, { action: 'sign-in', username, password })).searchParams.has('code')).toBe(true)
}

const isSignedIn = async (browser: TestBrowser, issuer: string): Promise<boolean> =>
  locationOf(await browser.get(pathAt(issuer, { prompt: 'none' }))).searchParams.has('code')

describe('two servers on one host', () => {
  it.each([
    ['http://127.0.0.1:5173/oauth', 'http://127.0.0.1:5174/oauth'],
    ['http://localhost:9000', 'http://localhost:9001'],
    ['https://id.example/oauth', 'https://id.example:8443/oauth'],
    ['https://id.example:8443', 'https://id.example:9443'],
    ['http://192.168.1.5:9000/oauth', 'http://192.168.1.5:9001/oauth'],
  ] as const)('do not sign each other out: %s, %s', async (...issuers) => {
    const servers = await Promise.all(
      issuers.map(async (issuer) => [(await testServer({ issuer, allowInsecureHttp: true })).server, issuer] as const),
    )
    const [first, second] = browsersOf(servers)
    if (!first || !second) throw new TypeError('expected two servers')
    await signInAt(first, issuers[0])
    await signInAt(second, issuers[1], 'bob', 'builder')
    expect([await isSignedIn(first, issuers[0]), await isSignedIn(second, issuers[1])]).toEqual([true, true])

    const path = `${new URL(issuers[1]).pathname.replace(/\/$/, '')}/end-session`
    const page = await asPage(await second.get(path), issuers[1] + '/end-session')
    await second.submit(page, { action: 'sign-out' })
    expect([await isSignedIn(first, issuers[0]), await isSignedIn(second, issuers[1])]).toEqual([true, false])
  })
})

describe('a server that gets another port at a restart', () => {
  it.each([
    ['http://127.0.0.1', true],
    ['http://localhost', true],
    ['http://192.168.1.5', false],
    ['https://id.example', false],
  ] as const)('at %s finds the session of the former one: %s', async (host, isFound) => {
    const clock = testClock()
    const stores = storesOver(memoryStore({ now: clock.now }))
    const secret = new Uint8Array(32).fill(7)
    const issuers = [`${host}:41001/oauth`, `${host}:41002/oauth`] as const
    const servers = await Promise.all(
      issuers.map(
        async (issuer) =>
          [(await testServer({ issuer, stores, secret, allowInsecureHttp: true }, clock)).server, issuer] as const,
      ),
    )
    const [before, after] = browsersOf(servers)
    if (!before || !after) throw new TypeError('expected two servers')
    await signInAt(before, issuers[0])
    expect(await isSignedIn(after, issuers[1])).toBe(isFound)
  })

  it('keeps the cookies of five former ports: a header with all of them would become too large', async () => {
    const issuers = Array.from({ length: 12 }, (_, index) => `http://127.0.0.1:${41_000 + index}/oauth`)
    const servers = await Promise.all(issuers.map(async (issuer) => [(await testServer({ issuer })).server, issuer] as const))
    const browsers = browsersOf(servers)
    for (const [index, browser] of browsers.entries()) await signInAt(browser, issuers[index] ?? '')
    const ports = new Set([...(browsers[0]?.cookies.keys() ?? [])].map((name) => /\d+/.exec(name)?.[0]))
    expect([...ports].join(' ')).toBe('41006 41007 41008 41009 41010 41011')
  })
})
