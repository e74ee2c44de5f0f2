import { createOAuth1Client, type OAuth1Client, type OAuth1ClientOptions } from '@latchkey/oauth1'
import { memory } from '@latchkey/core'
import type { AuthorizationServer } from '../../server/authorization-server.js'
import { createOAuth1Server, type OAuth1Server, type OAuth1ServerOptions } from '../../server/create-oauth1-server.js'
import { asPage, locationOf, testBrowser, type TestBrowser } from '../../server/test-browser.fixture.js'
import { ALICE, BOB, testClock, type Clock } from '../../server/test-server.fixture.js'
import { userSite } from '../../site/user-site.js'

export const URL_OF_SERVER = 'https://provider.example/oauth'
export const API = 'https://api.example/photos'
export const CALLBACK = 'https://app.example/ready'

export interface OAuth1World {
  readonly server: OAuth1Server
  readonly client: OAuth1Client
  readonly clock: Clock
  readonly browser: TestBrowser
  /** Every request that reached the server or the API. */
  readonly requests: Request[]
  /** The client's `fetch`, for other clients. */
  readonly send: typeof fetch
}

/** A server, an API that it guards, and a client, in one process. */
export function oauth1World(
  options: Partial<OAuth1ServerOptions> = {},
  clientOptions: Partial<OAuth1ClientOptions> = {},
): OAuth1World {
  const clock = testClock()
  const server = createOAuth1Server({
    url: URL_OF_SERVER,
    clients: [{ clientId: 'photos', clientSecret: 'printer secret', clientName: 'Printer' }],
    site: userSite({ users: [ALICE, BOB] }),
    now: clock.now,
    ...options,
  })
  const requests: Request[] = []
  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    requests.push(request.clone())
    if (server.handles(new URL(request.url))) return server.fetch(request)
    const verified = await server.verifyRequest(request)
    return verified.ok ? Response.json({ user: verified.userId, body: await request.text() }) : verified.response
  }
  const client = createOAuth1Client({
    consumerKey: 'photos',
    consumerSecret: 'printer secret',
    temporaryCredentialsUrl: `${URL_OF_SERVER}/initiate`,
    authorizationUrl: `${URL_OF_SERVER}/authorize`,
    tokenCredentialsUrl: `${URL_OF_SERVER}/token`,
    callbackUrl: CALLBACK,
    resources: [API],
    storage: memory(),
    fetch: send,
    now: clock.now,
    ...clientOptions,
  })
  return { server, client, clock, browser: testBrowser(server as unknown as AuthorizationServer, URL_OF_SERVER), requests, send }
}

/** The user signs in and allows the access. @returns where the browser is sent, or the last page */
export async function allow(browser: TestBrowser, url: URL, action = 'consent'): Promise<Response> {
  const page = await asPage(await browser.get(url.href), url.href)
  const consent = await asPage(
    await browser.submit(page, { action: 'sign-in', username: 'alice', password: 'wonderland' }),
    url.href,
  )
  return browser.submit(consent, { action })
}

/** The three steps. */
export async function authorize({ client, browser }: Pick<OAuth1World, 'client' | 'browser'>): Promise<void> {
  const temporary = await client.temporaryCredentials()
  const callback = locationOf(await allow(browser, client.authorizationUrl(temporary)))
  await client.tokenCredentials(temporary, callback.searchParams.get('oauth_verifier') ?? '')
}
