import { device } from '../device/device.js'
import type { AuthorizationServerOptions } from '../../options/server-options.js'
import { asPage, authorizePath, json, locationOf, redeem, testBrowser } from '../../server/test-browser.fixture.js'
import { testServer, type TestServer } from '../../server/test-server.fixture.js'
import { clientIdMetadata, type ClientIdMetadataOptions } from './client-id-metadata.js'

export const CLIENT = 'https://tool.example/oauth/client.json'
export const REDIRECT = 'https://tool.example/cb'
export const DOCUMENT: Readonly<Record<string, unknown>> = {
  client_id: CLIENT,
  client_name: 'Tool',
  redirect_uris: [REDIRECT],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'none',
}

export function asDocument(document: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(document, { headers })
}

export interface DocumentServer extends TestServer {
  /** The URLs that the server has fetched, in order. */
  readonly fetched: readonly string[]
  /** Replaces what the host of the document responds. */
  respond(next: (url: string) => Response | Promise<Response>): void
}

/** Creates a server whose clients have documents. Without more, the host of the example client responds with its document. */
export async function documentServer(
  options: ClientIdMetadataOptions = {},
  more: Partial<AuthorizationServerOptions> = {},
): Promise<DocumentServer> {
  const fetched: string[] = []
  let host: (url: string) => Response | Promise<Response> = () => asDocument(DOCUMENT)
  const made = await testServer({
    features: [clientIdMetadata(options), device()],
    fetch: async (input) => {
      const url = new Request(input).url
      fetched.push(url)
      return host(url)
    },
    ...more,
  })
  return { ...made, fetched, respond: (next) => void (host = next) }
}

const PARAMS = { client_id: CLIENT, redirect_uri: REDIRECT, scope: 'openid offline_access' }

/** Opens the authorization endpoint, and returns the text of the page. */
export async function openPage(
  { server }: Pick<DocumentServer, 'server'>,
  params: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { issuer } = server
  const path = authorizePath({ ...PARAMS, ...params })
  return (await testBrowser(server, issuer).get(new URL(issuer).pathname === '/oauth' ? path : path.replace('/oauth', ''))).text()
}

/** Signs in, consents, and returns the address that the browser is sent to. */
export async function consent(
  { server }: Pick<DocumentServer, 'server'>,
  params: Readonly<Record<string, string>> = {},
): Promise<URL> {
  const browser = testBrowser(server)
  const page = await asPage(await browser.get(authorizePath({ ...PARAMS, ...params })))
  const signedIn = await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' })
  // The user has consented before.
  if (signedIn.headers.has('location')) return locationOf(signedIn)
  return locationOf(await browser.submit(await asPage(signedIn), { action: 'consent' }))
}

/** Redeems the code of an authorization response. */
export async function redeemAt(
  { server }: Pick<DocumentServer, 'server'>,
  callback: URL,
  more: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  const code = callback.searchParams.get('code') ?? ''
  return json(await redeem(server, code, { client_id: CLIENT, redirect_uri: REDIRECT, ...more }))
}
