import type { AuditEvent } from '../options/server-hooks.js'
import type { AuthorizationServerOptions } from '../options/server-options.js'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { asPage, authorizePath, tokenRequest, type TestBrowser } from '../server/test-browser.fixture.js'
import { WEB } from '../server/test-requests.fixture.js'
import { ALICE, BOB, testServer, type Clock } from '../server/test-server.fixture.js'
import { userSite } from '../site/user-site.js'
import { authorizationCode } from '../token/grants/authorization-code.js'
import { clientCredentials } from '../token/grants/client-credentials.js'
import { password } from '../token/grants/password.js'
import { refreshToken } from '../token/grants/refresh-token.js'

/** The default of `attempts`. */
export const ATTEMPTS = 10
const GRANTS = [authorizationCode(), refreshToken(), password(), clientCredentials({ scopes: ['read'] })]
/** The server's secret. */
export const SECRET = Uint8Array.from({ length: 32 }, (_, index) => index * 7)

/** A server, and what happens at it. */
export interface World {
  readonly server: AuthorizationServer
  readonly clock: Clock
  readonly events: AuditEvent[]
  /** How many passwords the site has checked. */
  readonly checked: { count: number }
}

/** Starts a server with users, grants and a record of events. */
export async function open(options: Partial<AuthorizationServerOptions> = {}): Promise<World> {
  const events: AuditEvent[] = []
  const checked = { count: 0 }
  const users = userSite({ users: [ALICE, BOB] })
  const site: AuthorizationServerOptions['site'] = {
    ...users,
    authenticatePassword(credentials) {
      checked.count += 1
      return users.authenticatePassword?.(credentials)
    },
  }
  const hooks = { onEvent: (event: AuditEvent) => void events.push(event) }
  return { ...(await testServer({ grants: GRANTS, site, hooks, secret: SECRET, ...options })), events, checked }
}

/** The server as it is reached from an address. */
export function from(server: AuthorizationServer, address: string): AuthorizationServer {
  const env = { incoming: { socket: { remoteAddress: address } } }
  return { ...server, fetch: (request) => server.fetch(request, env) }
}

/** Sends the password grant. */
export const grant = (server: AuthorizationServer, secret: string, username = 'alice'): Promise<Response> =>
  server.fetch(tokenRequest({ grant_type: 'password', scope: 'openid', username, password: secret, ...WEB }))

/** Sends the sign-in page's form. */
export async function typePassword(browser: TestBrowser, secret: string, username = 'alice'): Promise<Response> {
  const page = await asPage(await browser.get(authorizePath({ prompt: 'login' })))
  return browser.submit(page, { action: 'sign-in', username, password: secret })
}

/** Repeats a step. Returns its last result. */
export async function times<Result>(count: number, run: () => Promise<Result>): Promise<Result | undefined> {
  let last: Result | undefined
  for (let turn = 0; turn < count; turn += 1) last = await run()
  return last
}

/** Returns the seconds of `Retry-After`. */
export const waitOf = (response: Response | undefined): number => Number(response?.headers.get('retry-after'))
