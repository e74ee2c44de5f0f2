// cspell:ignore connectionfailed
import { refuseArguments } from '../provider/refuse-arguments.js'
import type { TestServer } from './test-server.js'

/** The part of a request of Playwright that is used. */
interface BrowserRequest {
  url(): string
  method(): string
  allHeaders(): Promise<Readonly<Record<string, string>>>
  postDataBuffer(): Uint8Array | null
  isNavigationRequest(): boolean
}

/** The part of a route of Playwright that is used. */
interface BrowserRoute {
  request(): BrowserRequest
  fulfill(response: { status: number; headers: Record<string, string>; body: string }): Promise<void>
  abort(errorCode?: string): Promise<void>
}

/** A page or a browser context of Playwright. */
export interface RoutedPage {
  /** Handles requests whose URL matches. */
  route(matches: (url: URL) => boolean, handle: (route: BrowserRoute) => Promise<void>): Promise<unknown>
}

/**
 * Lets a test server handle the requests of a page or a browser context of Playwright: the app signs in by its own redirect or popup, at the
 * issuer of its own options, and no request leaves the machine.
 *
 * @param server with the `issuer` of the app and the `resources` of its APIs
 * @throws ConfigurationError for arguments that are neither
 * @example
 * const server = createTestServer({ issuer: 'https://id.example.com', resources: ['https://api.example.com/'] })
 * await routePage(page.context(), server)
 */
export async function routePage(page: RoutedPage, server: TestServer): Promise<void> {
  const isRight = typeof (page as Partial<RoutedPage> | undefined)?.route === 'function'
  refuseArguments('routePage()', isRight && typeof (server as Partial<TestServer> | undefined)?.handles === 'function')
  await page.route(
    (url) => server.handles(url),
    async (route) => {
      const request = route.request()
      const init = { method: request.method(), headers: await sentHeaders(request), redirect: 'manual' as const }
      const data = request.postDataBuffer()
      const response = await server
        .fetch(request.url(), data ? { ...init, body: new Uint8Array(data) } : init)
        .catch(() => undefined)
      if (!response) return route.abort('connectionfailed')
      const location = response.headers.get('location')
      const isRedirect = location !== null && request.isNavigationRequest()
      const headers = { ...Object.fromEntries(response.headers), date: new Date(server.clock.now()).toUTCString() }
      return isRedirect
        ? route.fulfill({
            status: 200,
            headers: { 'content-type': 'text/html' },
            body: redirectPage(new URL(location, request.url())),
          })
        : route.fulfill({ status: response.status, headers, body: await response.text() })
    },
  )
}

/** Names that begin with a colon are those of HTTP/2. */
async function sentHeaders(request: BrowserRequest): Promise<Record<string, string>> {
  const headers = Object.entries(await request.allHeaders())
  return Object.fromEntries(headers.filter(([name]) => !name.startsWith(':') && name !== 'host' && name !== 'content-length'))
}

/** Not every browser follows a redirect in a response that Playwright supplies. */
function redirectPage({ href }: URL): string {
  const text = JSON.stringify(href).replaceAll('<', String.raw`\u003c`)
  return `<!doctype html><script>location.replace(${text})</script>`
}
