import { describe, expect, it } from 'vitest'
import { asPage, authorizePath, locationOf, signIn, testBrowser, type TestBrowser } from '../server/test-browser.fixture.js'
import { ISSUER, SPA, testServer } from '../server/test-server.fixture.js'
import type { ClientRecord } from '../storage/client-record.js'

const NATIVE: ClientRecord = { clientId: 'app', applicationType: 'native', redirectUris: [] }

type Params = Readonly<Record<string, string | undefined>>
interface Case {
  readonly client: ClientRecord
  readonly redirectUri: string
  readonly issuer?: string
}

/** Signed in at another client, so that the request itself needs no sign-in. */
async function signedIn({ client, redirectUri, issuer = ISSUER }: Case) {
  const { server } = await testServer({ issuer, clients: [SPA, client] })
  const browser = testBrowser(server, issuer)
  await signIn(browser)
  const get = async (params: Params = {}): Promise<Response> =>
    browser.get(authorizePath({ client_id: client.clientId, redirect_uri: redirectUri, ...params }))
  return { browser, get }
}

const resultOf = (response: Response): string | null => {
  const { searchParams } = locationOf(response)
  return searchParams.has('code') ? 'code' : searchParams.get('error')
}
const submit = async (browser: TestBrowser, response: Response, action: string, url = ISSUER): Promise<Response> =>
  browser.submit(await asPage(response, url), { action })

const scheme = 'com.example.app:/cb'
const loopback = 'http://127.0.0.1:51004/cb'
const HTTPS = 'https://id.example/oauth'
const CASES: readonly (readonly [string, Case])[] = [
  ['a private scheme', { client: { ...NATIVE, redirectUris: [scheme] }, redirectUri: scheme }],
  ['a loopback address', { client: { ...NATIVE, redirectUris: ['http://127.0.0.1/cb'] }, redirectUri: loopback }],
  ['localhost', { client: { ...NATIVE, redirectUris: ['http://localhost:51004/cb'] }, redirectUri: 'http://localhost:51004/cb' }],
  ['a private scheme without "native"', { client: { clientId: 'app', redirectUris: [scheme] }, redirectUri: scheme }],
  [
    'a loopback address without "native", at a server that is elsewhere',
    { client: { clientId: 'app', redirectUris: [loopback] }, redirectUri: loopback, issuer: HTTPS },
  ],
]

describe('a native public client, which another app can impersonate (RFC 8252, section 8.6)', () => {
  it.each(CASES)('needs a click each time, also after consent: %s', async (_, tried) => {
    for (const requireConsent of [false, true]) {
      const issuer = tried.issuer ?? ISSUER
      const { browser, get } = await signedIn({ ...tried, client: { ...tried.client, requireConsent } })
      expect(resultOf(await get({ prompt: 'none' }))).toBe('consent_required')
      const page = await get()
      expect(page.status).toBe(200)
      expect(resultOf(await submit(browser, page, 'consent', issuer))).toBe('code')
      expect(resultOf(await get({ prompt: 'none' }))).toBe('consent_required')
      expect((await get()).status).toBe(200)
    }
  })

  it('needs no further click after a sign-in or the choice of an account', async () => {
    const client = { ...NATIVE, redirectUris: [scheme] }
    const { server } = await testServer({ clients: [SPA, client] })
    const browser = testBrowser(server)
    expect((await signIn(browser, { client_id: 'app', redirect_uri: scheme })).searchParams.has('code')).toBe(true)
    const chosen = await browser.get(authorizePath({ client_id: 'app', redirect_uri: scheme, prompt: 'select_account' }))
    expect(resultOf(await submit(browser, chosen, 'continue'))).toBe('code')
    // A denial is no consent for the next request.
    const denied = await browser.get(authorizePath({ client_id: 'app', redirect_uri: scheme }))
    expect(resultOf(await submit(browser, denied, 'deny'))).toBe('access_denied')
    expect((await browser.get(authorizePath({ client_id: 'app', redirect_uri: scheme }))).status).toBe(200)
  })

  it.each([
    [
      'a claimed https URL',
      { client: { ...NATIVE, redirectUris: ['https://app.example/cb'] }, redirectUri: 'https://app.example/cb' },
    ],
    ['a secret', { client: { ...NATIVE, clientSecret: 'a secret of its own', redirectUris: [scheme] }, redirectUri: scheme }],
    ['a page of a server in development', { client: { clientId: 'app', redirectUris: [loopback] }, redirectUri: loopback }],
  ])('is not one with %s', async (_, tried: Case) => {
    const { get } = await signedIn(tried)
    expect(resultOf(await get({ prompt: 'none' }))).toBe('code')
  })
})
