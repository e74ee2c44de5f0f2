import { decodeJwt } from 'jose'
import { describe, expect, it, vi } from 'vitest'
import { device } from '../features/device/device.js'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { asPage, authorizePath, testBrowser, type TestBrowser } from '../server/test-browser.fixture.js'
import { post, WEB } from '../server/test-requests.fixture.js'
import { ALICE, BOB, ISSUER, testClock } from '../server/test-server.fixture.js'
import type { SiteAdapter } from '../site/site-adapter.js'
import { userSite } from '../site/user-site.js'
import { digest } from '../storage/digest.js'
import { memoryStore } from '../storage/memory-store.js'
import { storesOver } from '../storage/stores.js'
import { ATTEMPTS, from, grant, open, times, typePassword, waitOf } from './guesses.fixture.js'

const PASSWORDS: Readonly<Record<string, string>> = { 'alice@example.com': 'wonderland', 'bob@example.com': 'builder' }

/** A site of its own, which reads other fields than the server's pages have. */
function customSite(): { readonly site: SiteAdapter; readonly checked: { count: number } } {
  const checked = { count: 0 }
  const site: SiteAdapter = {
    ...userSite({ users: [ALICE, BOB] }),
    authenticate({ form, session }) {
      const email = form?.get('email')
      if (!email) return form?.get('other') === '1' ? undefined : session
      checked.count += 1
      return PASSWORDS[email] === form?.get('password') ? { userId: email.split('@')[0] ?? '' } : undefined
    },
    findByLoginHint: () => undefined,
    userDeniedAccess: ({ form }) => form?.get('cancel') === '1',
  }
  return { site, checked }
}

type Fields = Readonly<Record<string, string>>

const onSignIn = async (browser: TestBrowser, fields: Fields): Promise<Response> =>
  browser.submit(await asPage(await browser.get(authorizePath({ prompt: 'login' }))), fields)

const alice = (secret: string, more: Fields = {}): Fields => ({ email: 'alice@example.com', password: secret, ...more })

describe('passwords of a custom site are limited', () => {
  it.each(['deny', 'consent', 'continue', 'switch', 'other', ''])('whatever the form says: action=%s', async (action) => {
    const { site, checked } = customSite()
    const { server, events } = await open({ site })
    const browser = testBrowser(server)
    await times(30, () => onSignIn(browser, alice('wrong', { action })))
    // Actions of other pages are not passed to the site at all.
    expect(checked.count).toBeLessThanOrEqual(ATTEMPTS)
    if (checked.count > 0) {
      expect((await onSignIn(browser, alice('wonderland', { action }))).status).toBe(429)
      expect(events.filter(({ type }) => type === 'sign_in.failed')).toHaveLength(ATTEMPTS)
    }
  })

  it('whatever other names the form has', async () => {
    const { site, checked } = customSite()
    const { server } = await open({ site })
    let number = 0
    const decoy = (): Fields => ({ username: `decoy${(number += 1)}`, login: `other${number}` })
    const attacker = testBrowser(server)
    await times(30, () => onSignIn(attacker, alice('wrong', decoy())))
    expect(checked.count).toBe(ATTEMPTS)
    const elsewhere = (): TestBrowser => testBrowser(from(server, `198.51.100.${(number += 1)}`))
    await times(100, () => onSignIn(elsewhere(), alice('wrong', decoy())))
    const last = elsewhere()
    expect((await onSignIn(last, alice('wrong', decoy()))).status).toBe(200)
    expect((await onSignIn(last, alice('wonderland', decoy()))).status).toBe(429)
  })

  it('and a sign-in of the attacker neither ends the count of another name nor makes the browser a known one', async () => {
    const { site, checked } = customSite()
    const { server } = await open({ site })
    const attacker = testBrowser(server)
    await times(5, async () => {
      await times(4, () => onSignIn(attacker, alice('wrong')))
      await onSignIn(attacker, { username: 'alice@example.com', email: 'bob@example.com', password: 'builder' })
      await onSignIn(attacker, { username: 'alice@example.com', password: 'x' })
    })
    expect((await onSignIn(attacker, alice('wonderland'))).status).toBe(429)
    expect(checked.count).toBeLessThan(20)
  })

  it.each([{ prompt: 'consent' }, { prompt: 'select_account' }])('on pages of a signed-in attacker: %o', async (request) => {
    const { site, checked } = customSite()
    const { server, events } = await open({ site })
    const browser = testBrowser(server)
    await onSignIn(browser, { email: 'bob@example.com', password: 'builder' })
    checked.count = 0
    const guess = async (secret: string): Promise<Response> => {
      const page = await asPage(await browser.get(authorizePath(request)))
      return browser.submit(page, alice(secret))
    }
    await times(30, () => guess('wrong'))
    expect(checked.count).toBe(ATTEMPTS)
    expect((await guess('wonderland')).status).toBe(429)
    expect(events.filter(({ type }) => type === 'sign_in.failed')).toHaveLength(ATTEMPTS)
  })

  it.each(['1', 'ok', 'login', 'continue'])('also of a user who is called as a button is: %s', async (email) => {
    const { site, checked } = customSite()
    const { server } = await open({ site })
    const browser = testBrowser(server)
    let number = 0
    await times(20, () => onSignIn(browser, { username: `decoy${(number += 1)}`, email, password: 'wrong' }))
    expect(checked.count).toBe(ATTEMPTS)
  })

  it('and forms with more names than forms have are not passed to it', async () => {
    const { site, checked } = customSite()
    const { server } = await open({ site })
    const browser = testBrowser(server)
    const { text } = await asPage(await browser.get(authorizePath({ prompt: 'login' })))
    const send = (count: number): Promise<Response> => {
      const csrf = /name="csrf" value="([^"]*)"/.exec(text)?.[1] ?? ''
      const names = Array.from({ length: count }, (_, index) => ['user', `decoy${index}`])
      const body = new URLSearchParams([['csrf', csrf], ...names, ...Object.entries(alice('wonderland'))])
      const headers = { cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
      return server.fetch(new Request(new URL(authorizePath({ prompt: 'login' }), ISSUER), { method: 'POST', body, headers }))
    }
    expect([(await send(8)).status, checked.count]).toEqual([200, 0])
    expect([(await send(7)).status, checked.count]).toEqual([303, 1])
  })

  it('but buttons of its other pages and of the form are no guesses at a name', async () => {
    const { site } = customSite()
    const { server } = await open({ site })
    let number = 0
    const browser = (): TestBrowser => testBrowser(from(server, `192.0.2.${(number += 1)}`))
    await times(110, () => onSignIn(browser(), { email: `x${number}@example.com`, password: 'wrong', login: 'Sign in' }))
    const user = browser()
    await onSignIn(user, alice('typo', { login: 'Sign in' }))
    expect((await onSignIn(user, alice('wonderland', { login: 'Sign in' }))).status).toBe(303)
  })
})

describe('a flood of wrong guesses', () => {
  it('from one IPv6 network of 48 bits delays no one at another address', async () => {
    const { now } = testClock()
    const store = memoryStore({ now })
    const limits = { addressOf: (request: Request) => request.headers.get('x-a') ?? undefined, attemptsPerAddress: 1 }
    const { server } = await open({ guessLimits: limits, stores: storesOver(store), now })
    const secret = (id: string, value: string, address: string): Promise<Response> =>
      server.fetch(
        new Request(`${ISSUER}/token`, {
          method: 'POST',
          headers: { 'x-a': address },
          body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: value }),
        }),
      )
    for (let net = 0; net < 10; net += 1)
      for (let id = 0; id < 10; id += 1) await secret(`n${net}-${id}`, 'x', `2001:db8:1:${net.toString(16)}::1`)
    expect(store.size, 'invented ids are not stored').toBe(0)
    const type = (username: string, value: string, address: string): Promise<Response> =>
      typePassword(testBrowser(at(server, address)), value, username)
    for (let net = 0; net < 24; net += 1)
      for (let id = 0; id < 8; id += 1) await type(`n${net}-${id}`, 'x', `2001:db8:1:${net.toString(16)}00::1`)
    const statuses = new Set<number>()
    for (let turn = 0; turn < 20; turn += 1) statuses.add((await type('alice', 'wonderland', `198.51.100.${turn}`)).status)
    expect([...statuses]).toEqual([303])
    expect((await type('alice', 'wonderland', '2001:db8:1:ffff::1')).status, 'the network itself').toBe(429)
    expect((await type('alice', 'wonderland', '2001:db8:2::1')).status).toBe(303)
  })

  it('by one confidential client delays no user of it', async () => {
    const { server } = await open()
    let number = 0
    await times(300, () => grant(server, 'wrong', `invented${(number += 1)}`))
    expect((await grant(server, 'wonderland')).status).toBe(200)
  })
})

/** The server as it is reached from an address that `addressOf` reads. */
function at(server: AuthorizationServer, address: string): AuthorizationServer {
  return {
    ...server,
    fetch(request) {
      request.headers.set('x-a', address)
      return server.fetch(request)
    },
  }
}

describe('users behind one address', () => {
  it('are not refused for the typing errors of others', async () => {
    const users = Array.from({ length: 250 }, (_, index) => ({ sub: `user${index}`, password: 'right' }))
    const { server, clock } = await open({ site: userSite({ users }) })
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    let refused = 0
    for (const [index, { sub }] of users.entries()) {
      const browser = testBrowser(from(server, '192.0.2.1'))
      if (index % 2 === 0) await typePassword(browser, 'typo', sub)
      clock.advance(1.8)
      if ((await typePassword(browser, 'right', sub)).status !== 303) refused += 1
    }
    expect(refused).toBe(0)
    expect(warn).toHaveBeenCalledOnce()
    expect(String(warn.mock.calls)).toContain('guessLimits.proxies')
    warn.mockRestore()
  })

  it('are not refused for wrong secrets of clients from the same address', async () => {
    const { server } = await open()
    const behind = from(server, '192.0.2.1')
    await times(200, () => post(behind, '/introspect', { token: 't', client_id: 'web', client_secret: 'wrong' }))
    expect((await typePassword(testBrowser(behind), 'wonderland')).status).toBe(303)
  })

  it.each(['cross-site', 'same-site'])('are not refused for what a page of another site or port embeds: %s', async (site) => {
    const { server } = await open({ features: [device()] })
    const embed = (path: string, headers: Fields, init: RequestInit = {}): Promise<Response> =>
      server.fetch(new Request(`${ISSUER}${path}`, { ...init, headers: { 'sec-fetch-site': site, ...headers } }))
    const body = { client_id: 'web', client_secret: 'wrong', token: 't' }
    for (let turn = 0; turn < 20; turn += 1) {
      expect((await embed('/device?user_code=WDJB-MJHT', { 'sec-fetch-mode': 'no-cors' })).status).toBe(403)
      expect((await embed('/device?user_code=WDJB-MJHT', { 'sec-fetch-dest': 'iframe' })).status).toBe(403)
      const init = { method: 'POST', body: new URLSearchParams(body) }
      expect((await embed('/introspect', { 'sec-fetch-mode': 'no-cors' }, init)).status).toBe(403)
    }
    expect((await embed('/device?user_code=WDJB-MJHT', { 'sec-fetch-dest': 'document' })).status).toBe(200)
    expect((await post(server, '/introspect', { token: 't', ...WEB })).status).toBe(200)
  })

  it('are not refused for wrong secrets of clients that do not exist', async () => {
    const { server } = await open()
    const behind = from(server, '192.0.2.1')
    let number = 0
    await times(200, () => post(behind, '/introspect', { token: 't', client_id: `x${(number += 1)}`, client_secret: 'x' }))
    expect((await post(behind, '/introspect', { token: 't', ...WEB })).status).toBe(200)
  })
})

describe('the cookie of a known browser', () => {
  it('is one for its last five users', async () => {
    const users = Array.from({ length: 20 }, (_, index) => ({ sub: `user${index}`, password: 'right' }))
    const { server } = await open({ site: userSite({ users }) })
    const browser = testBrowser(server)
    for (const { sub } of users) await typePassword(browser, 'right', sub)
    const cookies = [...browser.cookies].filter(([name]) => name.includes('known'))
    expect(cookies).toHaveLength(1)
    expect(String(cookies[0]).length).toBeLessThan(700)
    const wait = async (sub: string): Promise<number> => {
      await times(ATTEMPTS, () => typePassword(testBrowser(server), 'wrong', sub))
      return waitOf(await typePassword(browser, 'right', sub))
    }
    expect([await wait('user19'), await wait('user16'), await wait('user10')]).toEqual([0, 0, 1])
  })

  it('does not tell servers on other ports, which get it too, who the user is', async () => {
    const { server } = await open()
    const browser = testBrowser(server)
    await typePassword(browser, 'wonderland')
    const [, cookie = ''] = [...browser.cookies].find(([name]) => name.includes('known')) ?? []
    expect(JSON.stringify(decodeJwt(cookie))).not.toContain((await digest('alice')).slice(0, 12))
    expect(decodeJwt(cookie)['users']).toHaveLength(1)
  })

  it('is sent to the path of the issuer only', async () => {
    const { server } = await open()
    const browser = testBrowser(server)
    const response = await typePassword(browser, 'wonderland')
    const cookie = response.headers.getSetCookie().find((value) => value.includes('known'))
    expect(cookie).toContain('Path=/oauth')
  })
})
