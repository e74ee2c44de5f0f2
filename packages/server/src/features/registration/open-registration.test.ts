// cspell:ignore elpmaxe Česká Банк Ünïcode Examp Paypa hvcn شركة Pаypal
import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../../server/authorization-server.js'
import { asPage, authorizePath, json, locationOf, redeem, signIn, testBrowser } from '../../server/test-browser.fixture.js'
import { post } from '../../server/test-requests.fixture.js'
import { CONFIDENTIAL, ISSUER, SPA, testServer } from '../../server/test-server.fixture.js'
import { clientStore } from '../../storage/client-store.js'
import type { AtomicStore } from '../../storage/atomic-store.js'
import { memoryStore } from '../../storage/memory-store.js'
import { storesOver } from '../../storage/stores.js'
import { authorizationCode } from '../../token/grants/authorization-code.js'
import { clientCredentials } from '../../token/grants/client-credentials.js'
import { hybrid } from '../../token/grants/hybrid.js'
import { implicit } from '../../token/grants/implicit.js'
import { password } from '../../token/grants/password.js'
import { refreshToken } from '../../token/grants/refresh-token.js'
import { tokenExchange } from '../../token/grants/token-exchange.js'
import { ciba } from '../ciba/ciba.js'
import { device } from '../device/device.js'
import { rar } from '../rar/rar.js'
import { registration, type RegistrationOptions } from './registration.js'

const METADATA = { redirect_uris: ['https://new.example/cb'], token_endpoint_auth_method: 'client_secret_post' }
const GRANTS = [authorizationCode(), refreshToken(), implicit(), hybrid(), password(), clientCredentials(), tokenExchange()]

interface Sending {
  readonly type?: string | undefined
  readonly token?: string | undefined
  readonly url?: string | undefined
  readonly method?: string
}

const send = (server: AuthorizationServer, body: unknown, { type, token, url, method = 'POST' }: Sending = {}) =>
  server.fetch(
    new Request(url ?? `${ISSUER}/register`, {
      method,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': type ?? 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    }),
  )

async function open(options: RegistrationOptions = {}) {
  const clients = clientStore(memoryStore())
  for (const client of [SPA, CONFIDENTIAL]) await clients.saveClient(client)
  const features = [registration(options), device(), ciba(), rar({ types: { payment: { check: () => undefined } } })]
  const scopes = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access', 'admin']
  const { server } = await testServer({ clients, features, grants: GRANTS, scopes })
  const register = async (more: object = {}, sending: Sending = {}): Promise<Record<string, string>> =>
    json(await send(server, { ...METADATA, ...more }, sending))
  const replace = async (client: Record<string, string>, more: object): Promise<Record<string, string>> =>
    register(
      { client_id: client['client_id'], ...more },
      { url: client['registration_client_uri'], token: client['registration_access_token'], method: 'PUT' },
    )
  return { server, register, replace }
}

const TOO_MUCH: readonly (readonly [string, object])[] = [
  ['client credentials', { grant_types: ['client_credentials'] }],
  ['the password grant', { grant_types: ['authorization_code', 'password'] }],
  ['token exchange', { grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange'] }],
  ['device codes', { grant_types: ['urn:ietf:params:oauth:grant-type:device_code'] }],
  ['CIBA', { grant_types: ['urn:openid:params:grant-type:ciba'] }],
  ['the implicit grant', { grant_types: ['implicit'], response_types: ['token'] }],
  ['tokens beside the code', { response_types: ['code token'] }],
  ['ID tokens beside the code', { response_types: ['code', 'id_token code'] }],
  ['no scope name but those of others', { scope: 'admin phone' }],
]

describe('open registration gives a stranger', () => {
  it.each(TOO_MUCH)('no more than the code grant: %s', async (_, metadata) => {
    const { register, replace } = await open()
    expect((await register(metadata))['error']).toBe('invalid_client_metadata')
    const client = await register()
    expect((await replace(client, metadata))['error']).toBe('invalid_client_metadata')
  })

  it('refresh tokens of the code grant, and the scope names about the user', async () => {
    const { server, register, replace } = await open()
    const scope = 'openid profile email offline_access'
    const client = await register({ grant_types: ['authorization_code', 'refresh_token'] })
    expect(client).toMatchObject({ grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], scope })
    expect(await register({ scope: 'openid admin email' })).toMatchObject({ scope: 'openid email' })
    expect(await replace(client, { scope: 'openid admin' })).toMatchObject({ scope: 'openid' })
    expect(await replace(client, {})).toMatchObject({ scope })
    const browser = testBrowser(server)
    await signIn(browser)
    const params = { client_id: client['client_id'], redirect_uri: 'https://new.example/cb', scope: 'admin openid phone' }
    const page = await asPage(await browser.get(authorizePath(params)))
    const code = locationOf(await browser.submit(page, { action: 'consent' })).searchParams.get('code') ?? ''
    const credentials = { client_id: client['client_id'] ?? '', client_secret: client['client_secret'] ?? '' }
    const tokens = await json(await redeem(server, code, { ...credentials, redirect_uri: params.redirect_uri }))
    expect(tokens['scope']).toBe('openid')
  })

  it('no individual claims and no resources, unless an option names them', async () => {
    const claims = JSON.stringify({ userinfo: { ssn: null, phone_number: null }, id_token: { groups: null, email: null } })
    const ask = async (options: RegistrationOptions, more: Record<string, string>) => {
      const { server, register, replace } = await open(options)
      const client = await register()
      await replace(client, { claims: ['ssn'], resources: ['https://internal.example/'] })
      const browser = testBrowser(server)
      await signIn(browser)
      const params = { client_id: client['client_id'], redirect_uri: 'https://new.example/cb', scope: 'openid', ...more }
      const response = await browser.get(authorizePath(params))
      return response.headers.get('location') ?? (await response.text())
    }
    const page = await ask({}, { claims })
    expect(page).toContain('<form')
    expect(page).not.toMatch(/<bdi>(?:ssn|phone_number|groups)</)
    expect(await ask({}, { resource: 'https://internal.example/' })).toContain('error=invalid_target')
    const options = { claims: ['groups'], resources: ['https://api.example/mcp'] }
    expect(await ask(options, { claims })).toContain('<bdi>groups<')
    expect(await ask(options, { claims })).not.toContain('<bdi>ssn<')
    expect(await ask(options, { resource: 'https://api.example/mcp' })).toContain('https://api.example/mcp')
    expect(await ask(options, { resource: 'https://internal.example/' })).toContain('error=invalid_target')
    for (const name of ['claims', 'resources']) expect(() => registration({ [name]: 'x' })).toThrow(`registration: "${name}"`)
  })

  it('no authorization details, unless an option names their types', async () => {
    const ask = async (options: RegistrationOptions): Promise<string> => {
      const { server, register } = await open(options)
      const client = await register()
      const browser = testBrowser(server)
      await signIn(browser)
      const details = { authorization_details: '[{"type":"payment"}]' }
      const params = { client_id: client['client_id'], redirect_uri: 'https://new.example/cb', scope: 'openid', ...details }
      const response = await browser.get(authorizePath(params))
      return response.headers.get('location') ?? (await response.text())
    }
    expect(await ask({})).toContain('error=invalid_authorization_details')
    expect(await ask({ authorizationDetailsTypes: ['other'] })).toContain('error=invalid_authorization_details')
    expect(await ask({ authorizationDetailsTypes: ['payment'] })).toContain('<bdi>payment')
    const { register } = await open()
    expect((await register({ authorization_details_types: ['payment'] }))['error']).toBe('invalid_client_metadata')
    expect(() => registration({ authorizationDetailsTypes: 'x' as never })).toThrow('"authorizationDetailsTypes"')
  })

  it('a client without the grants that it names beside the code grant, as editors do (RFC 7591, section 3.2.1)', async () => {
    const { register } = await open()
    const deviceCode = 'urn:ietf:params:oauth:grant-type:device_code'
    const client = await register({ grant_types: ['authorization_code', 'refresh_token', deviceCode, 'urn:example:fly'] })
    expect(client['grant_types']).toEqual(['authorization_code', 'refresh_token'])
    for (const scope of ['mcp:tools', ''])
      expect((await register({ scope }))['scope']).toBe('openid profile email offline_access')
  })

  it('no look at the tokens of other clients', async () => {
    const { server, register, replace } = await open()
    const stranger = await register()
    await replace(stranger, { introspects: 'any', self_registered: false, selfRegistered: false })
    const { code = '' } = Object.fromEntries((await signIn(testBrowser(server))).searchParams)
    const { access_token: token = '' } = await json(await redeem(server, code))
    const inspect = async (id: unknown, secret: unknown): Promise<unknown> =>
      (await json(await post(server, '/introspect', { client_id: String(id), client_secret: String(secret), token })))['active']
    expect(await inspect(stranger['client_id'], stranger['client_secret'])).toBe(false)
    expect(await inspect(CONFIDENTIAL.clientId, CONFIDENTIAL.clientSecret)).toBe(true)
  })

  it('more by options', async () => {
    const { server, register } = await open({
      grantTypes: ['authorization_code', 'client_credentials'],
      responseTypes: ['code', 'code id_token'],
      scopes: ['openid', 'admin'],
      introspection: true,
    })
    const client = await register({
      grant_types: ['client_credentials', 'authorization_code'],
      response_types: ['id_token code'],
    })
    expect(client).toMatchObject({ scope: 'openid admin', response_types: ['id_token code'] })
    expect((await register({ grant_types: ['password'] }))['error']).toBe('invalid_client_metadata')
    const { code = '' } = Object.fromEntries((await signIn(testBrowser(server))).searchParams)
    const { access_token: token = '' } = await json(await redeem(server, code))
    const credentials = { client_id: client['client_id'] ?? '', client_secret: client['client_secret'] ?? '' }
    expect((await json(await post(server, '/introspect', { ...credentials, token })))['active']).toBe(true)
  })

  it('what others get with an initial access token, which is not empty', async () => {
    const { register } = await open({ initialAccessToken: 'let-me-in' })
    const metadata = { grant_types: ['client_credentials'], scope: 'admin' }
    expect(await register(metadata, { token: 'let-me-in' })).toMatchObject(metadata)
    for (const initialAccessToken of ['', ' ']) expect(() => registration({ initialAccessToken })).toThrow(/^registration: /)
  })
})

describe('a redirect URI that is a page of this server', () => {
  it.each(['/authorize?x=1', '/device', '/end-session', '/approve'])('is refused: %s', async (path) => {
    const { register, replace } = await open()
    expect((await register({ redirect_uris: [ISSUER + path] }))['error']).toBe('invalid_redirect_uri')
    const logout = { ...METADATA, post_logout_redirect_uris: [ISSUER + path] }
    expect((await replace(await register(), logout))['error']).toBe('invalid_redirect_uri')
  })

  it('does not take the app beside the server', async () => {
    const { register } = await open()
    const redirect_uris = [`${ISSUER}/cb`, 'http://127.0.0.1:5173/device']
    expect(await register({ redirect_uris })).toMatchObject({ redirect_uris })
  })
})

describe('text of a stranger', () => {
  const NAMES: readonly (readonly [string, string])[] = [
    ['is empty', ' '],
    ['is longer than 100 characters', 'a'.repeat(101)],
    ['changes the direction of text', 'Bank \u202Eelpmaxe'],
    ['isolates a direction', 'Bank \u2067x\u2069'],
    ['has a hidden character', 'Ba\u200Bnk'],
    ['has a soft hyphen', 'Ba\u00ADnk'],
    ['has a filler that is drawn as nothing', 'Bank\u3164'],
    ['has a tag character', 'Bank\u{E0041}'],
    ['has a line break', 'Bank\nof the world'],
    ['covers other lines', `B${'\u0301'.repeat(20)}ank`],
    ['has half of a surrogate pair', 'Bank \uD800'],
    ['mixes scripts in a word', 'B\u0430nk'],
    ['mixes Latin with Greek', 'G\u03BFogle'],
  ]
  it.each(NAMES)('is refused if the name %s', async (_, name) => {
    const { register, replace } = await open()
    expect((await register({ client_name: name }))['error']).toBe('invalid_client_metadata')
    expect((await replace(await register(), { client_name: name }))['error']).toBe('invalid_client_metadata')
  })

  it.each(['Banka Česká', 'Банк', '銀行アプリ', 'بنك', 'Ünïcode & Co. (test) №1', 'Cafe\u0301'])(
    'may be a name: %s',
    async (name) => {
      const { register } = await open()
      expect(await register({ client_name: name })).toMatchObject({ client_name: name })
    },
  )

  it('is no name that looks like a reserved one', async () => {
    const { register } = await open({ reservedNames: ['Example Bank', 'Paypal'] })
    for (const name of [
      'Example Bank',
      'EXAMPLE-BANK',
      'Examp1e  Bank',
      '\u0420\u0430\u0443\u0440\u0430l',
      'Pаypal',
      'ＰａｙＰａｌ',
      'Pay pal',
      'PaypaI',
    ])
      expect((await register({ client_name: name }))['error'], name).toBe('invalid_client_metadata')
    expect(await register({ client_name: 'Example Banking' })).toHaveProperty('client_id')
  })

  it('has a limit in all metadata, also of an update', async () => {
    const { register, replace } = await open()
    const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }
    for (const metadata of [
      { jwks: { keys: Array.from({ length: 21 }, () => key) } },
      { jwks: { keys: [{ ...key, kid: 'x'.repeat(20_000) }] } },
      { jwks: { keys: [{ kty: 'RSA', e: 'AQAB', n: 'x'.repeat(3000) }] } },
      { jwks: { keys: [{ kty: 'RSA', e: 'x'.repeat(300), n: 'x'.repeat(342) }] } },
      { jwks_uri: `https://new.example/${'x'.repeat(2000)}` },
      { scope: `openid ${'x'.repeat(2000)}` },
      { redirect_uris: Array.from({ length: 51 }, (_, index) => `https://new.example/${index}`) },
      { request_uris: ['https://new.example/\u202Ex'] },
    ]) {
      const title = JSON.stringify(metadata).slice(0, 60)
      expect((await register(metadata))['error'], title).toBe('invalid_client_metadata')
      expect((await replace(await register(), metadata))['error'], title).toBe('invalid_client_metadata')
    }
  })

  it('is neither stored nor shown as links, logos or contacts', async () => {
    const { register } = await open()
    const foreign = {
      client_uri: 'javascript:alert(1)',
      logo_uri: 'http://127.0.0.1/logo',
      policy_uri: 'https://new.example/\u202E',
      tos_uri: 'x'.repeat(5000),
      contacts: ['\u202Eadmin@bank.example'],
      'client_name#ja': '\u202E',
    }
    const client = await register(foreign)
    for (const name of Object.keys(foreign)) expect(client).not.toHaveProperty(name)
  })

  it('is isolated by <bdi> on the consent page, which says that the name is not verified', async () => {
    const { server, register } = await open()
    const client = await register({ client_name: 'شركة' })
    const browser = testBrowser(server)
    await signIn(browser)
    const params = { client_id: client['client_id'], redirect_uri: 'https://new.example/cb' }
    const { text } = await asPage(await browser.get(authorizePath(params)))
    expect(text).toContain('<bdi>شركة</bdi>')
    expect(text).toContain('registered itself')
    expect(text).toContain('<bdi>new.example</bdi>')
    expect((await asPage(await testBrowser(server).get(authorizePath(params)))).text).toContain('<bdi>شركة</bdi>')
  })

  it('is cleaned on pages if a stored client has it', async () => {
    const clientName = `Bank\u202E\u200B${'x'.repeat(200)}`
    const clients = { findClient: () => Promise.resolve({ ...SPA, clientName }) }
    const { text } = await asPage(await testBrowser((await testServer({ clients })).server).get(authorizePath()))
    expect(text).toContain(`<bdi>Bank${'x'.repeat(95)}…</bdi>`)
    expect(text).not.toMatch(/[\u202E\u200B]/)
  })
})

describe('a registration request', () => {
  it.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['multipart/form-data; boundary=x', 415],
    ['application/jsonp', 415],
    ['', 415],
    ['application/json', 201],
    ['Application/JSON; charset=utf-8', 201],
  ])('needs a JSON body: "%s" gives %i', async (type, status) => {
    const { server } = await open()
    const response = await send(server, METADATA, { type })
    expect(response.status).toBe(status)
    if (status === 415) expect((await json(response))['error']).toBe('invalid_request')
  })

  it('needs one in an update too', async () => {
    const { server, register } = await open()
    const client = await register()
    const sending = { url: client['registration_client_uri'], token: client['registration_access_token'], method: 'PUT' }
    const body = { ...METADATA, client_id: client['client_id'] }
    expect((await send(server, body, { ...sending, type: 'text/plain' })).status).toBe(415)
    expect((await send(server, '{', sending)).status).toBe(400)
    expect((await send(server, body, sending)).status).toBe(200)
  })
})

describe('text of a client in other requests', () => {
  it('is refused if it is misleading: the binding message, and authorization details', async () => {
    const till = { clientId: 'till', clientSecret: 'cash and card', redirectUris: [] }
    const features = [ciba(), rar({ types: { payment: { check: () => undefined } } })]
    const { server } = await testServer({ clients: [till, SPA], features })
    const start = { client_id: 'till', client_secret: 'cash and card', scope: 'openid', login_hint: 'alice' }
    for (const text of ['Pay\u3164', 'Pay\u034F5', `P${'\u0301'.repeat(9)}ay`, 'Pay\u2800', 'Pay\u{E0100}']) {
      const message = await json(await post(server, '/backchannel_authentication', { ...start, binding_message: text }))
      expect(message['error'], text).toBe('invalid_binding_message')
      const details = JSON.stringify([{ type: 'payment', creditor: text }])
      const refused = locationOf(await testBrowser(server).get(authorizePath({ authorization_details: details })))
      expect(refused.searchParams.get('error'), text).toBe('invalid_authorization_details')
    }
    const many = JSON.stringify(Array.from({ length: 21 }, () => ({ type: 'payment' })))
    const refused = locationOf(await testBrowser(server).get(authorizePath({ authorization_details: many })))
    expect(refused.searchParams.get('error')).toBe('invalid_authorization_details')
  })
})

describe('registration access tokens for clients that do not exist', () => {
  it('store nothing', async () => {
    const store = memoryStore()
    const keys: string[] = []
    const add: AtomicStore['add'] = (key, ...entry) => (keys.push(key), store.add(key, ...entry))
    const set: AtomicStore['set'] = (key, ...entry) => (keys.push(key), store.set(key, ...entry))
    const stores = storesOver({ ...store, add, set })
    const { server } = await testServer({ features: [registration()], clients: clientStore(store), stores })
    const url = `${ISSUER}/register/00000000-0000-4000-8000-00000000000`
    for (let index = 0; index < 5; index += 1) {
      const init = { headers: { authorization: 'Bearer guess' } }
      expect((await server.fetch(new Request(url + index, init))).status).toBe(401)
    }
    expect(keys.filter((key) => key.includes('guess'))).toEqual([])
  })
})
