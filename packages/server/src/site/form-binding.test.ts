import { describe, expect, it } from 'vitest'
import { device } from '../features/device/device.js'
import {
  asPage,
  authorizePath,
  json,
  locationOf,
  signIn,
  testBrowser,
  type Page,
  type TestBrowser,
} from '../server/test-browser.fixture.js'
import { ISSUER, SPA, testServer } from '../server/test-server.fixture.js'
import { authorizationCode } from '../token/grants/authorization-code.js'

const ALICE = { username: 'alice', password: 'wonderland' }
const BOB = { username: 'bob', password: 'builder' }

async function consentPage(browser: TestBrowser): Promise<Page> {
  const url = authorizePath({ prompt: 'consent' })
  return asPage(await browser.get(url), new URL(url, ISSUER).href)
}

describe('a form', () => {
  it('decides for the user who saw its page, not for one who signed in meanwhile', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    await signIn(browser, {}, ALICE)
    const page = await consentPage(browser)
    await browser.submit(await asPage(await browser.get(authorizePath({ prompt: 'login' }))), { action: 'sign-in', ...BOB })
    const response = await browser.submit(page, { action: 'consent' })
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('Signed in as <strong>bob</strong>')
  })

  it('that signs in, after another tab has, offers to continue as the user who is signed in now', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    const [first, second] = [await asPage(await browser.get(authorizePath())), await asPage(await browser.get(authorizePath()))]
    await browser.submit(first, { action: 'sign-in', ...ALICE })
    for (const user of [ALICE, BOB]) {
      const page = await asPage(await browser.submit(second, { action: 'sign-in', ...user }))
      expect(page.text).toContain('Choose an account')
      expect(page.text).toContain('signed in in another tab after this page was opened')
      expect(locationOf(await browser.submit(page, { action: 'continue' })).searchParams.has('code')).toBe(true)
    }
  })

  it('is not accepted with a planted cookie: its token belongs to the session of another browser', async () => {
    const { server } = await testServer()
    const [victim, attacker] = [testBrowser(server), testBrowser(server)]
    await signIn(victim, {}, ALICE)
    await signIn(attacker, {}, BOB)
    const page = await consentPage(attacker)
    for (const [name, value] of attacker.cookies) if (name.includes('browser')) victim.cookies.set(name, value)
    const response = await victim.submit(page, { action: 'consent' })
    expect(response.headers.has('location')).toBe(false)
    const signOut = await asPage(await attacker.get('/oauth/end-session'), `${ISSUER}/end-session`)
    expect((await victim.submit(signOut, { action: 'sign-out' })).status).toBe(200)
    expect((await victim.get(authorizePath())).status).toBe(302)
  })

  it('does what its own page offers, and nothing else', async () => {
    const { server } = await testServer({ clients: [{ ...SPA, requireConsent: true }] })
    const browser = testBrowser(server)
    const page = await asPage(await browser.get(authorizePath()))
    expect((await browser.submit(page, { action: 'consent', ...ALICE })).status).toBe(200)
    const consent = await asPage(await browser.submit(page, { action: 'sign-in', ...ALICE }))
    expect(consent.text).toContain('Allow access?')
    const other = await browser.submit(consent, { action: 'sign-in', ...BOB })
    expect([other.status, await other.text()]).toEqual([200, expect.stringContaining('Signed in as <strong>alice')])
    expect(locationOf(await browser.submit(consent, { action: 'consent' })).searchParams.has('code')).toBe(true)
  })

  it('without its token never repeats its fields in a URL', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    for (const path of [authorizePath(), '/oauth/authorize', '/oauth/end-session', '/oauth/end-session?client_id=spa']) {
      const response = await browser.post(path, { action: 'sign-in', ...ALICE })
      expect(`${await response.text()} ${response.headers.get('location')}`, path).not.toContain('wonderland')
    }
    const response = await browser.post(authorizePath(), { secret_field: 'wonderland' })
    expect(await response.text()).not.toContain('wonderland')
  })
})

describe('the form of a sign-in, in the history of a browser that others use later', () => {
  it('signs no one in again after the sign-out', async () => {
    const { server, clock } = await testServer({ clients: [{ ...SPA, requireConsent: true }] })
    const browser = testBrowser(server)
    const page = await asPage(await browser.get(authorizePath()))
    const consent = await asPage(await browser.submit(page, { action: 'sign-in', ...ALICE }))
    expect(consent.text).toContain('Allow access?')
    // A second click, and a reload of the consent page.
    expect(await (await browser.submit(page, { action: 'sign-in', ...ALICE })).text()).toContain('Allow access?')
    clock.advance(11)
    expect(await (await browser.submit(page, { action: 'sign-in', ...ALICE })).text()).toContain('Allow access?')
    const signOut = await asPage(await browser.get('/oauth/end-session'), `${ISSUER}/end-session`)
    await browser.submit(signOut, { action: 'sign-out' })
    clock.advance(11)
    const again = await browser.submit(page, { action: 'sign-in', ...ALICE })
    expect([again.status, await again.text()]).toEqual([200, expect.stringContaining('Password')])
    const silent = locationOf(await browser.get(authorizePath({ prompt: 'none' })))
    expect(silent.searchParams.get('error')).toBe('login_required')
  })

  it('may be sent again after a wrong password', async () => {
    const { server, clock } = await testServer()
    const browser = testBrowser(server)
    const page = await asPage(await browser.get(authorizePath()))
    await browser.submit(page, { action: 'sign-in', ...ALICE, password: 'wrong' })
    clock.advance(60)
    expect(locationOf(await browser.submit(page, { action: 'sign-in', ...ALICE })).searchParams.has('code')).toBe(true)
  })
})

describe('cookies', () => {
  it('have the prefix __Host- if the issuer has no path, and __Secure- otherwise', async () => {
    for (const [issuer, prefix] of [
      ['https://id.example', '__Host-latchkey_'],
      ['https://id.example/oauth', '__Secure-latchkey_'],
      ['https://id.example:8443', '__Host-latchkey_8443_'],
      ['https://id.example:8443/oauth', '__Secure-latchkey_8443_'],
      ['http://127.0.0.1:9000', 'latchkey_9000_'],
      ['http://127.0.0.1', 'latchkey_'],
    ] as const) {
      const { server } = await testServer({ issuer })
      const path = authorizePath().replace('/oauth', '')
      const response = await server.fetch(new Request(`${issuer}${path}`))
      expect(response.headers.getSetCookie()[0]?.startsWith(prefix), issuer).toBe(true)
    }
  })
})

describe('a sign-in page of another browser, whose cookie was planted', () => {
  const NATIVE = { clientId: 'nat', applicationType: 'native', redirectUris: ['com.example.app:/cb'] } as const

  it.each([
    [{ client_id: 'nat', redirect_uri: 'com.example.app:/cb' }, { action: 'foo' }],
    [{ client_id: 'nat', redirect_uri: 'com.example.app:/cb' }, { action: 'continue' }],
    [{ prompt: 'select_account' }, { action: 'foo' }],
    [{ prompt: 'select_account' }, {}],
    [{}, { action: 'sign-in', username: 'bob', password: 'builder' }],
  ] as const)('decides nothing for the user who is signed in: %o %o', async (params, fields) => {
    const { server } = await testServer({ clients: [SPA, NATIVE] })
    const alice = testBrowser(server)
    await signIn(alice)
    const path = authorizePath(params)
    const mallory = testBrowser(server)
    const page = await asPage(await mallory.get(path))
    for (const [name, value] of mallory.cookies) if (name.includes('browser')) alice.cookies.set(name, value)
    const csrf = /name="csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? ''
    const response = await alice.post(path, { csrf, ...fields })
    expect([response.status, response.headers.get('location')]).toEqual([200, null])
    const silent = await alice.get(authorizePath({ prompt: 'none' }))
    expect(new URL(silent.headers.get('location') ?? '').searchParams.has('code')).toBe(true)
  })

  const DEVICE = new URLSearchParams({ client_id: 'spa', scope: 'openid' })
  const SPELLINGS = ['foo', '', 'continue', 'consent', 'sign-in', 'SIGN-IN', 'sign-in ', 'code', 'stay', 'switch', 'toString']
  const PATHS = [
    authorizePath({ client_id: 'nat', redirect_uri: 'com.example.app:/cb' }),
    ...[{ prompt: 'select_account' }, { prompt: 'login' }, { prompt: 'consent' }, { max_age: '0' }].map(authorizePath),
  ]

  it.each(['before', 'after'] as const)('decides nothing by any spelling of its button, opened %s the sign-in', async (order) => {
    const { server, clock } = await testServer({
      clients: [SPA, NATIVE],
      grants: [authorizationCode()],
      features: [device()],
      guessLimits: false,
    })
    const started = await server.fetch(new Request(`${ISSUER}/device_authorization`, { method: 'POST', body: DEVICE }))
    const { user_code: code = '' } = await json(started)
    const paths = [...PATHS, `/oauth/device?user_code=${code}`]
    const [alice, mallory] = [testBrowser(server), testBrowser(server)]
    const open = (): Promise<Page[]> => Promise.all(paths.map(async (path) => asPage(await mallory.get(path))))
    await mallory.get('/oauth/device')
    const early = order === 'before' ? await open() : undefined
    await signIn(alice)
    clock.advance(early ? 0 : 5)
    const pages = early ?? (await open())
    const planted = [...mallory.cookies].filter(([name]) => name.includes('browser'))
    for (const [index, path] of paths.entries()) {
      const csrf = /name="csrf" value="([^"]*)"/.exec(pages[index]?.text ?? '')?.[1] ?? ''
      for (const action of SPELLINGS) {
        for (const [name, value] of planted) alice.cookies.set(name, value)
        const response = await alice.post(path, { csrf, action })
        const connected = (await response.text()).includes('Your device is connected')
        expect([response.status, connected], `${path} ${action}`).toEqual([200, false])
      }
    }
  })
})
