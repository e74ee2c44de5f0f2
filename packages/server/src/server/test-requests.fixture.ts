import type { AuthorizationServer } from './authorization-server.js'
import { json, redeem, signIn, testBrowser, type TestBrowser } from './test-browser.fixture.js'
import { CONFIDENTIAL, ISSUER } from './test-server.fixture.js'

/** The credentials of the confidential client. */
export const WEB: Readonly<Record<'client_id' | 'client_secret', string>> = {
  client_id: 'web',
  client_secret: CONFIDENTIAL.clientSecret ?? '',
}
/** Posts a form to an endpoint. */
export const post = (
  server: AuthorizationServer,
  path: string,
  body: Readonly<Record<string, string>>,
  headers = {},
): Promise<Response> =>
  server.fetch(new Request(`${ISSUER}${path}`, { method: 'POST', body: new URLSearchParams(body), headers }))
/** Signs in and redeems the code. */
export const tokensOf = async (
  server: AuthorizationServer,
  browser: TestBrowser = testBrowser(server),
  params = {},
): Promise<Record<string, string>> => json(await redeem(server, (await signIn(browser, params)).searchParams.get('code') ?? ''))
/** Verifies an access token, as an API does. */
export const verifyToken = (server: AuthorizationServer, token = ''): Promise<{ ok: boolean }> =>
  server.verifyRequest(new Request(ISSUER, { headers: { authorization: `Bearer ${token}` } }))
