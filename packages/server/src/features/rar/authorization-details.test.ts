import { rar } from './rar.js'
import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { authorizationCode } from '../../token/grants/authorization-code.js'
import { clientCredentials } from '../../token/grants/client-credentials.js'
import { device } from '../device/device.js'
import { implicit } from '../../token/grants/implicit.js'
import { password } from '../../token/grants/password.js'
import { refreshToken } from '../../token/grants/refresh-token.js'
import { tokenExchange } from '../../token/grants/token-exchange.js'
import { cibaServer, openApprovals, requestsOn } from '../ciba/ciba.fixture.js'
import { clientKeys, sign, signingClient } from '../jar/request-object.fixture.js'
import type { AuthorizationServerOptions } from '../../options/server-options.js'
import {
  asPage,
  authorizePath,
  json,
  locationOf,
  redeem,
  signIn,
  testBrowser,
  tokenRequest,
} from '../../server/test-browser.fixture.js'
import { CONFIDENTIAL, ISSUER, SPA, testClock, testServer } from '../../server/test-server.fixture.js'
import { jwtGenerator } from '../../token/jwt-generator.js'
import type { ClientRecord } from '../../storage/client-record.js'
import type { AuthorizationDetailsType } from './authorization-details.js'

const PAYMENT = {
  type: 'payment_initiation',
  actions: ['initiate'],
  instructedAmount: { currency: 'EUR', amount: '123.50' },
  creditorName: 'Merchant A',
}
const ACCOUNTS = {
  type: 'account_information',
  actions: ['list_accounts', 'read_balances'],
  locations: ['https://bank.example/'],
}
const MEMBERS = ['type', 'actions', 'instructedAmount', 'creditorName']

const payment: AuthorizationDetailsType = {
  check: (details) =>
    Object.keys(details).every((name) => MEMBERS.includes(name)) ? undefined : 'has a member that is not known',
  describe: ({ creditorName }) => `Pay 123.50 EUR to ${String(creditorName)}`,
}
const TYPES = { payment_initiation: payment, account_information: { check: () => undefined } }
const SIGN_IN = { action: 'sign-in', username: 'alice', password: 'wonderland' }
const WEB = { client_id: 'web', client_secret: CONFIDENTIAL.clientSecret ?? '' }

const open = async (options: Partial<AuthorizationServerOptions> = {}) => {
  const { server } = await testServer({ features: [rar({ types: TYPES })], ...options })
  return { server, browser: testBrowser(server) }
}
type Opened = Awaited<ReturnType<typeof open>>

const withDetails = (...details: readonly object[]): { authorization_details: string } => ({
  authorization_details: JSON.stringify(details),
})

/** Signs in, consents, and returns the callback URL. */
async function consentTo({ browser }: Opened, params: Readonly<Record<string, string | undefined>>): Promise<URL> {
  const page = await asPage(await browser.get(authorizePath(params)))
  const consent = await asPage(await browser.submit(page, SIGN_IN))
  return locationOf(await browser.submit(consent, { action: 'consent' }))
}

/** The token response for the granted details. */
async function tokensFor(opened: Opened, details: readonly object[], more: Readonly<Record<string, string>> = {}) {
  const callback = await consentTo(opened, withDetails(...details))
  const response = await redeem(opened.server, callback.searchParams.get('code') ?? '', more)
  const tokens: Record<string, unknown> = await response.json()
  return tokens
}

const refresh = async ({ server }: Opened, token: unknown, more: Readonly<Record<string, string>> = {}) => {
  const body = { grant_type: 'refresh_token', client_id: 'spa', refresh_token: String(token), ...more }
  const tokens: Record<string, unknown> = await (await server.fetch(tokenRequest(body))).json()
  return tokens
}

const introspect = async ({ server }: Opened, token: unknown) => {
  const body = new URLSearchParams({ ...WEB, token: String(token) })
  const introspected: Record<string, unknown> = await (
    await server.fetch(new Request(`${ISSUER}/introspect`, { method: 'POST', body }))
  ).json()
  return introspected
}

describe('authorization details (RFC 9396)', () => {
  it('are in the token response, the token, introspection and the verification of an API', async () => {
    const opened = await open({ tokens: jwtGenerator() })
    const tokens = await tokensFor(opened, [PAYMENT, ACCOUNTS])
    expect(tokens['authorization_details']).toEqual([PAYMENT, ACCOUNTS])
    expect(decodeJwt(String(tokens['access_token']))['authorization_details']).toEqual([PAYMENT, ACCOUNTS])
    expect(await introspect(opened, tokens['access_token'])).toMatchObject({
      active: true,
      authorization_details: [PAYMENT, ACCOUNTS],
    })
    const headers = { authorization: `Bearer ${String(tokens['access_token'])}` }
    const verified = await opened.server.verifyRequest(new Request(ISSUER, { headers }))
    expect(verified).toMatchObject({ ok: true, token: { authorizationDetails: [PAYMENT, ACCOUNTS] } })
  })

  it('are omitted from responses that did not request them', async () => {
    const opened = await open({ tokens: jwtGenerator() })
    const tokens = await json(await redeem(opened.server, (await signIn(opened.browser)).searchParams.get('code') ?? ''))
    expect(tokens).not.toHaveProperty('authorization_details')
    expect(decodeJwt(tokens['access_token'] ?? '')).not.toHaveProperty('authorization_details')
    expect(await introspect(opened, tokens['access_token'])).not.toHaveProperty('authorization_details')
  })

  it('can be pushed, signed, and used without a scope (section 3)', async () => {
    const keys = await clientKeys()
    const clock = testClock()
    const clients = [signingClient(keys)]
    const { server } = await testServer({ clients, features: [rar({ types: TYPES })] }, clock)
    const request = await sign({ authorization_details: [PAYMENT], scope: undefined }, { key: keys.privateKey, clock })
    const body = new URLSearchParams({ client_id: 'spa', request, ...withDetails(ACCOUNTS) })
    const pushed = await json(await server.fetch(new Request(`${ISSUER}/par`, { method: 'POST', body })))
    const path = new URLSearchParams({ client_id: 'spa', request_uri: pushed['request_uri'] ?? '' })
    const browser = testBrowser(server)
    const page = await asPage(await browser.get(`/oauth/authorize?${path.toString()}`))
    const consent = await asPage(await browser.submit(page, SIGN_IN))
    const callback = locationOf(await browser.submit(consent, { action: 'consent' }))
    const tokens = await json(await redeem(server, callback.searchParams.get('code') ?? ''))
    expect(tokens).toMatchObject({ authorization_details: [PAYMENT] })
    expect(tokens).not.toHaveProperty('scope')
  })

  it('are announced in the metadata, if there are any', async () => {
    const metadata = async ({ server }: Opened): Promise<Record<string, string>> =>
      json(await server.fetch(new Request(`${ISSUER}/.well-known/oauth-authorization-server`)))
    expect(await metadata(await open())).toMatchObject({ authorization_details_types_supported: Object.keys(TYPES) })
    for (const features of [[], [rar({ types: {} })]])
      expect(await metadata(await open({ features }))).not.toHaveProperty('authorization_details_types_supported')
  })

  it('are in the response of the implicit flow too', async () => {
    const opened = await open({ grants: [implicit()] })
    const callback = await consentTo(opened, { response_type: 'token', ...withDetails(PAYMENT) })
    const parameters = new URLSearchParams(callback.hash.slice(1))
    expect(JSON.parse(parameters.get('authorization_details') ?? '')).toEqual([PAYMENT])
    expect(await introspect(opened, parameters.get('access_token'))).toMatchObject({ authorization_details: [PAYMENT] })
  })
})

describe('authorization details are refused', () => {
  const REFUSED: readonly (readonly [title: string, text: string])[] = [
    ['that are not JSON', '['],
    ['that are no array', JSON.stringify(PAYMENT)],
    ['that are empty', '[]'],
    ['that are not objects', '["payment_initiation"]'],
    ['that are null', '[null]'],
    ['that are lists', '[[{"type":"payment_initiation"}]]'],
    ['without a type', '[{"actions":[]}]'],
    ['with a type that is no string', '[{"type":["payment_initiation"]}]'],
    ['of an unknown type', '[{"type":"fly"}]'],
    ['of a type that every object has', '[{"type":"constructor"}]'],
    ['of the type __proto__', '[{"type":"__proto__"}]'],
    ['of which one is of an unknown type', JSON.stringify([PAYMENT, { type: 'fly' }])],
    ['that their type refuses', JSON.stringify([{ ...PAYMENT, debtor: 'x' }])],
    ['whose actions are no list', JSON.stringify([{ ...ACCOUNTS, actions: 'all' }])],
    ['whose actions are null', JSON.stringify([{ ...ACCOUNTS, actions: null }])],
    ['whose locations are not all strings', JSON.stringify([{ ...ACCOUNTS, locations: ['a', 1] }])],
    ['whose identifier is no string', JSON.stringify([{ ...ACCOUNTS, identifier: 7 }])],
    [
      'that turn the direction of text, to read otherwise than they are',
      JSON.stringify([{ ...PAYMENT, creditorName: 'A\u202E005' }]),
    ],
    ['with a line break in a name', JSON.stringify([{ ...ACCOUNTS, 'a\nb': 1 }])],
    ['that are nested without end', `[{"type":"account_information","x":${'['.repeat(3900)}${']'.repeat(3900)}}]`],
    ['that are longer than a token should be', JSON.stringify([{ ...ACCOUNTS, x: 'x'.repeat(8000) }])],
  ]
  it.each(REFUSED)('%s, by redirect and when they are pushed', async (_title, text) => {
    const { server, browser } = await open()
    const location = locationOf(await browser.get(authorizePath({ authorization_details: text })))
    expect(location.searchParams.get('error')).toBe('invalid_authorization_details')
    const body = new URLSearchParams(new URL(authorizePath({ authorization_details: text }), ISSUER).searchParams)
    const pushed = await json(await server.fetch(new Request(`${ISSUER}/par`, { method: 'POST', body })))
    expect(pushed['error']).toBe('invalid_authorization_details')
  })

  it('of a type that the client has not registered (section 10)', async () => {
    const { browser } = await open({ clients: [{ ...SPA, authorizationDetailsTypes: ['account_information'] }] })
    const location = locationOf(await browser.get(authorizePath(withDetails(PAYMENT))))
    expect(location.searchParams.get('error')).toBe('invalid_authorization_details')
    expect((await browser.get(authorizePath(withDetails(ACCOUNTS)))).status).toBe(200)
  })

  it('by a server without types: they must not be ignored', async () => {
    for (const features of [[], [rar({ types: {} })]]) {
      const { browser } = await open({ features })
      const location = locationOf(await browser.get(authorizePath(withDetails(PAYMENT))))
      expect(location.searchParams.get('error')).toBe('invalid_authorization_details')
    }
  })

  it('with the message of their type, synchronous or not', async () => {
    const check = (): Promise<string> => Promise.resolve('the amount is above the limit')
    const { browser } = await open({ features: [rar({ types: { payment_initiation: { check } } })] })
    const location = locationOf(await browser.get(authorizePath(withDetails(PAYMENT))))
    expect(location.searchParams.get('error_description')).toContain('the amount is above the limit')
  })
})

describe('the consent page', () => {
  const consentFor = async (...details: readonly object[]): Promise<string> => {
    const { browser } = await open()
    const page = await asPage(await browser.get(authorizePath(withDetails(...details))))
    return (await asPage(await browser.submit(page, SIGN_IN))).text
  }

  it('shows the description of the type, or else the members', async () => {
    const text = await consentFor(PAYMENT, ACCOUNTS)
    expect(text).toContain('Pay 123.50 EUR to Merchant A')
    expect(text).toContain('account_information: actions list_accounts, read_balances, locations https://bank.example/')
  })

  it('keeps the values that a client writes apart from the members', async () => {
    const fake = `Shop, amount 1.00 EUR, note thank you” “${'x'.repeat(3000)}`
    const text = await consentFor(
      { ...ACCOUNTS, locations: [fake], actions: ['x, amount 1', 'read'] },
      { ...ACCOUNTS, 'a b, c': true },
    )
    expect(text).toContain('actions “x, amount 1”, read')
    expect(text).toContain('locations “Shop, amount 1.00 EUR, note thank you&#39; &#39;xxx')
    expect(text).toMatch(/&#39;x{50,70}…”/)
    expect(text).toContain('“a b, c” true')
  })

  it('escapes it, names and values', async () => {
    const text = await consentFor(
      { ...PAYMENT, creditorName: '<img src=x onerror=alert(1)>' },
      { ...ACCOUNTS, '<script>': '"><script>alert(1)</script>' },
    )
    expect(text).not.toMatch(/<script>|<img/)
    expect(text).toContain('&lt;img src=x')
  })

  it('is shown each time, also for clients that need no other consent; with prompt=none the client gets the error', async () => {
    const opened = await open()
    await consentTo(opened, withDetails(PAYMENT))
    const again = await asPage(await opened.browser.get(authorizePath(withDetails(PAYMENT))))
    expect(again.text).toContain('Allow access?')
    const silent = locationOf(await opened.browser.get(authorizePath({ ...withDetails(PAYMENT), prompt: 'none' })))
    expect(silent.searchParams.get('error')).toBe('consent_required')
    expect(locationOf(await opened.browser.get(authorizePath())).searchParams.has('code')).toBe(true)
    const refused = locationOf(await opened.browser.submit(again, { action: 'deny' }))
    expect(refused.searchParams.get('error')).toBe('access_denied')
  })

  it('accepts no consent to other details', async () => {
    const { browser } = await open()
    const page = await asPage(await browser.get(authorizePath(withDetails(ACCOUNTS))))
    const consent = await asPage(await browser.submit(page, SIGN_IN))
    const swapped = consent.text.replace(/action="([^"?]*)\?[^"]*"/, (_all, path: string) => {
      const query = new URL(authorizePath(withDetails(PAYMENT)), ISSUER).search.replaceAll('&', '&amp;')
      return `action="${path}${query}"`
    })
    expect(swapped).not.toBe(consent.text)
    const response = await browser.submit({ ...consent, text: swapped }, { action: 'consent' })
    expect(response.headers.get('location')).toBeNull()
  })
})

describe('a token request for less (RFC 9396, section 6)', () => {
  it('narrows the access token; the refresh token keeps the grant', async () => {
    const opened = await open()
    const less = { ...ACCOUNTS, actions: ['read_balances'] }
    const tokens = await tokensFor(opened, [PAYMENT, ACCOUNTS], withDetails(less))
    expect(tokens['authorization_details']).toEqual([less])
    const all = await refresh(opened, tokens['refresh_token'])
    expect(all['authorization_details']).toEqual([PAYMENT, ACCOUNTS])
    const narrowed = await refresh(opened, all['refresh_token'], withDetails(less))
    expect(narrowed['authorization_details']).toEqual([less])
    expect(await introspect(opened, narrowed['access_token'])).toMatchObject({ authorization_details: [less] })
    expect((await refresh(opened, narrowed['refresh_token']))['authorization_details']).toEqual([PAYMENT, ACCOUNTS])
  })

  const MORE: readonly (readonly [title: string, details: readonly object[]])[] = [
    ['another action', [{ ...ACCOUNTS, actions: ['read_balances', 'delete'] }]],
    ['no actions, which may mean all', [{ ...ACCOUNTS, actions: [] }]],
    ['a member left out, which may mean all', [{ type: 'account_information', actions: ['read_balances'] }]],
    ['a further member', [{ ...ACCOUNTS, datatypes: ['x'] }]],
    ['another amount', [{ ...PAYMENT, instructedAmount: { currency: 'EUR', amount: '1000000' } }]],
    ['a lower amount, which is another payment', [{ ...PAYMENT, instructedAmount: { currency: 'EUR', amount: '1' } }]],
    ['more inside an object', [{ ...PAYMENT, instructedAmount: { currency: 'EUR', amount: '123.50', more: 1 } }]],
    ['the same payment twice', [PAYMENT, PAYMENT]],
    ['a type that was not granted', [{ type: 'other' }]],
    ['nothing that can be read', []],
  ]
  it.each(MORE)('is refused for %s, and the refresh token stays valid', async (_title, details) => {
    const other = { check: (): undefined => undefined }
    const opened = await open({ features: [rar({ types: { ...TYPES, other } })] })
    const tokens = await tokensFor(opened, [PAYMENT, ACCOUNTS])
    const refused = await refresh(opened, tokens['refresh_token'], withDetails(...details))
    expect(refused['error']).toBe('invalid_authorization_details')
    expect((await refresh(opened, tokens['refresh_token']))['authorization_details']).toEqual([PAYMENT, ACCOUNTS])
  })

  it('is refused if no details were granted, also with a code', async () => {
    const opened = await open()
    const code = (await signIn(opened.browser)).searchParams.get('code') ?? ''
    expect((await json(await redeem(opened.server, code, withDetails(PAYMENT))))['error']).toBe('invalid_authorization_details')
  })

  it('is compared by the type, if it can', async () => {
    const amount = (details: Record<string, unknown>): number => Number(details['limit'])
    const limited: AuthorizationDetailsType = {
      check: () => undefined,
      covers: (granted, requested) => amount(requested) <= amount(granted),
    }
    const opened = await open({ features: [rar({ types: { limited, unlimited: { ...limited, covers: () => true } } })] })
    const tokens = await tokensFor(opened, [{ type: 'limited', limit: 100 }])
    const less = await refresh(opened, tokens['refresh_token'], withDetails({ type: 'limited', limit: 50 }))
    expect(less['authorization_details']).toEqual([{ type: 'limited', limit: 50 }])
    const more = await refresh(opened, less['refresh_token'], withDetails({ type: 'limited', limit: 101 }))
    expect(more['error']).toBe('invalid_authorization_details')
    const other = await refresh(opened, less['refresh_token'], withDetails({ type: 'unlimited' }))
    expect(other['error']).toBe('invalid_authorization_details')
  })
})

describe('authorization details at the other grants', () => {
  const ask = async ({ server }: Opened, body: Readonly<Record<string, string>>, path = '/token') => {
    const init = { method: 'POST', body: new URLSearchParams(body) }
    const result: Record<string, unknown> = await (await server.fetch(new Request(`${ISSUER}${path}`, init))).json()
    return result
  }

  it('are granted by client credentials and by password', async () => {
    const opened = await open({ grants: [clientCredentials(), password()] })
    const CREDENTIALS = { grant_type: 'password', username: 'alice', password: 'wonderland' }
    for (const body of [
      { ...WEB, grant_type: 'client_credentials' },
      { ...WEB, ...CREDENTIALS },
    ]) {
      expect(await ask(opened, { ...body, ...withDetails(ACCOUNTS) })).toMatchObject({ authorization_details: [ACCOUNTS] })
      expect(await ask(opened, { ...body, ...withDetails({ type: 'fly' }) })).toMatchObject({
        error: 'invalid_authorization_details',
      })
    }
  })

  it('are shown to the user who connects a device', async () => {
    const opened = await open({ grants: [refreshToken()], features: [device(), rar({ types: TYPES })] })
    const refused = await ask(opened, { client_id: 'spa', ...withDetails({ type: 'fly' }) }, '/device_authorization')
    expect(refused['error']).toBe('invalid_authorization_details')
    const started = await ask(opened, { client_id: 'spa', scope: 'openid', ...withDetails(PAYMENT) }, '/device_authorization')
    const page = await asPage(await opened.browser.get(String(started['verification_uri_complete'])))
    const consent = await asPage(await opened.browser.submit(page, SIGN_IN))
    expect(consent.text).toContain('Pay 123.50 EUR to Merchant A')
    await opened.browser.submit(consent, { action: 'consent' })
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
    const tokens = await ask(opened, { client_id: 'spa', grant_type, device_code: String(started['device_code']) })
    expect(tokens['authorization_details']).toEqual([PAYMENT])
  })

  it('are shown to the user of a CIBA request, and passed to the host that finds the user', async () => {
    let notified: readonly object[] = []
    const notifyUser = ({ authorizationDetails }: { authorizationDetails: readonly object[] }): void =>
      void (notified = authorizationDetails)
    const { server, ask: sendRequest, start, poll } = await cibaServer({ notifyUser }, {}, [rar({ types: TYPES })])
    expect((await json(await sendRequest(withDetails({ type: 'fly' }))))['error']).toBe('invalid_authorization_details')
    const id = await start(withDetails({ ...PAYMENT, creditorName: '<b>A</b>' }))
    expect(notified).toEqual([{ ...PAYMENT, creditorName: '<b>A</b>' }])
    const { browser, page } = await openApprovals(server)
    expect(page.text).toContain('Pay 123.50 EUR to &lt;b&gt;A&lt;/b&gt;')
    await browser.submit(page, { request: requestsOn(page)[0] ?? '', decision: 'approve' })
    expect(await json(await poll(id))).toMatchObject({ authorization_details: notified })
  })

  it('are kept by a token exchange, all of them or fewer', async () => {
    const opened = await open({ grants: [authorizationCode(), tokenExchange({ isAllowed: () => true })] })
    const { access_token: token } = await tokensFor(opened, [PAYMENT, ACCOUNTS])
    const body = {
      ...WEB,
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: String(token),
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    }
    expect((await ask(opened, body))['authorization_details']).toEqual([PAYMENT, ACCOUNTS])
    expect((await ask(opened, { ...body, ...withDetails(ACCOUNTS) }))['authorization_details']).toEqual([ACCOUNTS])
    const more = { ...ACCOUNTS, actions: ['delete'] }
    expect((await ask(opened, { ...body, ...withDetails(more) }))['error']).toBe('invalid_authorization_details')
  })

  it('distinguish unique tokens', async () => {
    const opened = await open({ uniqueTokens: true, grants: [authorizationCode()] })
    const first = await tokensFor(opened, [PAYMENT])
    const same = await tokensFor({ ...opened, browser: testBrowser(opened.server) }, [PAYMENT])
    const other = await tokensFor({ ...opened, browser: testBrowser(opened.server) }, [ACCOUNTS])
    expect(same['access_token']).toBe(first['access_token'])
    expect(other['access_token']).not.toBe(first['access_token'])
    expect(other['authorization_details']).toEqual([ACCOUNTS])
  })
})

describe('authorization details of a type that the client has lost', () => {
  it('are kept by no refresh, and taken by no exchange', async () => {
    let lost: Partial<ClientRecord> = {}
    const web: ClientRecord = { ...CONFIDENTIAL, authorizationDetailsTypes: ['account_information'] }
    const grants = [authorizationCode(), refreshToken(), tokenExchange({ isAllowed: () => true })]
    const clients = { findClient: (id: string) => Promise.resolve(id === 'web' ? web : { ...SPA, ...lost }) }
    const opened = await open({ clients, grants })
    const tokens = await tokensFor(opened, [PAYMENT, ACCOUNTS])
    const body = {
      ...WEB,
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: String(tokens['access_token']),
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    }
    const exchanged = await json(await opened.server.fetch(tokenRequest(body)))
    expect(exchanged['authorization_details']).toEqual([ACCOUNTS])
    lost = { authorizationDetailsTypes: ['account_information'] }
    expect((await refresh(opened, tokens['refresh_token']))['authorization_details']).toEqual([ACCOUNTS])
  })
})

it('a type without a check is refused when it is made, not in the first request', () => {
  expect(() => rar({ types: { payment: {} as never } })).toThrow(/^rar: "check" of "payment"/)
})

it.each(['1e400', '[-1e999]', '{"value":1e309}'])('a number that no token could repeat is refused: %s', async (amount) => {
  const { browser } = await open()
  const authorization_details = `[{"type":"account_information","amount":${amount}}]`
  const location = locationOf(await browser.get(authorizePath({ authorization_details })))
  expect(location.searchParams.get('error')).toBe('invalid_authorization_details')
})
