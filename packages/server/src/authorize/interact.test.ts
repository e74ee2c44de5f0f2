import { describe, expect, it } from 'vitest'
import { asPage, authorizePath, locationOf, signIn, testBrowser, type TestBrowser } from '../server/test-browser.fixture.js'
import { SPA, testServer } from '../server/test-server.fixture.js'

const silently = async (browser: TestBrowser, params = {}): Promise<URLSearchParams> =>
  locationOf(await browser.get(authorizePath({ prompt: 'none', ...params }))).searchParams
const claims = (idToken: unknown): { claims: string } => ({ claims: JSON.stringify({ id_token: idToken }) })

describe('a "sub" that the claims parameter requests (OpenID Connect Core 1.0, sections 3.1.2.2 and 5.5.1)', () => {
  it('is required to be that of the requested user for a silent response', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    await signIn(browser)
    for (const sub of [{ value: 'bob' }, { values: ['bob', 'carol'] }, { essential: true, value: 'bob' }])
      expect((await silently(browser, claims({ sub }))).get('error'), JSON.stringify(sub)).toBe('login_required')

    for (const sub of [{ value: 'alice' }, { values: ['bob', 'alice'] }, null, { essential: true }])
      expect((await silently(browser, claims({ sub }))).has('code'), JSON.stringify(sub)).toBe(true)
  })

  it('is requested on a page, and a sign-in of another user is not accepted', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    const page = await asPage(await browser.get(authorizePath(claims({ sub: { value: 'bob' } }))))
    const wrong = await asPage(await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' }))
    expect(wrong.text).toContain('another account')
    const right = await browser.submit(wrong, { action: 'sign-in', username: 'bob', password: 'builder' })
    expect(locationOf(right).searchParams.has('code')).toBe(true)
  })
})

describe('"max_age" (OpenID Connect Core 1.0, section 3.1.2.1)', () => {
  it('of 0 requests a new sign-in even in the second of the last one', async () => {
    const { server } = await testServer()
    const browser = testBrowser(server)
    await signIn(browser)
    expect((await silently(browser, { max_age: '0' })).get('error')).toBe('login_required')
    const page = await asPage(await browser.get(authorizePath({ max_age: '0' })))
    const result = await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' })
    expect(locationOf(result).searchParams.has('code')).toBe(true)
  })

  it('defaults to what the client registered', async () => {
    const { server, clock } = await testServer({ clients: [{ ...SPA, defaultMaxAge: 60 }] })
    const browser = testBrowser(server)
    await signIn(browser)
    clock.advance(60)
    expect((await silently(browser)).has('code')).toBe(true)
    clock.advance(1)
    expect((await silently(browser)).get('error')).toBe('login_required')
    expect((await silently(browser, { max_age: '100' })).has('code')).toBe(true)
  })
})

describe('the consent of a user', () => {
  it('is valid for 90 days', async () => {
    const { server, clock } = await testServer({ clients: [{ ...SPA, requireConsent: true }], sessionLifetime: 100 * 86_400 })
    const browser = testBrowser(server)
    const page = await asPage(await browser.get(authorizePath()))
    const consent = await asPage(await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' }))
    expect(locationOf(await browser.submit(consent, { action: 'consent' })).searchParams.has('code')).toBe(true)
    clock.advance(90 * 86_400 - 1)
    expect((await silently(browser)).has('code')).toBe(true)
    clock.advance(1)
    expect((await silently(browser)).get('error')).toBe('consent_required')
  })
})

describe('a page that was left open', () => {
  it('is accepted for an hour, and shown again after that', async () => {
    const { server, clock } = await testServer()
    const browser = testBrowser(server)
    const values = { action: 'sign-in', username: 'alice', password: 'wonderland' }
    const [first, second] = [await asPage(await browser.get(authorizePath())), await asPage(await browser.get(authorizePath()))]
    clock.advance(3599)
    expect(locationOf(await browser.submit(first, values)).searchParams.has('code')).toBe(true)
    clock.advance(1)
    const again = await asPage(await browser.submit(second, values))
    expect(again.text).toContain('open for too long')
  })
})
