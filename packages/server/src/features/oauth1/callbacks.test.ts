import { describe, expect, it } from 'vitest'
import { asPage, authorizePath, locationOf, testBrowser } from '../../server/test-browser.fixture.js'
import { ISSUER, testServer } from '../../server/test-server.fixture.js'
import { allow, CALLBACK, oauth1World, URL_OF_SERVER } from './oauth1.fixture.js'
import { oauth1 } from './oauth1.js'

const UNSAFE = [
  'http://evil.example/cb',
  'javascript:alert(1)',
  'view-source:https://app.example/',
  'filesystem:https://app.example/',
  'chrome://settings/',
  'ms-word:ofe|u|https://app.example/x',
  'ftp://app.example/',
  'https://:p@app.example/',
  'https://u@app.example/',
  'https://app.example/#x',
  'https://app.example/cb?oauth_token=planted',
  'https://app.example/cb?oauth_verifier=planted',
  ' https://app.example/',
  'https://app.example\\@evil.example/',
  'https://app.example/\r\nSet-Cookie:a=b',
  'https://app.example/\u202Etxt',
  'https://app.example/日本',
  'https://日本.example/',
]
const photos = (more: object) => ({ clientId: 'photos', clientSecret: 'printer secret', ...more })

describe('a callback with a verifier leads to the client alone', () => {
  it.each(UNSAFE)('%j is refused in a request, in a list of clients, and for a stored client', async (url) => {
    const { client } = oauth1World({}, { callbackUrl: url })
    await expect(client.temporaryCredentials()).rejects.toThrow()
    expect(() => oauth1World({ clients: [photos({ defaultRedirectUri: url })] })).toThrow(/^oauth1: /)
    expect(() => oauth1World({ clients: [photos({ callbackUrls: [url] })] })).toThrow(/^oauth1: /)

    const stored = photos({ defaultRedirectUri: url, callbackUrls: ['nonsense'] })
    const world = oauth1World({ clients: { findClient: () => stored } }, { callbackUrl: 'oob' })
    const response = await world.browser.get(world.client.authorizationUrl(await world.client.temporaryCredentials()).href)
    expect(response.status).toBe(400)
  })

  it('gets it after the form by a redirect with status 303, which does not send the password again (RFC 9700, section 4.12)', async () => {
    const { client, browser } = oauth1World()
    const response = await allow(browser, client.authorizationUrl(await client.temporaryCredentials()))
    expect(response.status).toBe(303)
  })
})

it.each([
  ['https://app.example/日', 'percent-encoded'],
  ['https://app.example/#x', 'fragment'],
  ['https://u@app.example/', 'user name'],
  ['https://app.example/cb?oauth_token=planted', 'oauth_token'],
  ['myapp:cb', 'a dot'],
  ['http://app.example/', 'https, or http on loopback'],
  ['javascript://x/', 'another scheme'],
  [`https://app.example/${'x'.repeat(2048)}`, '2048'],
])('the refusal of the callback URL %s says why', async (callbackUrl, reason) => {
  const { client } = oauth1World({}, { callbackUrl })
  await expect(client.temporaryCredentials()).rejects.toMatchObject({
    error: 'invalid_request',
    errorDescription: expect.stringContaining(reason) as string,
  })
  const refused: unknown = await client.temporaryCredentials().catch((error: unknown) => error)
  expect(refused).toMatchObject({ errorDescription: expect.not.stringMatching(/must be "oob", or/) as string })
})

it.each(['PUT', 'DELETE', 'PATCH'])('/authorize refuses %s with status 405 and the methods that it has', async (method) => {
  const { server } = oauth1World()
  const response = await server.fetch(new Request(`${URL_OF_SERVER}/authorize?oauth_token=x`, { method }))
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST'])
  expect(await response.text()).toContain('method_not_allowed')
})

describe('the consent page of a client whose user copies a code', () => {
  const consentPage = async (clients: object[], callbackUrl: string) => {
    const { client, browser } = oauth1World({ clients: clients as never }, { callbackUrl })
    const url = client.authorizationUrl(await client.temporaryCredentials()).href
    const page = await asPage(await browser.get(url), url)
    return browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' })
  }

  it('names no host, and says that there is a code', async () => {
    const response = await consentPage([photos({ clientName: 'Printer' })], 'oob')
    const html = await response.text()
    expect(html).toContain('requests permission to')
    expect(html).not.toMatch(/at <code>/)
    expect(html).not.toContain(`<bdi>${new URL(URL_OF_SERVER).host}`)
    expect(html).toContain('get a code to type into')
    expect(response.headers.get('content-security-policy')).toContain("form-action 'self';")
  })

  it.each([
    ['of its request', photos({}), CALLBACK],
    ['that is registered, with "oob"', photos({ defaultRedirectUri: CALLBACK }), 'oob'],
  ])('names the host of the callback URL %s', async (_name, client, callbackUrl) => {
    expect(await (await consentPage([client], callbackUrl)).text()).toContain('at <code><bdi>app.example</bdi></code>')
  })
})

describe('an RSA key that cannot be read', () => {
  const KEYS = [
    'junk',
    { kty: 'RSA' },
    { kty: 'EC', crv: 'P-256', x: 'a', y: 'b' },
    '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
  ]

  it.each(KEYS)('is refused in a list of clients: %j', (rsaPublicKey) => {
    expect(() => oauth1World({ clients: [{ clientId: 'photos', rsaPublicKey }] })).toThrow('a public RSA key')
  })

  it.each(KEYS)('is no fault that a stranger causes if it is stored, and is reported: %j', async (rsaPublicKey) => {
    const errors: unknown[] = []
    const clients = { findClient: (clientId: string) => ({ clientId, rsaPublicKey }) }
    const { server } = oauth1World({ clients, serverHooks: { onError: (error) => void errors.push(error) } })
    const body = new URLSearchParams({
      oauth_consumer_key: 'photos',
      oauth_signature_method: 'RSA-SHA1',
      oauth_signature: 'AAAA',
      oauth_timestamp: String(Date.UTC(2026, 0, 1) / 1000),
      oauth_nonce: 'n',
      oauth_callback: 'oob',
    })
    const response = await server.fetch(new Request(`${URL_OF_SERVER}/initiate`, { method: 'POST', body }))
    expect(response.status).toBe(401)
    expect(errors).toHaveLength(1)
  })
})

it('consent to a client of OAuth 1.0a does not apply to an OAuth 2 client with the same id', async () => {
  const scopes: readonly string[] = []
  const shown = { clientId: 'spa', clientName: 'Example app' }
  const client = { ...shown, redirectUris: [CALLBACK], requireConsent: true }
  const old = oauth1({ clients: [{ ...shown, clientSecret: 'printer secret', access: 'one photo' }] })
  const { server, clock } = await testServer({ clients: [client], scopes, features: [old] })
  const options = {
    consumerKey: 'spa',
    now: clock.now,
    fetch: async (...of: Parameters<typeof fetch>) => server.fetch(new Request(...of)),
  }
  const urls = { temporaryCredentialsUrl: `${ISSUER}/oauth1/initiate`, authorizationUrl: `${ISSUER}/oauth1/authorize` }
  const { client: consumer } = oauth1World({}, { ...options, ...urls, tokenCredentialsUrl: `${ISSUER}/oauth1/token` })
  const browser = testBrowser(server)
  expect((await allow(browser, consumer.authorizationUrl(await consumer.temporaryCredentials()))).status).toBe(303)
  const path = authorizePath({ redirect_uri: CALLBACK, prompt: 'none', scope: undefined })
  expect(locationOf(await browser.get(path)).searchParams.get('error')).toBe('consent_required')
})
