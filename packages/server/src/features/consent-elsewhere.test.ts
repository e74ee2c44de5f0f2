import { describe, expect, it } from 'vitest'
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
import { ALICE, ISSUER, SPA, testServer, type Clock } from '../server/test-server.fixture.js'
import type { Interaction, SiteAdapter } from '../site/site-adapter.js'
import { userSite } from '../site/user-site.js'
import { cibaServer, openApprovals } from './ciba/ciba.fixture.js'
import { device } from './device/device.js'
import { barePath, clientKeys, sign, signingClient } from './jar/request-object.fixture.js'
import { rar } from './rar/rar.js'

const API = 'https://api.example/'
const FILES = 'https://files.example/'
const CLAIMS = { userinfo: { ssn: null, shoe_size: null }, id_token: { ssn: { essential: true } } }
const SITE = userSite({ users: [{ ...ALICE, claims: { ...ALICE.claims, ssn: '078-05-1120', shoe_size: 44 } }] })

/** Signs in and returns the consent page, which must show everything. */
async function consentPage(browser: TestBrowser, path: string): Promise<Page> {
  const first = await asPage(await browser.get(path))
  const { username, password } = ALICE
  const page = await asPage(await browser.submit(first, { action: 'sign-in', username, password }))
  for (const text of ['ssn', 'shoe_size', API, FILES]) expect(page.text).toContain(`<bdi>${text}</bdi>`)
  return page
}

describe('what a user agrees to is shown and remembered', () => {
  it('for a request object (RFC 9101)', async () => {
    const keys = await clientKeys()
    const client = { ...signingClient(keys), requireConsent: true }
    const { server, clock } = await testServer({ clients: [client], site: SITE })
    const browser = testBrowser(server)
    const signed = (prompt?: string): Promise<string> =>
      sign({ scope: 'openid', claims: CLAIMS, resource: [API, FILES], prompt }, { key: keys.privateKey, clock })
    const page = await consentPage(browser, barePath({ request: await signed() }))
    expect(locationOf(await browser.submit(page, { action: 'consent' })).searchParams.has('code')).toBe(true)
    const again = locationOf(await browser.get(barePath({ request: await signed('none') })))
    expect(again.searchParams.has('code')).toBe(true)
  })

  it('for a pushed request (RFC 9126)', async () => {
    const { server } = await testServer({ clients: [{ ...SPA, requireConsent: true }], site: SITE })
    const push = async (more: Readonly<Record<string, string>>): Promise<string> => {
      const params = new URL(authorizePath({ scope: 'openid', claims: JSON.stringify(CLAIMS), ...more }), ISSUER).searchParams
      for (const resource of [API, FILES]) params.append('resource', resource)
      const response = await server.fetch(new Request(`${ISSUER}/par`, { method: 'POST', body: params }))
      return barePath({ request_uri: (await json(response))['request_uri'] ?? '' })
    }
    const browser = testBrowser(server)
    const page = await consentPage(browser, await push({}))
    expect(locationOf(await browser.submit(page, { action: 'consent' })).searchParams.has('code')).toBe(true)
    expect(locationOf(await browser.get(await push({ prompt: 'none' }))).searchParams.has('code')).toBe(true)
    const wider = JSON.stringify({ userinfo: { ...CLAIMS.userinfo, salary: null } })
    const refused = locationOf(await browser.get(await push({ prompt: 'none', claims: wider })))
    expect(refused.searchParams.get('error')).toBe('consent_required')
  })

  it('for a device, and for CIBA', async () => {
    const { server } = await testServer({ features: [device()] })
    const body = new URLSearchParams({ client_id: 'spa', scope: 'openid', resource: API })
    const started = await json(await server.fetch(new Request(`${ISSUER}/device_authorization`, { method: 'POST', body })))
    const browser = testBrowser(server)
    const first = await asPage(await browser.get(started['verification_uri_complete'] ?? ''), `${ISSUER}/device`)
    const page = await asPage(await browser.submit(first, { action: 'sign-in', username: 'alice', password: 'wonderland' }))
    expect(page.text).toContain(`<bdi>${API}</bdi>`)

    const notified: unknown[] = []
    const till = await cibaServer({ notifyUser: ({ resources }) => void notified.push(resources) })
    await till.start({ resource: API })
    expect(notified).toEqual([[API]])
    expect((await openApprovals(till.server)).page.text).toContain(`<bdi>${API}</bdi>`)
  })

  it('at a device is not consent to the same client in a browser', async () => {
    const clients = [{ ...SPA, requireConsent: true }]
    const { server } = await testServer({ clients, features: [device()] })
    const body = new URLSearchParams({ client_id: 'spa', scope: 'openid' })
    const started = await json(await server.fetch(new Request(`${ISSUER}/device_authorization`, { method: 'POST', body })))
    const browser = testBrowser(server)
    const url = started['verification_uri_complete'] ?? ''
    const first = await asPage(await browser.get(url), url)
    const page = await asPage(await browser.submit(first, { action: 'sign-in', username: 'alice', password: 'wonderland' }), url)
    expect((await browser.submit(page, { action: 'consent' })).status).toBe(200)
    const silent = locationOf(await browser.get(authorizePath({ scope: 'openid', prompt: 'none' })))
    expect(silent.searchParams.get('error')).toBe('consent_required')
  })
})

type ReadConsent = NonNullable<SiteAdapter['readConsent']>

interface Narrowing {
  readonly server: AuthorizationServer
  readonly clock: Clock
  readonly browser: TestBrowser
  readonly asked: Interaction[]
  /** The authorization response. */
  readonly decide: (params?: Readonly<Record<string, string>>, more?: string) => Promise<URLSearchParams>
  readonly errors: unknown[]
}

/** A site whose users choose what they agree to. */
async function choosing(readConsent: ReadConsent): Promise<Narrowing> {
  const asked: Interaction[] = []
  const errors: unknown[] = []
  const site: SiteAdapter = {
    ...SITE,
    readConsent(interaction) {
      asked.push(interaction)
      return readConsent(interaction)
    },
  }
  const { server, clock } = await testServer({
    clients: [
      { ...SPA, requireConsent: true },
      { ...SPA, clientId: 'plain' },
    ],
    site,
    hooks: { onError: (error) => void errors.push(error) },
    features: [rar({ types: { payment: { check: () => undefined } } })],
  })
  const browser = testBrowser(server)
  await signIn(browser, { client_id: 'plain' })
  const decide: Narrowing['decide'] = async (params = {}, more = '') => {
    const page = await asPage(await browser.get(authorizePath(params) + more))
    return locationOf(await browser.submit(page, { action: 'consent' })).searchParams
  }
  return { server, clock, browser, asked, decide, errors }
}

const PAYMENT = { type: 'payment', actions: ['read', 'write'] }

describe('a custom site', () => {
  it('gets a question that contains everything the user agrees to', async () => {
    const { decide, asked } = await choosing(() => undefined)
    const params = { claims: JSON.stringify(CLAIMS), authorization_details: JSON.stringify([PAYMENT]) }
    expect((await decide({ scope: 'openid email', ...params }, `&resource=${API}`)).has('code')).toBe(true)
    expect(asked).toMatchObject([
      {
        scope: ['openid', 'email'],
        individualClaims: { idToken: ['ssn'], userInfo: ['ssn', 'shoe_size'] },
        resources: [API],
        authorizationDetails: [PAYMENT],
      },
    ])
  })

  it('may narrow the consent, which limits the tokens and what is remembered', async () => {
    const { server, browser, decide } = await choosing(() => ({
      scope: ['openid'],
      individualClaims: { idToken: [], userInfo: ['shoe_size'] },
      resources: [API],
    }))
    const claims = JSON.stringify({ ...CLAIMS, userinfo: { ...CLAIMS.userinfo, email: null } })
    const both = `&resource=${API}&resource=${FILES}`
    const code = (await decide({ scope: 'openid email', claims }, both)).get('code') ?? ''
    const tokens = await json(await redeem(server, code))
    expect(tokens['scope']).toBe('openid')
    const headers = { authorization: `Bearer ${tokens['access_token']}` }
    expect(await json(await server.fetch(new Request(`${ISSUER}/userinfo`, { headers })))).toEqual({
      sub: 'alice',
      shoe_size: 44,
    })
    const refresh = { grant_type: 'refresh_token', client_id: 'spa', refresh_token: tokens['refresh_token'] ?? '' }
    expect((await json(await server.fetch(tokenRequest({ ...refresh, resource: FILES }))))['error']).toBe('invalid_target')
    const silent = async (scope: string, more: string): Promise<string | null> =>
      locationOf(await browser.get(authorizePath({ prompt: 'none', scope }) + more)).searchParams.get('error')
    expect(await silent('openid', `&resource=${API}`)).toBe(null)
    expect(await silent('openid email', `&resource=${API}`)).toBe('consent_required')
    expect(await silent('openid', `&resource=${FILES}`)).toBe('consent_required')
  })

  it('may narrow the authorization details, by the rules of their type', async () => {
    const { server, decide } = await choosing(() => ({ authorizationDetails: [{ ...PAYMENT, actions: ['read'] }] }))
    const code = (await decide({ authorization_details: JSON.stringify([PAYMENT]) })).get('code') ?? ''
    const { authorization_details: details } = await json(await redeem(server, code))
    expect(details).toEqual([{ ...PAYMENT, actions: ['read'] }])
  })

  const WIDER: readonly (readonly [string, ReadConsent])[] = [
    ['scope', () => ({ scope: ['openid', 'phone'] })],
    ['a claim', () => ({ individualClaims: { idToken: ['salary'], userInfo: [] } })],
    ['a resource', () => ({ resources: ['https://evil.example/'] })],
    ['no resource, which would be all of them', () => ({ resources: [] })],
    ['a misspelled member', () => ({ scopes: ['openid'] }) as never],
    ['something else', () => true as never],
  ]
  it.each(WIDER)('cannot add to what was requested: %s', async (_, readConsent) => {
    const { decide, errors } = await choosing(readConsent)
    const response = await decide({ claims: JSON.stringify(CLAIMS) }, `&resource=${API}`)
    expect(response.get('error')).toBe('server_error')
    expect(String(errors[0])).toContain('readConsent')
  })

  it('cannot add authorization details, and agreeing to nothing is a denial', async () => {
    const wider = await choosing(() => ({ authorizationDetails: [{ ...PAYMENT, actions: ['read', 'write', 'delete'] }] }))
    const params = { authorization_details: JSON.stringify([PAYMENT]) }
    expect((await wider.decide(params)).get('error')).toBe('invalid_authorization_details')
    const nothing = await choosing(() => ({ scope: [], authorizationDetails: [] }))
    expect((await nothing.decide(params)).get('error')).toBe('access_denied')
  })
})
