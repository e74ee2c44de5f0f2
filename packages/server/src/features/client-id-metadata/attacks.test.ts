// cspell:ignore maxage -- a directive of Cache-Control
import dns from 'node:dns'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { json, testBrowser } from '../../server/test-browser.fixture.js'
import { post } from '../../server/test-requests.fixture.js'
import { contextOf } from '../../server/context-of.js'
import { ISSUER } from '../../server/test-server.fixture.js'
import type { FeatureServer } from '../feature.js'
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

const REMOTE = { issuer: 'https://id.example' }

/** It keeps 1000. */
const IDS = import.meta.env.MODE === 'all' ? 10_000 : 1100

afterEach(() => void vi.restoreAllMocks())

const URLS: readonly (readonly [string, string, string])[] = [
  ['user information', 'https://user:pass@tool.example/client.json', 'user name'],
  ['a fragment', `${CLIENT}#x`, 'fragment'],
  ['a double-dot segment', 'https://tool.example/a/../client.json', 'normal form'],
  ['a single-dot segment', 'https://tool.example/./client.json', 'normal form'],
  ['an encoded dot segment', 'https://tool.example/%2e%2e/client.json', 'normal form'],
  ['no path', 'https://tool.example', 'normal form'],
  ['the default port', 'https://tool.example:443/client.json', 'normal form'],
  ['capitals in the host', 'https://Tool.example/client.json', 'normal form'],
  ['a dot after the host', 'https://tool.example./client.json', 'normal form'],
  ['a page of this server, with a dot after the host', 'https://id.example./authorize?client_id=x', 'normal form'],
  ['a line break', 'https://tool.example/cli\nent.json', 'not a URL'],
  ['http', 'http://tool.example/client.json', 'https URL'],
  ['http on loopback without the option', 'http://localhost:3000/client.json', 'https URL'],
  ['more than 1000 characters', `https://tool.example/${'a'.repeat(1000)}`, '1000 characters'],
  ['a private IPv4 address', 'https://10.0.0.1/client.json', 'private network'],
  ['a loopback IPv6 address', 'https://[::1]/client.json', 'private network'],
  ['the address of cloud metadata', 'https://169.254.169.254/latest', 'private network'],
  ['a local name', 'https://printer.local/client.json', 'private network'],
  ['a page of this server', 'https://id.example/authorize?client_id=x', 'URL of this server'],
]

describe('the URL of a client document', () => {
  it.each(URLS)('is refused with %s, before anything is fetched', async (_, client_id, reason) => {
    const made = await documentServer({}, REMOTE)
    expect(await openPage(made, { client_id })).toContain(reason)
    expect(made.fetched).toEqual([])
  })

  it('is refused if its name resolves to a private address (DNS rebinding)', async () => {
    vi.spyOn(dns, 'lookup').mockImplementation(((_host: string, _options: object, done: (...values: unknown[]) => void) =>
      done(null, [{ address: '10.0.0.1', family: 4 }])) as never)
    const made = await documentServer({}, { ...REMOTE, fetch: undefined })
    expect(await openPage(made)).toContain('could not be fetched')
  })

  it('may be http on this machine with the option for development', async () => {
    const client_id = 'http://localhost:3000/client.json'
    const made = await documentServer({ allowLoopback: true })
    made.respond(() => asDocument({ ...DOCUMENT, client_id, redirect_uris: ['http://localhost:3000/'] }))
    expect(await openPage(made, { client_id, redirect_uri: 'http://localhost:3000/' })).toContain('localhost:3000')
    // A server that others reach would fetch what only its own machine can.
    expect(await openPage(await documentServer({ allowLoopback: true }, REMOTE), { client_id })).toContain('https URL')
  })
})

const DOCUMENTS: readonly (readonly [string, unknown, string])[] = [
  ['another client_id', { ...DOCUMENT, client_id: 'https://other.example/c.json' }, 'character for character'],
  ['no client_id', { redirect_uris: [REDIRECT] }, 'character for character'],
  ['a secret', { ...DOCUMENT, client_secret: 's3cret' }, 'client_secret'],
  ['the expiry of a secret', { ...DOCUMENT, client_secret_expires_at: 0 }, 'client_secret_expires_at'],
  ...['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'tls_client_auth', 7].map(
    (method) =>
      [`the method ${method}`, { ...DOCUMENT, token_endpoint_auth_method: method }, 'token_endpoint_auth_method'] as const,
  ),
  ['private_key_jwt without keys', { ...DOCUMENT, token_endpoint_auth_method: 'private_key_jwt' }, 'jwks'],
  ['a private key', { ...DOCUMENT, jwks: { keys: [{ kty: 'EC', d: 'x' }] } }, 'public keys'],
  ['a key set in a private network', { ...DOCUMENT, jwks_uri: 'https://10.0.0.1/jwks' }, 'private network'],
  ['no redirect URI', { client_id: CLIENT }, 'redirect_uris'],
  ['an empty list of redirect URIs', { ...DOCUMENT, redirect_uris: [] }, 'redirect_uris'],
  ['a redirect URI of a script', { ...DOCUMENT, redirect_uris: ['javascript:alert(1)'] }, 'redirect URIs'],
  ['a redirect URI with http', { ...DOCUMENT, redirect_uris: ['http://tool.example/cb'] }, 'redirect URIs'],
  ['a name that turns the text around', { ...DOCUMENT, client_name: 'a\u202Eb' }, 'client_name'],
  ['only grant types that are not allowed', { ...DOCUMENT, grant_types: ['client_credentials'] }, 'grant_types'],
  ['a list in place of an object', [DOCUMENT], 'JSON object'],
]

describe('a client document', () => {
  it.each(DOCUMENTS)('is refused with %s', async (_, document, reason) => {
    const made = await documentServer({}, REMOTE)
    made.respond(() => asDocument(document))
    const text = await openPage(made)
    expect(text).toContain('the client metadata document is not valid')
    expect(text).toContain(reason)
    expect(text).not.toContain('s3cret')
  })

  const RESPONSES: readonly (readonly [string, () => Response | Promise<Response>])[] = [
    ['redirects', () => new Response(null, { status: 302, headers: { location: 'https://other.example/c.json' } })],
    ['has no document', () => new Response('no', { status: 404 })],
    ['sends a document with the status of an error', () => Response.json(DOCUMENT, { status: 500 })],
    ['sends a page', () => new Response(JSON.stringify(DOCUMENT), { headers: { 'content-type': 'text/html' } })],
    ['sends what is not UTF-8', () => new Response(new Uint8Array([0xff]), { headers: { 'content-type': 'application/json' } })],
    ['sends 10 MB', () => asDocument({ ...DOCUMENT, padding: 'x'.repeat(10_000_000) })],
    ['sends 20 kB', () => asDocument({ ...DOCUMENT, padding: 'x'.repeat(20_000) })],
    ['cannot be reached', () => Promise.reject(new TypeError('ECONNREFUSED 10.0.0.1'))],
  ]
  it.each(RESPONSES)('is refused with one and the same text if its host %s', async (_, respond) => {
    const made = await documentServer({}, REMOTE)
    made.respond(respond)
    const text = await openPage(made)
    expect(text).toContain('could not be fetched: expected 200 with application/json, in 5 seconds, without a redirect')
    expect(text).not.toContain('ECONNREFUSED')
  })

  it('ends after 5 seconds if its host is slow', async () => {
    const made = await documentServer({}, REMOTE)
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
      expect(milliseconds).toBe(5000)
      return AbortSignal.abort(new DOMException('timeout', 'TimeoutError'))
    })
    made.respond(() => new Promise(() => undefined))
    expect(await openPage(made)).toContain('could not be fetched')
  })

  it('allows no redirect URI but its own', async () => {
    const made = await documentServer()
    for (const redirect_uri of [`${REDIRECT}/x`, 'https://evil.example/cb', `${REDIRECT}?x=1`])
      expect(await openPage(made, { redirect_uri })).toContain('is not one that this client has registered')
  })
})

describe('a client document that changes', () => {
  it('after consent: tokens go where they were consented to, and the next request asks again', async () => {
    const made = await documentServer()
    const callback = await consent(made)
    const moved = 'https://evil.example/cb'
    made.respond(() => asDocument({ ...DOCUMENT, redirect_uris: [moved] }))
    made.clock.advance(30)
    // The code is for the redirect URI of its request, whatever the document says now.
    expect(await redeemAt(made, callback, { redirect_uri: moved })).toMatchObject({ error: 'invalid_grant' })
    made.clock.advance(7200)
    expect(await openPage(made, { redirect_uri: REDIRECT })).toContain('is not one that this client has registered')
    expect(await openPage(made, { redirect_uri: moved })).toContain('<form')
  })

  it('to one with keys: a code of the public client needs them from then on', async () => {
    const made = await documentServer({ cacheSeconds: { min: 0, max: 0 } })
    const callback = await consent(made)
    const method = { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://tool.example/jwks' }
    made.respond(() => asDocument({ ...DOCUMENT, ...method }))
    made.clock.advance(6)
    expect(await redeemAt(made, callback)).toMatchObject({ error: 'invalid_client' })
  })

  it('to none: the client and its refresh tokens end', async () => {
    const made = await documentServer()
    const tokens = await redeemAt(made, await consent(made))
    made.respond(() => new Response(null, { status: 404 }))
    made.clock.advance(7200)
    const body = { grant_type: 'refresh_token', client_id: CLIENT, refresh_token: tokens['refresh_token'] ?? '' }
    expect(await json(await post(made.server, '/token', body))).toMatchObject({ error: 'invalid_client' })
  })
})

describe('the cache of client documents', () => {
  it('respects cache headers within bounds', async () => {
    const cases: readonly (readonly [Record<string, string>, number])[] = [
      [{ 'cache-control': 'max-age=600' }, 600],
      [{ 'cache-control': 'public, s-maxage=900, max-age=60', age: '100' }, 800],
      [{ 'cache-control': 'no-store' }, 120],
      [{ 'cache-control': 'max-age=5' }, 120],
      [{ 'cache-control': 'max-age=99999999' }, 7200],
      [{ date: 'Thu, 01 Jan 2026 00:00:00 GMT', expires: 'Thu, 01 Jan 2026 00:10:00 GMT' }, 600],
      [{ expires: '0' }, 120],
      [{}, 3600],
    ]
    for (const [headers, seconds] of cases) {
      const made = await documentServer({ cacheSeconds: { min: 120, max: 7200 } })
      made.respond(() => asDocument(DOCUMENT, headers))
      await openPage(made)
      made.clock.advance(seconds - 1)
      await openPage(made)
      expect(made.fetched, JSON.stringify(headers)).toHaveLength(1)
      made.clock.advance(2)
      await openPage(made)
      expect(made.fetched, JSON.stringify(headers)).toHaveLength(2)
    }
  })

  it('fetches once for requests at the same time', async () => {
    const made = await documentServer()
    await Promise.all(Array.from({ length: 20 }, () => openPage(made)))
    expect(made.fetched).toHaveLength(1)
  })

  it('holds no failure for longer than 5 seconds', async () => {
    const made = await documentServer()
    made.respond(() => new Response(null, { status: 503 }))
    for (let index = 0; index < 5; index += 1) await openPage(made)
    expect(made.fetched).toHaveLength(1)
    made.respond(() => asDocument(DOCUMENT))
    made.clock.advance(6)
    expect(await openPage(made)).toContain('<form')
  })

  it('uses a document for up to a day while its host cannot respond, but not once it has none', async () => {
    const made = await documentServer()
    await openPage(made)
    made.respond(() => new Response(null, { status: 503 }))
    made.clock.advance(7200)
    expect(await openPage(made)).toContain('<form')
    made.clock.advance(86_400)
    expect(await openPage(made)).toContain('could not be fetched')
  })

  it('stays bounded with more ids than it keeps', async () => {
    const { server: made, clock } = await documentServer()
    let fetched = 0
    const fetchAny = (url: string | URL | Request): Promise<Response> => {
      fetched += 1
      return Promise.resolve(asDocument({ ...DOCUMENT, client_id: new Request(url).url }))
    }
    const server = { ...(contextOf(made) as FeatureServer), fetch: fetchAny }
    const source = clientIdMetadata().clients
    const find = (index: number): unknown => source?.find(`https://tool.example/${index}.json`, server)
    for (let index = 0; index < IDS; index += 1) await find(index)
    clock.advance(6)
    expect(await find(IDS - 1)).toMatchObject({ clientName: 'Tool' })
    expect(fetched).toBe(IDS)
    expect(await find(0)).toMatchObject({ clientName: 'Tool' })
    expect(fetched).toBe(IDS + 1)
  })

  it('does not keep a user from signing out if a client of the session has no document any more', async () => {
    const made = await documentServer()
    const tokens = await redeemAt(made, await consent(made))
    made.respond(() => new Response(null, { status: 404 }))
    made.clock.advance(7200)
    const hint = new URLSearchParams({ id_token_hint: tokens['id_token'] ?? '' }).toString()
    const response = await testBrowser(made.server).get(`${ISSUER}/end-session?${hint}`)
    expect(response.status).toBeLessThan(500)
  })
})
