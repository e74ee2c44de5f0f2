import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { rar } from '../features/rar/rar.js'
import type { AuthorizationServer } from '../server/authorization-server.js'
import {
  asPage,
  authorizePath,
  json,
  locationOf,
  redeem,
  signIn,
  testBrowser,
  tokenRequest,
  type Page,
  type TestBrowser,
} from '../server/test-browser.fixture.js'
import { ALICE, BOB, ISSUER, SPA, testServer } from '../server/test-server.fixture.js'
import { userSite } from '../site/user-site.js'
import type { ClientRecord } from '../storage/client-record.js'
import { authorizationCode } from '../token/grants/authorization-code.js'
import { hybrid } from '../token/grants/hybrid.js'
import { implicit } from '../token/grants/implicit.js'
import { jwtGenerator } from '../token/jwt-generator.js'

const API = 'https://api.example/'
const FILES = 'https://files.example/'
const CLIENT: ClientRecord = { ...SPA, requireConsent: true }
const USERS = [
  { ...ALICE, claims: { ...ALICE.claims, ssn: '078-05-1120', phone_number: '+1 555' } },
  { ...BOB, claims: { ...BOB.claims, ssn: '219-09-9999' } },
]
const SSN = { claims: JSON.stringify({ userinfo: { ssn: null } }) }

type Options = NonNullable<Parameters<typeof testServer>[0]>

/** Signed in, without any consent. */
async function signedIn(
  client: ClientRecord = CLIENT,
  more: Options = {},
): Promise<{ server: AuthorizationServer; browser: TestBrowser }> {
  const clients = [client, { ...SPA, clientId: 'plain' }]
  const { server } = await testServer({ clients, site: userSite({ users: USERS }), ...more })
  const browser = testBrowser(server)
  await signIn(browser, { client_id: 'plain' })
  return { server, browser }
}

type Params = Readonly<Record<string, string | undefined>>

const open = async (browser: TestBrowser, params: Params = {}, more = ''): Promise<Page> =>
  asPage(await browser.get(authorizePath({ scope: 'openid', ...params }) + more))
const allow = async (browser: TestBrowser, params: Params = {}, more = ''): Promise<string> => {
  const page = await open(browser, params, more)
  const response = page.response.status === 200 ? await browser.submit(page, { action: 'consent' }) : page.response
  return locationOf(response).searchParams.get('code') ?? ''
}
const silent = async (browser: TestBrowser, params: Params = {}, more = ''): Promise<string | null> => {
  const { searchParams } = locationOf(await browser.get(authorizePath({ scope: 'openid', prompt: 'none', ...params }) + more))
  return searchParams.has('code') ? 'code' : searchParams.get('error')
}
const userInfo = async (server: AuthorizationServer, token = ''): Promise<Record<string, string>> =>
  json(await server.fetch(new Request(`${ISSUER}/userinfo`, { headers: { authorization: `Bearer ${token}` } })))
const resource = (uri: string): string => `&resource=${encodeURIComponent(uri)}`

describe('consent (OpenID Connect Core 1.0, section 5.5)', () => {
  it('shows each individual claim by its name, and gives it after consent alone', async () => {
    const { server, browser } = await signedIn()
    const page = await open(browser, SSN)
    expect(page.text).toContain('<bdi>ssn</bdi>')
    const code = await allow(browser, SSN)
    const { access_token: token } = await json(await redeem(server, code))
    expect(await userInfo(server, token)).toMatchObject({ ssn: '078-05-1120' })
  })

  it('to other things does not cover an individual claim', async () => {
    const { browser } = await signedIn()
    await allow(browser, { scope: 'openid profile email' })
    expect(await silent(browser, { scope: 'openid profile email' })).toBe('code')
    for (const claims of [
      { userinfo: { ssn: null } },
      { id_token: { ssn: null } },
      { userinfo: { ssn: { essential: true } } },
      { userinfo: { ssn: { value: '078-05-1120' } } },
      { id_token: { ssn: { values: ['1', '2'] } } },
      { userinfo: { phone_number: null } },
    ])
      expect(await silent(browser, { claims: JSON.stringify(claims) }), JSON.stringify(claims)).toBe('consent_required')

    expect((await open(browser, SSN)).text).toContain('ssn')
  })

  it('is remembered for the claim, the response that has it, and the user', async () => {
    const { browser } = await signedIn()
    await allow(browser, SSN)
    expect(await silent(browser, SSN)).toBe('code')
    expect(await silent(browser, { claims: JSON.stringify({ userinfo: { ssn: { essential: true } } }) })).toBe('code')
    expect(await silent(browser, { claims: JSON.stringify({ id_token: { ssn: null } }) })).toBe('consent_required')
    expect(await silent(browser, { claims: JSON.stringify({ userinfo: { name: null } }) })).toBe('consent_required')
    const page = await open(browser, { prompt: 'login' })
    await browser.submit(page, { action: 'sign-in', username: 'bob', password: 'builder' })
    expect(await silent(browser, SSN)).toBe('consent_required')
  })

  it('is not needed for claims about the sign-in, or for those of the scope', async () => {
    const { browser } = await signedIn()
    await allow(browser, { scope: 'openid email' })
    for (const claims of [
      { id_token: { sub: { value: 'alice' }, auth_time: { essential: true }, acr: null } },
      { userinfo: { sub: null, email: { essential: true } } },
    ])
      expect(await silent(browser, { scope: 'openid email', claims: JSON.stringify(claims) })).toBe('code')
  })

  it('gives the ID token of a refresh no more than was agreed to', async () => {
    const { server, browser } = await signedIn()
    const { id_token: idToken = '', refresh_token: token = '' } = await json(await redeem(server, await allow(browser)))
    expect(decodeJwt(idToken)).not.toHaveProperty('ssn')
    const refresh = { grant_type: 'refresh_token', client_id: 'spa', refresh_token: token }
    const wider = await json(await server.fetch(tokenRequest({ ...refresh, scope: 'openid email' })))
    expect(wider['error']).toBe('invalid_scope')
    const again = await json(
      await server.fetch(tokenRequest({ ...refresh, claims: JSON.stringify({ id_token: { ssn: null } }) })),
    )
    expect(decodeJwt(again['id_token'] ?? '')).not.toHaveProperty('ssn')
  })

  it('covers no claim that the client may not request', async () => {
    const limited = { ...CLIENT, scope: 'openid email', claims: ['ssn'] }
    const { server, browser } = await signedIn(limited)
    const claims = JSON.stringify({ userinfo: { ssn: null, phone_number: null, salary: null, email: null } })
    const page = await open(browser, { claims })
    expect(page.text).toContain('<bdi>ssn</bdi>')
    expect(page.text).not.toContain('<bdi>phone_number')
    expect(page.text).not.toContain('<bdi>salary')
    const { access_token: token } = await json(await redeem(server, await allow(browser, { claims })))
    expect(await userInfo(server, token)).toEqual({ sub: 'alice', ssn: '078-05-1120', email: 'alice@example.com' })
  })

  it('covers no claim of a scope name that the client may not use, with or without a page', async () => {
    for (const client of [
      { ...CLIENT, scope: 'openid' },
      { ...SPA, scope: 'openid' },
    ]) {
      const { server, browser } = await signedIn(client)
      const params = { claims: JSON.stringify({ userinfo: { email: null } }) }
      if (client.requireConsent) await allow(browser, params)
      const code = locationOf(await browser.get(authorizePath({ scope: 'openid', ...params }))).searchParams.get('code') ?? ''
      const { access_token: token } = await json(await redeem(server, code))
      expect(await userInfo(server, token)).toEqual({ sub: 'alice' })
    }
  })

  it.each([
    ['a change of direction', 's\u202Esn'],
    ['a hidden character', 's\u200Bsn'],
    ['more than 100 characters', 's'.repeat(101)],
  ])('is not requested for a claim whose name has %s', async (_, name) => {
    const { browser } = await signedIn()
    expect(await silent(browser, { claims: JSON.stringify({ userinfo: { [name]: null } }) })).toBe('invalid_request')
  })
})

describe('consent to resources (RFC 8707, section 3)', () => {
  it('shows each of them, and is remembered for each', async () => {
    const { browser } = await signedIn()
    await allow(browser)
    expect(await silent(browser, {}, resource(API))).toBe('consent_required')
    const page = await open(browser, {}, resource(API))
    expect(page.text).toContain(`<bdi>${API}</bdi>`)
    await allow(browser, {}, resource(API) + resource(FILES))
    expect(await silent(browser, {}, resource(API))).toBe('code')
    expect(await silent(browser, {}, resource(FILES) + resource(API))).toBe('code')
    expect(await silent(browser, {}, resource('https://pay.example/'))).toBe('consent_required')
  })

  it('is remembered with the scope that was requested there', async () => {
    const { browser } = await signedIn()
    await allow(browser, { scope: 'openid email' }, resource(API))
    await allow(browser, { scope: 'openid profile' }, resource(FILES))
    expect(await silent(browser, { scope: 'openid email' }, resource(API))).toBe('code')
    expect(await silent(browser, { scope: 'openid profile' }, resource(API))).toBe('consent_required')
    expect(await silent(browser, { scope: 'openid email' })).toBe('consent_required')
  })

  it('is not requested for a resource that the client may not use', async () => {
    const { browser } = await signedIn({ ...CLIENT, resources: [API] })
    await allow(browser, {}, resource(API))
    expect(await silent(browser, {}, resource(FILES))).toBe('invalid_target')
  })

  it('limits the resources of the token request', async () => {
    const { server, browser } = await signedIn(CLIENT, { tokens: jwtGenerator() })
    const refused = await json(await redeem(server, await allow(browser), { resource: API }))
    expect(refused['error']).toBe('invalid_target')
    const tokens = await json(await redeem(server, await allow(browser)))
    const refresh = { grant_type: 'refresh_token', client_id: 'spa', refresh_token: tokens['refresh_token'] ?? '' }
    expect((await json(await server.fetch(tokenRequest({ ...refresh, resource: API }))))['error']).toBe('invalid_target')
  })
})

describe('remembered consent', () => {
  const changed = async (change: Partial<ClientRecord>, params: Params = {}): Promise<string | null> => {
    let client: ClientRecord = CLIENT
    const clients = { findClient: (id: string) => Promise.resolve({ ...client, clientId: id }) }
    const { server } = await testServer({ clients })
    const browser = testBrowser(server)
    const consent = await asPage(
      await browser.submit(await open(browser), { action: 'sign-in', username: 'alice', password: 'wonderland' }),
    )
    await browser.submit(consent, { action: 'consent' })
    client = { ...client, ...change }
    return silent(browser, params)
  }

  it('is not used after a change of the client: its name, or the redirect URI', async () => {
    expect(await changed({})).toBe('code')
    expect(await changed({ clientName: 'Your bank' })).toBe('consent_required')
    expect(await changed({ clientName: undefined })).toBe('consent_required')
    const other = 'https://other.example/cb'
    expect(await changed({ redirectUris: [other] }, { redirect_uri: other })).toBe('consent_required')
    const path = 'https://app.example/other'
    expect(await changed({ redirectUris: [...SPA.redirectUris, path] }, { redirect_uri: path })).toBe('consent_required')
    expect(await changed({ redirectUris: [...SPA.redirectUris, path] })).toBe('code')
  })

  it('to one redirect URI is not for another one that was registered later, whatever is agreed to there', async () => {
    const later = 'https://app.example/later'
    let client: ClientRecord = CLIENT
    const clients = { findClient: (id: string) => Promise.resolve({ ...client, clientId: id }) }
    const { server } = await testServer({ clients })
    const browser = testBrowser(server)
    const { username, password } = ALICE
    const wide = { scope: 'openid email' }
    const first = await asPage(await browser.submit(await open(browser, wide), { action: 'sign-in', username, password }))
    await browser.submit(first, { action: 'consent' })
    client = { ...client, redirectUris: [...SPA.redirectUris, later] }
    await allow(browser, { redirect_uri: later })
    expect(await silent(browser, { redirect_uri: later })).toBe('code')
    expect(await silent(browser, { ...wide, redirect_uri: later })).toBe('consent_required')
  })

  it('expires for each part on its own', async () => {
    const { server, clock } = await testServer({ clients: [CLIENT], consentLifetime: 100 })
    const browser = testBrowser(server)
    const { username, password } = ALICE
    const first = await asPage(await browser.submit(await open(browser), { action: 'sign-in', username, password }))
    await browser.submit(first, { action: 'consent' })
    clock.advance(60)
    await allow(browser, { scope: 'email' })
    clock.advance(60)
    expect(await silent(browser, { scope: 'email' })).toBe('code')
    expect(await silent(browser, { scope: 'openid' })).toBe('consent_required')
  })

  it('is not given by a page that showed less than is requested now', async () => {
    let scope = 'openid'
    const clients = { findClient: (id: string) => Promise.resolve({ ...CLIENT, clientId: id, scope }) }
    const { server } = await testServer({ clients })
    const browser = testBrowser(server)
    const wide = { scope: 'openid email' }
    const consent = await asPage(
      await browser.submit(await open(browser, wide), { action: 'sign-in', username: 'alice', password: 'wonderland' }),
    )
    expect(consent.text).not.toContain('e-mail address')
    scope = 'openid email'
    const again = await asPage(await browser.submit(consent, { action: 'consent' }))
    expect(again.response.status).toBe(200)
    expect(again.text).toContain('e-mail address')
    expect(locationOf(await browser.submit(again, { action: 'consent' })).searchParams.has('code')).toBe(true)
  })
})

describe('consent to authorization details (RFC 9396, section 12)', () => {
  const details = (type: string): string => JSON.stringify([{ type, text: 'Pay 5 EUR' }])
  const type = { check: () => undefined, describe: ({ text }: Readonly<Record<string, unknown>>) => String(text) }

  it('names the type, and is given for one request and one type alone', async () => {
    const { server, browser } = await signedIn(CLIENT, { features: [rar({ types: { payment: type, debit: type } })] })
    const page = await open(browser, { authorization_details: details('payment') })
    expect(page.text).toContain('<bdi>payment</bdi>')
    expect(page.text).toContain('<bdi>Pay 5 EUR</bdi>')
    const code = locationOf(await browser.submit(page, { action: 'consent' })).searchParams.get('code') ?? ''
    for (const name of ['payment', 'debit'])
      expect(await silent(browser, { authorization_details: details(name) })).toBe('consent_required')

    const other = await json(await redeem(server, code, { authorization_details: details('debit') }))
    expect(other['error']).toBe('invalid_authorization_details')
  })
})

describe('a form of the consent page that is not its button', () => {
  it.each([{}, { action: '' }, { action: 'CONSENT' }, { action: 'cancel' }, { action: 'DENY' }, { action: 'consent ' }])(
    'does not consent: %o',
    async (fields: Readonly<Record<string, string>>) => {
      const { server } = await testServer({ clients: [{ ...SPA, requireConsent: true }] })
      const browser = testBrowser(server)
      const page = await asPage(await browser.get(authorizePath()))
      const consent = await asPage(await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' }))
      expect(locationOf(await browser.submit(consent, fields)).searchParams.get('error')).toBe('access_denied')
    },
  )
})

describe('a user who is not active any more', () => {
  it.each(['token', 'id_token', 'code id_token'])('gets no token in the response: %s', async (type) => {
    let isActive = true
    const site = { ...userSite({ users: USERS }), isActive: () => isActive }
    const grants = [authorizationCode(), implicit(), hybrid()]
    const { browser } = await signedIn({ ...SPA, clientId: 'spa' }, { site, grants })
    const ask = async (): Promise<URL> => locationOf(await browser.get(authorizePath({ scope: 'openid', response_type: type })))
    expect((await ask()).hash).toContain('token=')
    isActive = false
    expect((await ask()).hash).toContain('error=access_denied')
  })
})

describe('consent to a code', () => {
  it('does not cover a token in the URL, but consent to such a token covers a code', async () => {
    const client = { ...SPA, requireConsent: true }
    const ask = async (types: readonly string[]): Promise<string> => {
      const { server } = await testServer({ clients: [client], grants: [authorizationCode(), implicit()] })
      const browser = testBrowser(server)
      const [first = '', second = ''] = types
      const page = await asPage(await browser.get(authorizePath({ response_type: first })))
      const consent = await asPage(await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' }))
      await browser.submit(consent, { action: 'consent' })
      return locationOf(await browser.get(authorizePath({ response_type: second, prompt: 'none' }))).href
    }
    expect(await ask(['code', 'code'])).toContain('code=')
    expect(await ask(['code', 'token'])).toContain('consent_required')
    expect(await ask(['code', 'id_token'])).toContain('consent_required')
    expect(await ask(['token', 'token'])).toContain('access_token=')
    expect(await ask(['token', 'code'])).toContain('code=')
  })
})

describe('a silent request of a client that the user has not agreed to', () => {
  const sub = (value: object): Params => ({ claims: JSON.stringify({ id_token: { sub: value } }) })

  it.each<readonly [string, Params, string]>([
    ['the user', sub({ value: 'alice' }), 'code'],
    ['another user', sub({ value: 'bob' }), 'login_required'],
    ['a list of users', sub({ values: ['carol', 'bob'] }), 'login_required'],
    ['the time of the sign-in', { max_age: '0' }, 'login_required'],
    [
      'the class of the sign-in',
      { claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'high' } } }) },
      'login_required',
    ],
  ])('learns nothing of it: %s', async (_case, params, known) => {
    const { browser } = await signedIn(CLIENT, { acrValues: ['high'] })
    expect(await silent(browser, params)).toBe('consent_required')
    await allow(browser, {})
    expect(await silent(browser, params)).toBe(known)
  })
})
