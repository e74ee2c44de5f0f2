import { describe, expect, it } from 'vitest'
import { device } from '../features/device/device.js'
import { ciba } from '../features/ciba/ciba.js'
import { TILL } from '../features/ciba/ciba.fixture.js'
import { oauth1World } from '../features/oauth1/oauth1.fixture.js'
import { asPage, authorizePath, json, signIn, testBrowser, type Page, type TestBrowser } from '../server/test-browser.fixture.js'
import { ISSUER, SPA, testServer } from '../server/test-server.fixture.js'

const ALICE = { username: 'alice', password: 'wonderland' }

/** What a browser says about forms of pages elsewhere: another port or subdomain, another site, and a browser without Fetch Metadata. */
const FOREIGN: readonly Readonly<Record<string, string>>[] = [
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site', origin: new URL(ISSUER).origin },
  { 'sec-fetch-site': 'same-site', origin: 'null' },
  { origin: 'http://127.0.0.1:5174' },
  { origin: 'http://localhost:5173' },
]

/** The last is of an older browser, for the page's `Referrer-Policy`. */
const OWN: readonly Readonly<Record<string, string>>[] = [
  { 'sec-fetch-site': 'same-origin', origin: 'null' },
  { 'sec-fetch-site': 'none' },
  { origin: new URL(ISSUER).origin },
  { origin: 'null' },
]

/** Sends the form of a page, as `submit` does, with headers. */
function submit(
  { fetch }: { readonly fetch: (request: Request) => Promise<Response> },
  { cookies }: TestBrowser,
  { page, values, headers }: { readonly page: Page; readonly values: Record<string, string>; readonly headers: object },
): Promise<Response> {
  const action = /<form method="post" action="([^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const csrf = /name="csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? ''
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const body = new URLSearchParams({ csrf, ...values })
  return fetch(new Request(new URL(action, page.url), { method: 'POST', body, headers: { ...headers, cookie } }))
}

describe('the form of a sign-in page that a page of another origin sends', () => {
  it.each(FOREIGN)('signs no one in: %o', async (headers) => {
    const { server } = await testServer()
    const [victim, attacker] = [testBrowser(server), testBrowser(server)]
    const page = await asPage(await attacker.get(authorizePath()))
    for (const [name, value] of attacker.cookies) victim.cookies.set(name, value)
    const values = { action: 'sign-in', username: 'bob', password: 'builder' }
    const response = await submit(server, victim, { page, values, headers })
    expect([response.status, response.headers.get('location')]).toEqual([200, null])
    expect(await response.text()).toContain('Password')
    expect(response.headers.getSetCookie().filter((cookie) => /session=[^;]/.test(cookie))).toEqual([])
  })

  it.each(OWN)('signs in if it is the own page: %o', async (headers) => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    const page = await asPage(await browser.get(authorizePath()))
    const response = await submit(server, browser, { page, values: { action: 'sign-in', ...ALICE }, headers })
    expect([response.status, response.headers.get('location')]).toEqual([303, expect.stringContaining('code=')])
  })

  it('signs in behind a proxy that changes the host, in an older browser', async () => {
    const { server } = await testServer({ issuer: 'https://id.example/oauth' })
    const browser = testBrowser(server, 'http://inside:8080/oauth')
    const page = await asPage(await browser.get(authorizePath()), 'http://inside:8080/oauth')
    const headers = { origin: 'https://id.example' }
    expect((await submit(server, browser, { page, values: { action: 'sign-in', ...ALICE }, headers })).status).toBe(303)
  })
})

describe('the forms of the other pages, sent by a page of another origin', () => {
  const headers = { 'sec-fetch-site': 'same-site' }
  const own = { 'sec-fetch-site': 'same-origin' }

  it('decide nothing: consent', async () => {
    const { server } = await testServer({ clients: [{ ...SPA, requireConsent: true }] })
    const browser = testBrowser(server)
    const signInPage = await asPage(await browser.get(authorizePath()))
    const page = await asPage(await browser.submit(signInPage, { action: 'sign-in', ...ALICE }))
    for (const action of ['consent', 'deny']) {
      const response = await submit(server, browser, { page, values: { action }, headers })
      expect([response.status, response.headers.get('location')]).toEqual([200, null])
    }
    expect((await submit(server, browser, { page, values: { action: 'consent' }, headers: own })).status).toBe(303)
  })

  it('decide nothing: sign-out', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    await signIn(browser)
    const page = await asPage(await browser.get('/oauth/end-session'), `${ISSUER}/end-session`)
    await submit(server, browser, { page, values: { action: 'sign-out' }, headers })
    expect((await browser.get(authorizePath({ prompt: 'none' }))).headers.get('location')).toContain('code=')
    await submit(server, browser, { page, values: { action: 'sign-out' }, headers: own })
    expect((await browser.get(authorizePath({ prompt: 'none' }))).headers.get('location')).toContain('login_required')
  })

  it('decide nothing: devices and requests of other devices', async () => {
    const { server } = await testServer({ clients: [SPA, TILL], features: [device(), ciba()] })
    const browser = testBrowser(server)
    await signIn(browser)
    const post = async (path: string, body: Record<string, string>) =>
      json(await server.fetch(new Request(ISSUER + path, { method: 'POST', body: new URLSearchParams(body) })))
    const { user_code: code = '' } = await post('/device_authorization', { client_id: 'spa', scope: 'openid' })
    const codePage = await asPage(await browser.get('/oauth/device'), `${ISSUER}/device`)
    const typed = { action: 'code', user_code: code }
    expect((await submit(server, browser, { page: codePage, values: typed, headers })).status).toBe(200)
    expect((await submit(server, browser, { page: codePage, values: typed, headers: own })).status).toBe(303)
    const consent = await asPage(await browser.get(`/oauth/device?user_code=${code}`), `${ISSUER}/device`)
    const connect = { page: consent, values: { action: 'consent' } }
    expect(await (await submit(server, browser, { ...connect, headers })).text()).not.toContain('is connected')
    expect(await (await submit(server, browser, { ...connect, headers: own })).text()).toContain('is connected')

    const secret = { client_id: 'till', client_secret: TILL.clientSecret ?? '' }
    await post('/backchannel_authentication', { ...secret, scope: 'openid', login_hint: 'alice' })
    const page = await asPage(await browser.get('/oauth/approve'), `${ISSUER}/approve`)
    const request = /name="request" value="([^"]*)"/.exec(page.text)?.[1] ?? ''
    const approve = { page, values: { request, decision: 'approve' } }
    expect(await (await submit(server, browser, { ...approve, headers })).text()).not.toContain('<h1>Approved')
    expect(await (await submit(server, browser, { ...approve, headers: own })).text()).toContain('<h1>Approved')
  })

  it('decide nothing: OAuth 1.0a', async () => {
    const { client, browser, server } = oauth1World()
    const url = client.authorizationUrl(await client.temporaryCredentials())
    const signInPage = await asPage(await browser.get(url.href), url.href)
    const values = { action: 'sign-in', ...ALICE }
    expect(await (await submit(server, browser, { page: signInPage, values, headers })).text()).toContain('Password')
    const page = await asPage(await browser.submit(signInPage, values), url.href)
    const response = await submit(server, browser, { page, values: { action: 'consent' }, headers })
    expect([response.status, response.headers.get('location')]).toEqual([200, null])
    const allowed = await submit(server, browser, { page, values: { action: 'consent' }, headers: own })
    expect(allowed.headers.get('location')).toContain('oauth_verifier=')
  })
})
