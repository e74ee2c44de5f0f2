import { startApp } from './app-host.js'
import type { AppHost, AppSettings } from './app-host.js'
import type { SeenRequest, StartAuthorizationServer, TestAuthorizationServer } from './authorization-server.js'
import { startProtectedApi } from './protected-api.js'
import type { ProtectedApi } from './protected-api.js'

/** An app, its authorization server and the API that it calls, each on an origin of its own. */
export interface World<Server extends TestAuthorizationServer = TestAuthorizationServer> {
  readonly app: AppHost
  readonly server: Server
  readonly api: ProtectedApi
  /** What the app's own script asked of the authorization server since the last `forget`, as `METHOD /path`. */
  requestsOfApp(): string[]
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
  return {
    app,
    server,
    api,
    requestsOfApp: () => server.seen.filter((request) => isFrom(app, request)).map(({ method, path }) => `${method} ${path}`),
    configure: (settings) => app.configure({ ...usual, ...settings }),
    close: async () => {
      await Promise.all([app.close(), server.close(), api.close()])
    },
  }
}

function isFrom(app: AppHost, request: SeenRequest): boolean {
  return request.origin === app.origin
}
