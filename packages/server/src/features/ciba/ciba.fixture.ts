import type { AuthorizationServer } from '../../server/authorization-server.js'
import { ciba, type CibaOptions } from './ciba.js'
import type { Feature } from '../feature.js'
import type { AuthorizationServerOptions } from '../../options/server-options.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { asPage, json, testBrowser, type Page, type TestBrowser } from '../../server/test-browser.fixture.js'
import { ALICE, CONFIDENTIAL, ISSUER, SPA, testServer, type Clock } from '../../server/test-server.fixture.js'

export const GRANT = 'urn:openid:params:grant-type:ciba'

/** A till: a client with a secret that never sees the user's browser. */
export const TILL: ClientRecord = { clientId: 'till', clientName: 'The till', clientSecret: 'cash and card', redirectUris: [] }

type Params = Readonly<Record<string, string | undefined>>

/** A server with CIBA, and the back channel of its client. Undefined removes a parameter. */
export interface CibaServer {
  readonly server: AuthorizationServer
  readonly clock: Clock
  readonly ask: (params?: Params) => Promise<Response>
  /** Returns the `auth_req_id`. */
  readonly start: (params?: Params) => Promise<string>
  readonly poll: (id: string, params?: Params) => Promise<Response>
  /** Returns the error of a poll, or `ok`. */
  readonly outcome: (id: string, params?: Params) => Promise<string>
}

export async function cibaServer(
  options: CibaOptions = {},
  more: Partial<AuthorizationServerOptions> = {},
  others: readonly Feature[] = [],
): Promise<CibaServer> {
  const { server, clock } = await testServer({
    clients: [TILL, CONFIDENTIAL, SPA],
    features: [ciba(options), ...others],
    ...more,
  })
  const post = (path: string, params: Params): Promise<Response> => {
    const given = Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined)
    return server.fetch(new Request(`${ISSUER}${path}`, { method: 'POST', body: new URLSearchParams(given) }))
  }
  const till = { client_id: 'till', client_secret: TILL.clientSecret }
  const ask: CibaServer['ask'] = (params = {}) =>
    post('/backchannel_authentication', { ...till, scope: 'openid email', login_hint: 'alice', ...params })
  const poll: CibaServer['poll'] = (id, params = {}) => post('/token', { ...till, grant_type: GRANT, auth_req_id: id, ...params })
  return {
    server,
    clock,
    ask,
    poll,
    start: async (params) => (await json(await ask(params)))['auth_req_id'] ?? '',
    outcome: async (id, params) => (await json(await poll(id, params)))['error'] ?? 'ok',
  }
}

export const APPROVE = `${ISSUER}/approve`

/** Opens the approval page and signs in. */
export async function openApprovals(
  server: AuthorizationServer,
  {
    browser = testBrowser(server),
    user = ALICE,
    url = APPROVE,
  }: { browser?: TestBrowser; user?: Pick<typeof ALICE, 'username' | 'password'>; url?: string } = {},
): Promise<{ readonly browser: TestBrowser; readonly page: Page }> {
  const { username, password } = user
  const entry = await asPage(await browser.get(url), url)
  return { browser, page: await asPage(await browser.submit(entry, { action: 'sign-in', username, password }), url) }
}

/** Returns the ids of the requests on a page, as in its forms. */
export function requestsOn({ text }: Page): readonly string[] {
  return [...text.matchAll(/name="request" value="([^"]*)"/g)].map(([, id = '']) => id)
}

/** Signs in and decides the first request of the page. Returns the page after that. */
export async function decide(
  server: AuthorizationServer,
  decision: 'approve' | 'deny',
  user: Pick<typeof ALICE, 'username' | 'password'> = ALICE,
): Promise<Page> {
  const { browser, page } = await openApprovals(server, { user })
  return asPage(await browser.submit(page, { request: requestsOn(page)[0] ?? '', decision }), page.url)
}
