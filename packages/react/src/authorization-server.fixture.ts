import { memory, type ClientOptions, type Transport } from '@latchkey/core'
import {
  authorizationCode,
  createAuthorizationServer,
  deviceCode,
  OAuthError,
  refreshToken,
  userSite,
  type AuthorizationServer,
  type User,
} from '@latchkey/server'

/** What a test turns. */
export interface Knobs {
  /** Whom the server sees at its sign-in page; undefined refuses the sign-in (`access_denied`). */
  person: string | undefined
  /** Answers in the server's place, or does nothing. */
  respond: ((request: Request) => Response | Promise<Response> | undefined) | undefined
  /** Seconds that the clock of server and client is ahead. */
  aheadSeconds: number
  /** The URLs that were asked for, in order. */
  readonly requests: string[]
}

export interface TestServer extends Knobs {
  /** For a client of this server: a transport in place of the browser's trip, storage in memory, the clock and the network of the test. */
  readonly options: ClientOptions
  /** How often a URL was asked for that ends so. */
  count(end: string): number
  /** A redirect up to the moment when the browser is back: the URL that the page is then opened with. */
  callbackUrl(login: (transport: Transport) => Promise<unknown>): Promise<URL>
}

const ISSUER = 'https://id.example'
const API = 'https://api.example/'
const USERS: readonly User[] = [
  { sub: 'alice', claims: { name: 'Alice', email: 'alice@example.com' } },
  { sub: 'bob', claims: { name: 'Bob', email: 'bob@example.com' } },
]

let clients = 0

/** The embedded authorization server in this page, and a protected API that says whose token it got. */
export function createTestServer(): TestServer {
  const knobs: Knobs = { person: 'alice', respond: undefined, aheadSeconds: 0, requests: [] }
  // A name of its own keeps each test's session, locks and channels apart.
  const clientId = `app-${(clients += 1)}`
  const redirectUri = new URL('/', location.href).href
  const now = (): number => Date.now() + knobs.aheadSeconds * 1000
  const server = createAuthorizationServer({
    issuer: ISSUER,
    clients: [{ clientId, redirectUris: [redirectUri], postLogoutRedirectUris: [redirectUri] }],
    site: { ...userSite({ users: USERS }), authenticate: () => ({ userId: knobs.person ?? refuse() }) },
    grants: [authorizationCode(), refreshToken(), deviceCode()],
    now,
  })
  const options: ClientOptions = {
    issuer: ISSUER,
    clientId,
    redirectUri,
    resources: [API],
    storage: memory(),
    transport: { name: 'test', prepare: () => ({ navigate: ({ url }) => visit(server, url), cancel }) },
    fetch: (input, init) => answer(server, knobs, new Request(input, init)),
    now,
  }
  return Object.assign(knobs, {
    options,
    count: (end: string) => knobs.requests.filter((url) => url.endsWith(end)).length,
    callbackUrl: (login: (transport: Transport) => Promise<unknown>) => leave(server, login),
  })
}

async function answer(server: AuthorizationServer, knobs: Knobs, request: Request): Promise<Response> {
  knobs.requests.push(request.url)
  const instead = await knobs.respond?.(request)
  if (instead) return instead
  if (request.url.startsWith(ISSUER)) return server.fetch(request)
  const verified = await server.verifyRequest(request)
  return verified.ok ? Response.json({ owner: verified.token.userId }) : verified.response
}

/** The trip of a browser in which everything is agreed to already. */
async function visit(server: AuthorizationServer, url: URL): Promise<URL> {
  const response = await server.fetch(new Request(url))
  return new URL(response.headers.get('location') ?? 'about:blank')
}

function leave(server: AuthorizationServer, login: (transport: Transport) => Promise<unknown>): Promise<URL> {
  return new Promise((resolve, reject) => {
    const navigate = async ({ url }: { readonly url: URL }): Promise<undefined> => {
      resolve(await visit(server, url))
      // The page is gone: its promise never comes back.
      return new Promise(() => undefined)
    }
    login({ name: 'redirect', prepare: () => ({ navigate, cancel }) }).catch(reject)
  })
}

function cancel(): void {}

function refuse(): never {
  throw new OAuthError('access_denied', 'the person refused the request')
}
