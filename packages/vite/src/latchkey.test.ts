import { registration } from '@latchkey/server/registration'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:http2'
import { request as httpsRequest } from 'node:https'
import { connect as connectSocket } from 'node:net'
import { basename, join } from 'node:path'
import basicSsl from '@vitejs/plugin-basic-ssl'
import * as vite8 from 'vite'
import * as vite6 from 'vite-6'
import * as vite7 from 'vite-7'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { appConfig, emptyApp, signIn, stateHome, statusFor, token } from './dev-server.fixture.js'
import type { LatchkeyOptions } from './latchkey-options.js'

// The majors have the same API here, but TypeScript does not treat their types as equal. `npm run more:vite` tests all of them here, the gate
// the newest. `served-files.test.ts` tests the URLs of the state in all of them in the gate.
const versions = { 'Vite 8': vite8, 'Vite 7': vite7 as unknown as typeof vite8, 'Vite 6': vite6 as unknown as typeof vite8 }
const tested = Object.entries(versions).slice(0, import.meta.env.MODE === 'all' ? 3 : 1)

describe.each(tested)('latchkey() in %s', (_, vite) => {
  async function devServer(
    options: LatchkeyOptions = {},
    config: vite8.InlineConfig = {},
    root?: string,
  ): Promise<{ server: vite8.ViteDevServer; url: string; origin: string }> {
    const server = await vite.createServer(appConfig(root ?? (await emptyApp()), options, config))
    onTestFinished(() => server.close())
    await server.listen()
    const url = server.resolvedUrls?.local[0] ?? ''
    return { server, url, origin: new URL(url).origin }
  }

  it('uses the address that the request was sent to as issuer, 127.0.0.1 or localhost', async () => {
    const { origin } = await devServer()
    for (const seen of [origin, origin.replace('127.0.0.1', 'localhost')]) {
      const response = await fetch(`${seen}/oauth/.well-known/openid-configuration`)
      expect(await response.json()).toMatchObject({ issuer: `${seen}/oauth`, token_endpoint: `${seen}/oauth/token` })
    }
  })

  it('says what to add for a redirect URI that is not registered', async () => {
    const { url, origin } = await devServer()
    const query = { response_type: 'code', client_id: 'app', redirect_uri: `${url}signed-in` }
    const response = await fetch(`${origin}/oauth/authorize?${new URLSearchParams(query).toString()}`)
    const page = await response.text()
    expect(response.status).toBe(400)
    expect(page).toContain(`<code>${url}callback</code>`)
    expect(page).toContain('signed-in&#39;] }] })')
    expect(page).toContain(`<a href="${url}">Back to the app</a>`)
  })

  it('serves its metadata where the well-known name precedes the path (RFC 8414, section 3.1)', async () => {
    const { origin } = await devServer()
    const response = await fetch(`${origin}/.well-known/oauth-authorization-server/oauth`)
    expect(await response.json()).toMatchObject({ issuer: `${origin}/oauth` })
  })

  it('is mounted below the base', async () => {
    const { origin } = await devServer({ api: '/api' }, { base: '/app/' })
    const issuer = `${origin}/app/oauth`
    const tokens = await signIn({ issuer, redirectUri: `${origin}/app/` })
    const me = await fetch(`${origin}/app/api/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } })
    expect(await me.json()).toMatchObject({ sub: 'ada' })
  })

  it('lets a test user sign in and call the API', async () => {
    const { origin } = await devServer({ api: '/api' })
    const tokens = await signIn({ issuer: `${origin}/oauth`, redirectUri: `${origin}/`, user: 'alan' })
    const call = (path: string, accessToken?: string): Promise<Response> =>
      fetch(`${origin}/api${path}`, accessToken === undefined ? {} : { headers: { authorization: `Bearer ${accessToken}` } })
    expect(await (await call('/me', tokens.access_token)).json()).toMatchObject({ sub: 'alan', client_id: 'app' })
    const without = await call('/me')
    expect([without.status, without.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer realm=/)])
    expect((await call('/me', 'made-up')).status).toBe(401)
    const forbidden = await call('/admin', tokens.access_token)
    expect([forbidden.status, forbidden.headers.get('www-authenticate')]).toEqual([
      403,
      expect.stringContaining('insufficient_scope'),
    ])
    expect((await call('/else', tokens.access_token)).status).toBe(404)
  })

  it('accepts a token with the scope "admin" at the API’s "admin"', async () => {
    const { origin } = await devServer({ api: '/api' })
    const tokens = await signIn({ issuer: `${origin}/oauth`, redirectUri: `${origin}/`, scope: 'openid admin' })
    const response = await fetch(`${origin}/api/admin`, { headers: { authorization: `Bearer ${tokens.access_token}` } })
    expect(response.status).toBe(200)
  })

  it('requires a new sign-in at the API’s "fresh" if the last one is too old (RFC 9470)', async () => {
    let now = Date.now()
    const { origin } = await devServer({ api: '/api', server: { now: () => now } })
    const call = async (): Promise<Response> => {
      const tokens = await signIn({ issuer: `${origin}/oauth`, redirectUri: `${origin}/` })
      return fetch(`${origin}/api/fresh`, { headers: { authorization: `Bearer ${tokens.access_token}` } })
    }
    expect((await call()).status).toBe(200)
    now -= 31_000
    const stale = await call()
    expect(stale.status).toBe(401)
    expect(stale.headers.get('www-authenticate')).toMatch(/error="insufficient_user_authentication".*max_age="30"/)
  })

  it('lets clients register themselves if registration is on, and keeps the configured ones', async () => {
    const { origin } = await devServer({ server: { features: [registration()] } })
    const body = JSON.stringify({ redirect_uris: [`${origin}/elsewhere`], token_endpoint_auth_method: 'none' })
    const response = await fetch(`${origin}/oauth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect(response.status).toBe(201)
    const { client_id: clientId } = (await response.json()) as { client_id: string }
    const request = { issuer: `${origin}/oauth`, scope: 'openid' }
    expect(await signIn({ ...request, clientId, redirectUri: `${origin}/elsewhere` })).toHaveProperty('id_token')
    expect(await signIn({ ...request, redirectUri: `${origin}/` })).toHaveProperty('id_token')
  })

  it('uses custom users, and clients whose redirect URIs are paths', async () => {
    const { origin } = await devServer({
      users: [{ sub: 'grace', claims: { name: 'Grace Hopper' } }],
      clients: [{ clientId: 'other', redirectUris: ['/elsewhere'] }],
    })
    const request = { issuer: `${origin}/oauth`, clientId: 'other', user: 'grace' }
    expect(await signIn({ ...request, redirectUri: `${origin}/elsewhere` })).toHaveProperty('access_token')
    await expect(signIn({ ...request, redirectUri: `${origin}/` })).rejects.toThrow('400')
  })

  it('leaves all other requests to Vite', async () => {
    const { url } = await devServer()
    const page = await fetch(url, { headers: { accept: 'text/html' } })
    expect(await page.text()).toContain('<title>app</title>')
    const route = await fetch(`${url}oauth-is-nice`, { headers: { accept: 'text/html' } })
    expect(await route.text()).toContain('<title>app</title>')
  })

  it('runs after Vite’s check of the Host header (DNS rebinding)', async () => {
    const { server } = await devServer()
    const status = await statusFor(new URL('/oauth/jwks', server.resolvedUrls?.local[0]), { host: 'evil.example' })
    expect(status).toBe(403)
  })

  it.each([
    ['an unknown host', ['GET /oauth/jwks HTTP/1.1', 'Host: evil.example']],
    ['an unknown host, forwarded', ['GET /oauth/jwks HTTP/1.1', 'Host: evil.example', 'X-Forwarded-Host: localhost']],
    ['a target with an unknown host', ['GET http://evil.example/oauth/jwks HTTP/1.1', 'Host: localhost', 'Accept: */*']],
    ['no host', ['GET /oauth/jwks HTTP/1.0']],
    ['an empty host', ['GET /oauth/jwks HTTP/1.1', 'Host:']],
    ['two hosts', ['GET /oauth/jwks HTTP/1.1', 'Host: localhost', 'Host: evil.example']],
  ])('handles no request for %s (DNS rebinding)', async (_name, lines) => {
    const { origin } = await devServer({ origin: 'https://dev.example.com' })
    expect((await send(origin, lines)).split(' ')[1]).toMatch(/^4/)
  })

  it('believes no forwarded host', async () => {
    const { origin } = await devServer()
    const lines = ['GET /oauth/.well-known/openid-configuration HTTP/1.1', `Host: ${new URL(origin).host}`]
    const forwarded = ['X-Forwarded-Host: evil.example', 'Forwarded: host=evil.example', 'X-Forwarded-Proto: https']
    expect(await send(origin, [...lines, ...forwarded])).toContain(`"issuer":"${origin}/oauth"`)
  })

  it('provides a page with its settings, and code without a page with those of the listening address', async () => {
    const { server, origin } = await devServer()
    const source = (await server.transformRequest('virtual:latchkey'))?.code
    expect(source).toContain('globalThis.location?.origin')
    const settings: unknown = await server.ssrLoadModule('virtual:latchkey')
    expect(settings).toMatchObject({
      default: {
        issuer: `${origin}/oauth`,
        clientId: 'app',
        scope: 'openid profile email offline_access',
        resources: [`${origin}/`],
        redirectUri: `${origin}/`,
      },
    })
  })

  it('keeps keys and tokens across a restart', async () => {
    const root = await emptyApp()
    const config = appConfig(root)
    const first = await vite.createServer(config)
    await first.listen()
    const origin = new URL(first.resolvedUrls?.local[0] ?? '').origin
    const tokens = await signIn({ issuer: `${origin}/oauth`, redirectUri: `${origin}/` })
    const keys = await (await fetch(`${origin}/oauth/jwks`)).text()
    await first.close()
    const { origin: restarted } = await devServer({}, { server: config.server ?? {} }, root)
    expect(restarted).toBe(origin)
    expect(await (await fetch(`${origin}/oauth/jwks`)).text()).toBe(keys)
    const parameters = { grant_type: 'refresh_token', client_id: 'app', refresh_token: tokens.refresh_token }
    expect(await token(`${origin}/oauth`, parameters)).toHaveProperty('access_token')
  })

  it('writes no file if "persist" is false', async () => {
    const root = await emptyApp()
    const { origin } = await devServer({ persist: false }, {}, root)
    await signIn({ issuer: `${origin}/oauth`, redirectUri: `${origin}/` })
    expect((await readdir(stateHome, { recursive: true })).filter((name) => name.includes(basename(root)))).toEqual([])
  })

  it('uses the option "origin" as the issuer’s origin behind a proxy', async () => {
    const { origin, server } = await devServer({ origin: 'https://dev.example.com' })
    const metadata: unknown = await (await fetch(`${origin}/oauth/.well-known/openid-configuration`)).json()
    expect(metadata).toMatchObject({ issuer: 'https://dev.example.com/oauth' })
    expect((await server.transformRequest('virtual:latchkey'))?.code).toContain('const origin = "https://dev.example.com"')
  })

  it('serves HTTPS over HTTP/2 and HTTP/1.1', async () => {
    const { origin } = await devServer({}, { plugins: [basicSsl()] })
    expect(origin).toMatch(/^https:/)
    const path = '/oauth/.well-known/openid-configuration'
    expect(JSON.parse(await getByHttp1(origin + path))).toMatchObject({ issuer: `${origin}/oauth` })
    expect(JSON.parse(await getByHttp2(origin, path))).toMatchObject({ issuer: `${origin}/oauth` })
  })

  it('prints the issuer and the users who can sign in', async () => {
    const info = vi.fn<(message: string) => void>()
    const logger = { ...vite.createLogger('silent'), info }
    const { server, origin } = await devServer({}, { customLogger: logger })
    server.printUrls()
    expect(info).toHaveBeenLastCalledWith(`  ➜  Sign-in: ${origin}/oauth (test users: Ada Lovelace, Alan Turing)`)
  })

  it.each([
    ['0.0.0.0', true],
    ['127.0.0.1', false],
  ])('warns if users of other machines can sign in: %s', async (host, isOpen) => {
    const warn = vi.fn<(message: string) => void>()
    const config = { server: { host, port: 0, watch: null }, customLogger: { ...vite.createLogger('silent'), warn } }
    const { server } = await devServer({}, config)
    // A machine without a network has no such address.
    const expected = isOpen && (server.resolvedUrls?.network.length ?? 0) > 0
    server.printUrls()
    expect(warn.mock.calls.flat().some((line) => line.includes('Everyone in your network'))).toBe(expected)
  })

  it('warns of a requested scope that the server does not know', async () => {
    const warn = vi.fn<(message: string) => void>()
    const { origin } = await devServer({}, { customLogger: { ...vite.createLogger('silent'), warn } })
    const tokens = await signIn({ issuer: `${origin}/oauth`, redirectUri: `${origin}/`, scope: 'openid orders.read' })
    expect(tokens.scope).toBe('openid')
    expect(warn.mock.calls.map(([line]) => line)).toEqual([expect.stringContaining('"orders.read"')])
  })

  it('rejects an invalid path before the server starts', async () => {
    const config = appConfig(await emptyApp(), { path: 'https://id.example.com' })
    await expect(vite.createServer(config)).rejects.toThrow('"path" must be a path below Vite\'s base')
  })

  it('builds an app with an external server without any code of the embedded one', async () => {
    const production = { issuer: 'https://id.example.com', clientId: 'spa' }
    const { code, warnings } = await build({ production })
    expect(code).toContain('https://id.example.com')
    expect(code).not.toMatch(/localhost|Lovelace/)
    expect(warnings).toEqual([])
  })

  it('builds with the settings in .env.production, and keeps the embedded server in development', async () => {
    const root = await emptyApp()
    await writeFile(join(root, '.env.production'), 'VITE_LATCHKEY_ISSUER=https://id.example.com\nVITE_LATCHKEY_CLIENT_ID=spa\n')
    const { code } = await build({}, root)
    expect(code).toContain('https://id.example.com')
    const { server } = await devServer({}, {}, root)
    expect((await server.transformRequest('virtual:latchkey'))?.code).toContain('location')
  })

  it('warns about a build whose server refuses the default scope', async () => {
    const { warnings } = await build({ production: { issuer: 'https://accounts.google.com', clientId: 'spa' } })
    expect(warnings.join()).toContain('refuses the scope "offline_access"')
  })

  it('warns about a build for its own origin, and serves it in the preview', async () => {
    const { root, code, warnings } = await build({})
    expect(code).toMatch(/globalThis\.location/)
    expect(warnings.join()).toContain('VITE_LATCHKEY_ISSUER')
    const server = await vite.preview(appConfig(root))
    onTestFinished(() => server.close())
    const origin = new URL(server.resolvedUrls?.local[0] ?? '').origin
    expect(await signIn({ issuer: `${origin}/oauth`, redirectUri: `${origin}/` })).toHaveProperty('id_token')
    expect(await (await fetch(`${origin}/`)).text()).toContain('<title>app</title>')
  })

  async function build(
    options: LatchkeyOptions,
    given?: string,
  ): Promise<{ root: string; code: string; warnings: readonly string[] }> {
    const root = given ?? (await emptyApp())
    const warnings: string[] = []
    const logger = { ...vite.createLogger('silent'), warn: (message: string) => void warnings.push(message) }
    await vite.build(
      appConfig(root, options, { customLogger: logger, build: { rollupOptions: { output: { entryFileNames: 'app.js' } } } }),
    )
    return { root, code: await readFile(join(root, 'dist', 'app.js'), 'utf8'), warnings }
  }
})

/** Sends lines as they are, and returns the response. */
async function send(origin: string, lines: readonly string[]): Promise<string> {
  const { port, hostname } = new URL(origin)
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connectSocket(Number(port), hostname, () => {
      socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`)
    })
    socket
      .setEncoding('utf8')
      .on('data', (chunk) => (received += String(chunk)))
      .on('end', () => resolve(received))
      .on('error', reject)
  })
}

/** The certificate is self-signed. */
const TRUST = { rejectUnauthorized: false }

async function getByHttp1(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    httpsRequest(url, TRUST, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      response.on('end', () => resolve(body))
    })
      .on('error', reject)
      .end()
  })
}

async function getByHttp2(origin: string, path: string): Promise<string> {
  const session = connect(origin, TRUST)
  onTestFinished(() => session.close())
  return new Promise((resolve, reject) => {
    session.on('error', reject)
    let body = ''
    const stream = session.request({ ':path': path })
    stream.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    stream.on('end', () => resolve(body)).on('error', reject)
  })
}
