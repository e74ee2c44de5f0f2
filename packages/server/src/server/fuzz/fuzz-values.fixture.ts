import { decideBackchannelRequest } from '../../features/ciba/decide-backchannel-request.js'
import {
  asPage,
  authorizePath,
  json,
  locationOf,
  redeem,
  signIn,
  testBrowser,
  type TestBrowser,
} from '../test-browser.fixture.js'
import { post, WEB } from '../test-requests.fixture.js'
import { CONFIDENTIAL, SPA } from '../test-server.fixture.js'
import type { FuzzServer } from './fuzz-server.fixture.js'

/** Creates the values of placeholders: codes, tokens, cookies, as a browser and clients get them. */
export interface FuzzValues {
  /** The value of a placeholder; undefined for an unknown name. */
  get(name: string): Promise<string | number | undefined>
  /** Opens a page for its form. */
  open(path: string, isFreshBrowser: boolean): Promise<void>
  /** Forgets tokens and signs in again: a former request may have signed the user out. */
  renew(): Promise<void>
}

/** Page, its form, and the cookies of the browser that opened it. */
interface OpenPage {
  readonly action: string
  readonly csrf: string
}

export async function fuzzValues({ server, clock }: FuzzServer): Promise<FuzzValues> {
  let browser: TestBrowser = testBrowser(server)
  let current: TestBrowser = browser
  let form: OpenPage = { action: '', csrf: '' }
  let kept = new Map<string, Promise<string>>()
  const keep = (name: string, create: () => Promise<string>): Promise<string> => {
    const value = kept.get(name) ?? create()
    kept.set(name, value)
    return value
  }
  const code = async (): Promise<string> => {
    const response = await browser.get(authorizePath())
    // An earlier request has signed the user out.
    if (!response.headers.has('location')) await renew()
    return locationOf(await browser.get(authorizePath())).searchParams.get('code') ?? ''
  }
  const token = async (name: string): Promise<string> => (await json(await redeem(server, await code())))[name] ?? ''
  const ask = async (path: string, body: Readonly<Record<string, string>>, name: string): Promise<string> =>
    (await json(await post(server, path, { ...WEB, ...body })))[name] ?? ''
  const authReqId = async (): Promise<string> => {
    clock.advance(400)
    return ask('/backchannel_authentication', { scope: 'openid', login_hint: 'alice' }, 'auth_req_id')
  }
  const waitingId = async (): Promise<string> => {
    await authReqId()
    return /name="request" value="([^"]*)"/.exec(await (await browser.get('/oauth/approve')).text())?.[1] ?? ''
  }
  const approvedId = async (): Promise<string> => {
    const id = await authReqId()
    const waiting = /name="request" value="([^"]*)"/.exec(await (await browser.get('/oauth/approve')).text())?.[1] ?? ''
    await decideBackchannelRequest(server, waiting, { userId: 'alice' })
    return id
  }
  const deviceCode = async (): Promise<string> => {
    const issued = await json(await post(server, '/device_authorization', { ...WEB, scope: 'openid' }))
    const path = `/oauth/device?user_code=${issued['user_code'] ?? ''}`
    await browser.submit(await asPage(await browser.get(path)), { action: 'consent' })
    return issued['device_code'] ?? ''
  }
  const pushed = async (): Promise<string> => {
    const params = Object.fromEntries(new URLSearchParams(authorizePath().split('?')[1]))
    return (await json(await post(server, '/par', { ...params, client_id: SPA.clientId })))['request_uri'] ?? ''
  }
  const registered = async (name: string): Promise<string> => {
    const body = JSON.stringify({ redirect_uris: ['https://r.example/cb'] })
    const response = await server.fetch(
      new Request(`${server.issuer}/register`, { method: 'POST', body, headers: { 'content-type': 'application/json' } }),
    )
    const client = await json(response)
    kept.set('registered_id', Promise.resolve(client['client_id'] ?? ''))
    kept.set('registration_token', Promise.resolve(client['registration_access_token'] ?? ''))
    return kept.get(name) ?? ''
  }
  const values: Readonly<Record<string, () => string | number | Promise<string>>> = {
    code,
    refresh_token: () => token('refresh_token'),
    access_token: () => keep('access_token', () => token('access_token')),
    id_token: () => keep('id_token', () => token('id_token')),
    client_token: () =>
      keep('client_token', () => ask('/token', { grant_type: 'client_credentials', scope: 'profile' }, 'access_token')),
    request_uri: pushed,
    device_code: deviceCode,
    user_code: () => ask('/device_authorization', { scope: 'openid' }, 'user_code'),
    auth_req_id: approvedId,
    ciba_id: () => keep('ciba_id', waitingId),
    registered_id: () => kept.get('registered_id') ?? registered('registered_id'),
    registration_token: () => kept.get('registration_token') ?? registered('registration_token'),
    cookie: () => [...current.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    csrf: () => form.csrf,
    action: () => form.action.replace(/^\/oauth/, ''),
    basic: () => `Basic ${btoa(`web:${encodeURIComponent(CONFIDENTIAL.clientSecret ?? '')}`)}`,
    random: () => crypto.randomUUID(),
    now: () => Math.floor(clock.now() / 1000),
    soon: () => Math.floor(clock.now() / 1000) + 60,
  }
  const renew = async (): Promise<void> => {
    kept = new Map()
    current = browser = testBrowser(server)
    await signIn(browser)
  }
  await renew()
  return {
    get: async (name) => values[name]?.(),
    async open(path, isFreshBrowser) {
      current = isFreshBrowser ? testBrowser(server) : browser
      const { text } = await asPage(await current.get(`/oauth${path}`))
      const action = /<form method="post" action="([^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? ''
      form = { action, csrf: /name="csrf" value="([^"]*)"/.exec(text)?.[1] ?? '' }
    },
    renew,
  }
}
