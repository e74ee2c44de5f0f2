// The doctor in a page: what only a browser shows, such as CORS, policies, frames, service workers and storage.
import type { ServerResponse } from 'node:http'
import { authorizationCode, createAuthorizationServer, refreshToken, userSite } from '@latchkey/server'
import { toNodeHandler } from '@latchkey/server/node'
import { exportJWK, generateKeyPair } from 'jose'
import type { Browser } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { launchChromium, visit } from '../harness/browser.js'
import { listen, type Loopback } from '../harness/loopback.js'

const SOURCE = `
  import { createOAuthClient } from '@latchkey/core'
  import { diagnose } from '@latchkey/core/doctor'
  window.examine = async (options) => {
    const client = createOAuthClient(options)
    await client.start()
    return diagnose(client)
  }`

/** What a test changes. */
interface Broken {
  /** Headers of the app's page. */
  readonly appHeaders?: Readonly<Record<string, string>>
  /** The script of a service worker that the app registers. */
  readonly serviceWorker?: string
  /** Paths of the server whose responses have no CORS headers. */
  readonly withoutCors?: readonly string[]
  readonly isServerDown?: boolean
  readonly redirectUris?: readonly string[]
  /** Runs in the page before the app. */
  readonly initScript?: string
  readonly options?: object
}

interface Seen {
  readonly findings: readonly { readonly severity: string; readonly code: string; readonly seen: string }[]
  readonly passed: readonly string[]
}

let script = ''
let browser: Browser
let keys: object[]

beforeAll(async () => {
  const id = '/doctor-entry.js'
  const entry = {
    name: 'entry',
    resolveId: (name: string) => (name === id ? id : undefined),
    load: (name: string) => (name === id ? SOURCE : undefined),
  }
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    plugins: [entry],
    build: { write: false, rolldownOptions: { input: id, output: { codeSplitting: false } } },
  })
  const [output] = Array.isArray(result) ? result : [result]
  const chunk = output && 'output' in output ? output.output[0] : undefined
  script = chunk?.code ?? ''
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  keys = [{ ...(await exportJWK(privateKey)), kid: 'rsa', alg: 'RS256' }]
  browser = await launchChromium()
})
afterAll(() => browser.close())

async function examine(broken: Broken = {}): Promise<Seen> {
  const [app, server] = [await listen(), await listen()]
  const [appUrl, issuer] = [`http://localhost:${app.port}/`, `http://127.0.0.1:${server.port}`]
  serveApp(app, broken)
  serveProvider(server, { issuer, redirectUris: broken.redirectUris ?? [appUrl], withoutCors: broken.withoutCors ?? [] })
  const { page, context } = await visit(browser, `${appUrl}empty`)
  onTestFinished(async () => {
    await context.close()
    await Promise.all([app.close(), server.close().catch(() => undefined)])
  })
  if (broken.initScript !== undefined) await page.addInitScript(broken.initScript)
  await page.goto(`${appUrl}start`)
  if (broken.serviceWorker !== undefined)
    await page.evaluate('navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready)')
  if (broken.isServerDown) await server.close()
  const options = { issuer, clientId: 'spa', redirectUri: appUrl, scope: 'openid offline_access', ...broken.options }
  return page.evaluate(`examine(${JSON.stringify(options)})`)
}

function serveApp(app: Loopback, { appHeaders, serviceWorker }: Broken): void {
  app.serve(({ url }, response) => {
    if (url?.startsWith('/empty')) return response.writeHead(200, { 'content-type': 'text/html' }).end('<title>empty</title>')
    if (url?.endsWith('.js')) {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(url === '/sw.js' ? serviceWorker : script)
      return response
    }
    return response
      .writeHead(200, { 'content-type': 'text/html', ...appHeaders })
      .end('<!doctype html><title>app</title><body><script type="module" src="/doctor.js"></script>')
  })
}

interface Provider {
  readonly issuer: string
  readonly redirectUris: readonly string[]
  readonly withoutCors: readonly string[]
}

function serveProvider(loopback: Loopback, { issuer, redirectUris, withoutCors }: Provider): void {
  const handle = toNodeHandler(
    createAuthorizationServer({
      issuer,
      keys,
      clients: [{ clientId: 'spa', redirectUris: [...redirectUris] }],
      grants: [authorizationCode(), refreshToken()],
      site: userSite({ users: [{ sub: 'ada' }] }),
    }),
  )
  loopback.serve((request, response) => {
    const { pathname } = new URL(request.url ?? '/', issuer)
    if (withoutCors.includes(pathname)) hideHeaders(response)
    void handle(request, response)
  })
}

function hideHeaders(response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response)
  Object.assign(response, {
    writeHead: (status: number, headers: Record<string, unknown>) => {
      const kept = Object.entries(headers).filter(([name]) => !name.toLowerCase().startsWith('access-control-'))
      return writeHead(status, Object.fromEntries(kept) as Record<string, string>)
    },
  })
}

const summary = ({ findings }: Seen): readonly string[] => findings.map(({ severity, code }) => `${severity} ${code}`)

describe('the doctor in a page', () => {
  it('finds nothing wrong with a set-up that works, with its silent request in a frame', async () => {
    const seen = await examine()
    expect(summary(seen)).toEqual([])
    expect(seen.passed).toContain('client id, redirect URI and response type at the authorization endpoint')
    expect(seen.passed).toContain('storage of the browser')
  })

  it('tells a response that the browser hides from a server that is down', async () => {
    expect(summary(await examine({ withoutCors: ['/token'] }))).toEqual(['error cors_token'])
    const hidden = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']
    expect(summary(await examine({ withoutCors: hidden }))).toEqual(['error cors_metadata'])
    expect(summary(await examine({ isServerDown: true }))).toEqual(['error metadata_unreachable'])
  })

  it('finds what a policy of the app blocks', async () => {
    const policy = "default-src 'self' 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'"
    const { findings } = await examine({ appHeaders: { 'content-security-policy': policy } })
    expect(findings.map(({ code }) => code)).toEqual(['csp_blocks_request', 'callback_not_frameable'])
    expect(findings[0]?.seen).toContain('connect-src')
  })

  it('sends the developer to the page that it cannot read', async () => {
    const seen = await examine({ redirectUris: ['https://other.example/'] })
    expect(summary(seen)).toEqual(['warning authorization_refused'])
  })

  it('finds a service worker that loses the response', async () => {
    const redirects = `addEventListener('fetch', (event) => {
      const url = new URL(event.request.url)
      if (event.request.mode === 'navigate' && url.search) event.respondWith(Response.redirect(url.origin + '/', 302))
    })
    addEventListener('activate', (event) => event.waitUntil(clients.claim()))`
    const seen = await examine({ serviceWorker: redirects })
    expect(summary(seen)).toContain('error service_worker')
    const passes = await examine({
      serviceWorker: "addEventListener('fetch', (event) => event.respondWith(fetch(event.request)))",
    })
    expect(summary(passes)).toEqual(['note service_worker'])
  })

  it('finds a response in a cache, and blocked storage', async () => {
    const cached = await examine({
      initScript: "caches.open('pages').then((cache) => cache.put('/?code=secret-code&state=1', new Response('')))",
    })
    expect(summary(cached)).toEqual(['warning service_worker'])
    expect(JSON.stringify(cached)).not.toContain('secret-code')
    const blocked =
      'Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("denied", "SecurityError") } })'
    expect(summary(await examine({ initScript: blocked }))).toContain('error storage_blocked')
  })

  it('finds several copies of the library', async () => {
    const load = ['/a/@latchkey/core/index.js', '/b/@latchkey/core/index.js'].map((path) => `fetch('${path}')`).join(';')
    expect(summary(await examine({ initScript: load }))).toEqual(['warning several_copies'])
  })
})
