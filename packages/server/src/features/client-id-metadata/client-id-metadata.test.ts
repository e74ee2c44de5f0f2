import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { asPage, authorizePath, json, testBrowser } from '../../server/test-browser.fixture.js'
import { post } from '../../server/test-requests.fixture.js'
import { ISSUER, SPA } from '../../server/test-server.fixture.js'
import { ASSERTION_TYPE } from '../../token/client-authentication/client-assertion.js'
import { clientKeys } from '../jar/request-object.fixture.js'
import {
  asDocument,
  CLIENT,
  consent,
  DOCUMENT,
  documentServer,
  openPage,
  REDIRECT,
  redeemAt,
} from './client-documents.fixture.js'
import { clientIdMetadata } from './client-id-metadata.js'

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'

describe('a client whose id is the URL of its metadata', () => {
  it('signs a user in, refreshes, inspects and revokes, without registration and with one fetch', async () => {
    const made = await documentServer()
    const { server, fetched } = made
    const tokens = await redeemAt(made, await consent(made))
    expect(tokens).toMatchObject({ token_type: 'Bearer', scope: 'openid offline_access' })
    const client_id = CLIENT
    const refreshed = await json(
      await post(server, '/token', { grant_type: 'refresh_token', client_id, refresh_token: tokens['refresh_token'] ?? '' }),
    )
    expect(refreshed['access_token']).toBeTypeOf('string')
    const token = refreshed['access_token'] ?? ''
    expect((await post(server, '/revoke', { client_id, token })).status).toBe(200)
    const request = new Request(ISSUER, { headers: { authorization: `Bearer ${token}` } })
    expect(await server.verifyRequest(request)).toMatchObject({ ok: false })
    expect(fetched).toEqual([CLIENT])
  })

  it('is announced in the metadata of the server', async () => {
    const { server } = await documentServer()
    const metadata = await json(await server.fetch(new Request(`${ISSUER}/.well-known/oauth-authorization-server`)))
    expect(metadata['client_id_metadata_document_supported']).toBe(true)
  })

  it('is unknown to a server without the feature, which fetches nothing', async () => {
    const made = await documentServer({}, { features: [] })
    expect(await openPage(made)).toContain('no client is registered')
    expect(made.fetched).toEqual([])
  })

  it('can push its request', async () => {
    const { server } = await documentServer()
    const params = Object.fromEntries(new URL(authorizePath({ client_id: CLIENT, redirect_uri: REDIRECT }), ISSUER).searchParams)
    const pushed = await json(await post(server, '/par', params))
    const query = new URLSearchParams({ client_id: CLIENT, request_uri: pushed['request_uri'] ?? '' })
    const page = await asPage(await testBrowser(server).get(`/oauth/authorize?${query.toString()}`))
    expect(page.text).toContain('tool.example')
  })

  it('authenticates with the keys of its document', async () => {
    const keys = await clientKeys()
    const made = await documentServer()
    const { token_endpoint_auth_method: _method, ...document } = DOCUMENT
    made.respond(() => asDocument({ ...document, jwks: keys.jwks }))
    const sign = (): Promise<string> =>
      new SignJWT({ jti: crypto.randomUUID() })
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer(CLIENT)
        .setSubject(CLIENT)
        .setAudience(ISSUER)
        .setExpirationTime(made.clock.now() / 1000 + 60)
        .sign(keys.privateKey)
    expect(await redeemAt(made, await consent(made))).toMatchObject({ error: 'invalid_client' })
    const proof = { client_assertion_type: ASSERTION_TYPE, client_assertion: await sign() }
    const tokens = await redeemAt(made, await consent(made), proof)
    expect(tokens['access_token']).toBeTypeOf('string')
    const inspect = async (token: string = ''): Promise<unknown> =>
      (await post(made.server, '/introspect', { ...proof, client_assertion: await sign(), token })).json()
    expect(await inspect(tokens['access_token'])).toMatchObject({ active: true, client_id: CLIENT })
    const spa = { client_id: SPA.clientId, redirect_uri: SPA.redirectUris[0] ?? '', scope: 'openid' }
    const others = await redeemAt(made, await consent(made, spa), spa)
    expect(others['access_token']).toBeTypeOf('string')
    // It is a stranger, and not an API.
    expect(await inspect(others['access_token'])).toEqual({ active: false })
  })

  it('uses device codes where they are allowed', async () => {
    const body = { client_id: CLIENT, scope: 'openid' }
    const grant_types = ['authorization_code', DEVICE_CODE]
    const refused = await documentServer()
    refused.respond(() => asDocument({ ...DOCUMENT, grant_types }))
    expect(await json(await post(refused.server, '/device_authorization', body))).toMatchObject({ error: 'unauthorized_client' })
    const made = await documentServer({ grantTypes: ['authorization_code', DEVICE_CODE] })
    made.respond(() => asDocument({ ...DOCUMENT, grant_types }))
    const pending = await json(await post(made.server, '/device_authorization', body))
    const page = await testBrowser(made.server).get(pending['verification_uri_complete'] ?? '')
    expect(await page.text()).toContain('tool.example')
  })

  it('may have any port on loopback if it is on the device of the user (RFC 8252, section 7.3)', async () => {
    const redirect_uris = ['http://127.0.0.1/cb']
    const made = await documentServer()
    made.respond(() => asDocument({ ...DOCUMENT, redirect_uris }))
    const page = await openPage(made, { redirect_uri: 'http://127.0.0.1:49152/cb' })
    expect(page).toContain('<form')
    made.respond(() => asDocument({ ...DOCUMENT, redirect_uris, application_type: 'web' }))
    made.clock.advance(90_000)
    expect(await openPage(made, { redirect_uri: 'http://127.0.0.1:49152/cb' })).toContain('is not one that this client')
  })

  it('is a registered client where the host has it in its store, and is not fetched', async () => {
    const made = await documentServer({}, { clients: [{ clientId: CLIENT, redirectUris: [REDIRECT], clientName: 'Reviewed' }] })
    expect(await openPage(made)).toContain('<bdi>Reviewed</bdi>')
    expect(made.fetched).toEqual([])
  })

  it('may request the resources and the scope that an option names, and no others', async () => {
    const resource = 'https://mcp.example/mcp'
    const ask = async (options: Parameters<typeof documentServer>[0]): Promise<string | null> =>
      (await consent(await documentServer(options), { resource }).catch((error: Error) => error.message)).toString()
    expect(await ask({ resources: [resource] })).toContain('code=')
    const page = await openPage(await documentServer({ resources: ['https://other.example/'] }), { resource })
    expect(page).toContain('invalid_target')
  })

  it('is asked about by host on every page, with the name that it gives itself', async () => {
    const made = await documentServer()
    made.respond(() => asDocument({ ...DOCUMENT, client_name: '<img src=x onerror=alert(1)>Google' }))
    const browser = testBrowser(made.server)
    const params = { client_id: CLIENT, redirect_uri: REDIRECT, scope: 'openid' }
    const page = await asPage(await browser.get(authorizePath(params)))
    const next = await asPage(await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' }))
    for (const text of [page.text, next.text]) {
      expect(text).toContain('<strong><bdi>tool.example</bdi></strong> (calls itself <bdi>&lt;img src=x')
      expect(text).not.toContain('<img')
    }
    expect(next.text).toContain('This application is not registered here')
  })

  it('is accepted or not by the hook of the host, at once', async () => {
    let isAllowed = false
    const urls: string[] = []
    const made = await documentServer({ allow: (url) => (urls.push(url.href), isAllowed) })
    expect(await openPage(made)).toContain('does not accept this client')
    expect(made.fetched).toEqual([])
    isAllowed = true
    expect(await openPage(made)).toContain('<form')
    isAllowed = false
    expect(await openPage(made)).toContain('does not accept this client')
    expect(new Set(urls)).toEqual(new Set([CLIENT]))
  })
})

describe('clientIdMetadata()', () => {
  it('refuses options that cannot work', () => {
    for (const options of [
      { allow: 'all' as never },
      { allowLoopback: 1 as never },
      { cacheSeconds: { min: 10, max: 5 } },
      { cacheSeconds: { min: -1 } },
      { resources: 'x' as never },
      { scope: [] } as never,
    ])
      expect(() => clientIdMetadata(options), JSON.stringify(options)).toThrow(TypeError)
  })

  it('leaves other clients as they are', async () => {
    const made = await documentServer()
    expect(await openPage(made, { client_id: SPA.clientId, redirect_uri: SPA.redirectUris[0] ?? '' })).toContain('<form')
    expect(await openPage(made, { client_id: 'unknown' })).toContain('no client is registered')
    expect(made.fetched).toEqual([])
  })
})
