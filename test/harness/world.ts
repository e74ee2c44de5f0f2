import type { Page } from 'playwright-core'
import { startApp, type AppHost, type AppSettings } from './app-host.js'
import type { SeenRequest, StartAuthorizationServer, TestAuthorizationServer } from './authorization-server.js'
import { installClock } from './browser.js'
import { startProtectedApi, type ProtectedApi } from './protected-api.js'

/** An app, its authorization server and its API, each on a separate origin. */
export interface World<Server extends TestAuthorizationServer = TestAuthorizationServer> {
  readonly app: AppHost
  readonly server: Server
  readonly api: ProtectedApi
  /** Requests of the app's script to the authorization server since the last `forget`, as `METHOD /path`. */
  requestsOfApp(): string[]
  /** How many token requests the app's own script has sent since the last `forget`. */
  tokenRequests(): number
  /**
   * Fires the page's timers of the next `ms` milliseconds.
   *
   * @returns every request that reached the server since the last `forget`, as `METHOD /path`
   */
  requestsWithin(page: Page, ms: number): Promise<string[]>
  /** Moves the clock of the app in these tabs, and the server's where it has one of its own. Timers do not fire, as after a standby. */
  elapse(ms: number, tabs: readonly Page[]): Promise<void>
  /** Does the same for a page that is about to enter the back/forward cache, once it is there. */
  elapseInCache(ms: number, page: Page): Promise<void>
  /** Settings of the app; those not given are the usual ones. */
  configure(settings: Partial<AppSettings>): void
  close(): Promise<void>
}

export async function createWorld<Server extends TestAuthorizationServer>(
  start: (app: Parameters<StartAuthorizationServer>[0]) => Promise<Server>,
): Promise<World<Server>> {
  const app = await startApp()
  const server = await start({
    origin: app.origin,
    redirectUris: [`${app.origin}/`, `${app.origin}/callback.html`],
    postLogoutRedirectUris: [`${app.origin}/`],
  })
  const api = await startProtectedApi(app.origin, (accessToken) => server.claimsOf(accessToken))
  const usual: AppSettings = { issuer: server.issuer, clientId: server.clientId, api: api.url }
  app.configure(usual)
  let shift = 0
  const requestsOfApp = (): string[] => server.seen.filter((request) => isFrom(app, request)).map(format)
  return {
    app,
    server,
    api,
    requestsOfApp,
    tokenRequests: () => requestsOfApp().filter((request) => request === 'POST /token').length,
    requestsWithin: async (page, ms) => {
      await installClock(page)
      await page.clock.runFor(ms)
      // What the page sent before has arrived by the time of this response.
      await page.evaluate((url) => fetch(url, { mode: 'no-cors' }).catch(() => undefined), `${server.issuer}${PROBE}`)
      return server.seen.filter(({ path }) => path !== PROBE).map(format)
    },
    elapse: async (ms, tabs) => {
      shift += ms
      server.elapse?.(ms)
      await Promise.all(tabs.map((tab) => tab.evaluate((total) => Object.assign(window, { clockShift: total }), shift)))
    },
    elapseInCache: async (ms, page) => {
      shift += ms
      server.elapse?.(ms)
      await page.evaluate((total) => addEventListener('pagehide', () => Object.assign(window, { clockShift: total })), shift)
    },
    configure: (settings) => app.configure({ ...usual, ...settings }),
    close: async () => {
      await Promise.all([app.close(), server.close(), api.close()])
    },
  }
}

const PROBE = '/probe'

function format({ method, path }: SeenRequest): string {
  return `${method} ${path}`
}

function isFrom(app: AppHost, request: SeenRequest): boolean {
  return request.origin === app.origin
}
