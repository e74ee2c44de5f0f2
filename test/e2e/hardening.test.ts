// An app that is built with `hardening: true`, served with the policy that the build reports.
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { latchkey } from '@latchkey/vite'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { build, createServer } from 'vite'
import { launchChromium, press, sees, visit } from '../harness/browser.js'
import { startEmbeddedServer, type EmbeddedServer } from '../harness/embedded-server.js'
import { listen, type Loopback } from '../harness/loopback.js'
import { alice } from '../harness/users.js'

const root = fileURLToPath(new URL('./hardening-app', import.meta.url))
const built = fileURLToPath(new URL('../../test-results/e2e-hardening-app', import.meta.url))
const report = `${built}-report`
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
/** Of responses: those of an authorization request are the server's. */
const RESPONSE = /[?#&](?:code|state|iss|error|session_state)=/

let browser: Browser
let host: Loopback
let origin: string
let server: EmbeddedServer
let policy: string

beforeAll(async () => {
  host = await listen()
  // On the server's own site, because its cookie is not sent in a cross-site frame.
  origin = `http://127.0.0.1:${host.port}`
  const redirectUris = [`${origin}/app/`, `${origin}/app/callback.html`]
  server = await startEmbeddedServer({ origin, redirectUris, postLogoutRedirectUris: [`${origin}/app/`] })
  await build({
    root,
    base: '/app/',
    configFile: false,
    logLevel: 'silent',
    plugins: [latchkey({ hardening: { report }, production: { issuer: server.issuer, clientId: 'spa' }, persist: false })],
    build: {
      outDir: built,
      emptyOutDir: true,
      rollupOptions: { input: { index: join(root, 'index.html'), callback: join(root, 'callback.html') } },
    },
  })
  policy = (await readFile(join(report, 'content-security-policy.txt'), 'utf8')).trim()
  host.serve((request, response) => {
    const path = new URL(request.url ?? '/', origin).pathname.replace(/^\/app\//, '/')
    const name = path === '/' ? '/index.html' : path
    const headers = { 'content-type': TYPES[extname(name)] ?? 'text/plain', 'content-security-policy': policy }
    readFile(join(built, name), 'utf8').then(
      (text) => response.writeHead(200, headers).end(text),
      () => response.writeHead(404, headers).end(),
    )
  })
  browser = await launchChromium()
})
afterAll(() => Promise.all([browser.close(), host.close(), server.close()]))

describe('an app that is built with hardening', () => {
  let page: Page
  /** What the first script in the body of each page sees. */
  const seen: string[] = []
  const violations: string[] = []

  async function open(path = '/app/'): Promise<void> {
    const visitor = await visit(browser, 'about:blank')
    page = visitor.page
    await visitor.context.exposeFunction('report', (text: string) => seen.push(text))
    await visitor.context.exposeFunction('reportViolation', (text: string) => violations.push(text))
    await visitor.context.addInitScript(() => {
      const { reportViolation } = window as unknown as { readonly reportViolation: (text: string) => void }
      document.addEventListener('securitypolicyviolation', (event) =>
        reportViolation(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`),
      )
    })
    await page.goto(origin + path)
    await sees(page, 'status', 'signed-out')
  }

  beforeEach(async () => {
    seen.length = violations.length = 0
    await open()
    return async () => {
      server.dials.onRequest = undefined
      await page.context().close()
      expect(violations).toEqual([])
      expect(seen.length).toBeGreaterThan(0)
      expect(seen.filter((text) => RESPONSE.test(text) || text.includes('latchkeyCallback'))).toEqual([])
    }
  })

  it('signs in by redirect, and no script of the page sees the response', async () => {
    await press(page, 'Sign in')
    await page.click(server.pages.userButton(alice))
    await sees(page, 'name', alice.name)
    expect(seen).toHaveLength(2)
    expect(page.url()).toBe(`${origin}/app/`)
    expect(await page.evaluate(() => 'latchkeyCallback' in window)).toBe(false)
    // What no script can change, as the README says.
    expect(await page.evaluate(() => performance.getEntriesByType('navigation')[0]?.name)).toContain('code=')
  })

  it('shows the error of a response', async () => {
    server.dials.onRequest = (request) => {
      const url = new URL(request.url)
      if (!url.pathname.endsWith('/authorize')) return request
      const to = new URL(url.searchParams.get('redirect_uri') ?? '')
      to.search = new URLSearchParams({
        error: 'access_denied',
        state: url.searchParams.get('state') ?? '',
        iss: server.issuer,
      }).toString()
      return Response.redirect(to)
    }
    await press(page, 'Sign in')
    await sees(page, 'error', 'authorization_error')
  })

  it.each(['Sign in by popup', 'Sign in by popup in the app'])('completes "%s"', async (button) => {
    const opened = page.waitForEvent('popup')
    await press(page, button)
    const popup = await opened
    await Promise.all([popup.waitForEvent('close'), popup.click(server.pages.userButton(alice))])
    await sees(page, 'name', alice.name)
  })

  it('signs in silently in a frame', async () => {
    await press(page, 'Sign in')
    await page.click(server.pages.userButton(alice))
    await sees(page, 'name', alice.name)
    // There, the session is in memory only.
    await page.goto(`${origin}/app/?silent`)
    await sees(page, 'name', alice.name)
  })

  it('leaves the response of another library where it is', async () => {
    const address = `${origin}/app/?code=other&state=other`
    await page.goto(address)
    await sees(page, 'status', 'signed-out')
    expect(page.url()).toBe(address)
    expect(seen.splice(-1)[0]).toContain('code=other')
  })
})

it('reports the policy with hashes, the server and what is refused', async () => {
  expect(policy).toContain(`connect-src 'self' ${server.issuer}`)
  expect(policy).toContain(`frame-src 'self' ${server.issuer}`)
  expect(policy).toMatch(/script-src 'self' 'sha256-[^']+' 'sha256-[^']+'/)
  expect(policy).toMatch(/style-src 'self' 'sha256-[^']+'/)
  expect(policy).toContain("object-src 'none'; require-trusted-types-for 'script'")
})

it('has the script first in a page of the development server, below a base', async () => {
  const dev = await createServer({
    root,
    base: '/app/',
    configFile: false,
    logLevel: 'silent',
    plugins: [latchkey({ hardening: true, persist: false })],
    server: { middlewareMode: true, watch: null },
  })
  const html = await dev.transformIndexHtml('/index.html', await readFile(join(root, 'index.html'), 'utf8'))
  await dev.close()
  const [first = ''] = /<script[\s\S]*?<\/script>/.exec(html) ?? []
  expect(first).toContain('latchkeyCallback')
  expect(html.indexOf(first)).toBeLessThan(html.indexOf('@vite/client'))
})
