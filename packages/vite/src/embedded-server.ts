import { clientList, clientStore, createAuthorizationServer, storesOver, userSite } from '@latchkey/server'
import type { AtomicStore, AuthorizationServer, ClientRecord, ClientStore } from '@latchkey/server'
import { answerApi } from './dev-api.js'
import { prefixedStore } from './file-store.js'
import type { LatchkeyOptions, TestClient } from './latchkey-options.js'
import { isBelow, type Mount } from './mount.js'
import { defaultClientId } from './settings-module.js'
import { storedSecrets } from './signing-keys.js'
import { defaultUsers } from './test-users.js'

/** How many origins are served at once. A browser opens two or three; a `Host` header can say anything. */
const keptOrigins = 16

/** Those of OpenID Connect, and the one that the API's `admin` wants. */
const defaultScopes = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access', 'admin']

export interface EmbeddedServers {
  /** The answer of the authorization server, or of the protected API, at the origin that the request came to. */
  fetch(request: Request): Promise<Response>
}

/**
 * One authorization server an origin: the issuer must be, letter for letter, what the browser sees (RFC 8414, section 3.3), and
 * only the request tells whether that is `localhost`, `127.0.0.1` or a name of one's own.
 */
export function embeddedServers(options: LatchkeyOptions, mount: Mount, store: AtomicStore): EmbeddedServers {
  const servers = new Map<string, Promise<AuthorizationServer>>()
  const serverAt = (origin: string): Promise<AuthorizationServer> => {
    const server = servers.get(origin) ?? createServer(options, { mount, origin, store })
    servers.delete(origin)
    servers.set(origin, server)
    const oldest = servers.keys().next().value
    if (servers.size > keptOrigins && oldest !== undefined) servers.delete(oldest)
    return server
  }
  return {
    fetch: async (received) => {
      const request = options.origin ? atOrigin(received, options.origin) : received
      const { origin, pathname } = new URL(request.url)
      const server = await serverAt(origin)
      const isApi = mount.api !== undefined && isBelow(mount.api, pathname)
      return isApi ? answerApi(request, pathname.slice(mount.api.length), server) : server.fetch(request)
    },
  }
}

interface Place {
  readonly mount: Mount
  readonly origin: string
  readonly store: AtomicStore
}

async function createServer(options: LatchkeyOptions, { mount, origin, store }: Place): Promise<AuthorizationServer> {
  const { users = defaultUsers, clients = [], clientId = defaultClientId } = options
  const own: TestClient = { clientId, clientName: 'Your app', ...clients.find((client) => client.clientId === clientId) }
  const others = clients.filter((client) => client.clientId !== clientId)
  const here = prefixedStore(store, `${origin} `)
  return createAuthorizationServer({
    site: userSite({ users, oneClick: true }),
    scopes: defaultScopes,
    ...(await storedSecrets(store)),
    ...options.server,
    issuer: origin + mount.path,
    clients: clientsOf(
      [own, ...others].map((client) => withAddresses(client, origin + mount.base)),
      here,
    ),
    stores: storesOver(here),
  })
}

/** The clients that were named, and those that register themselves where that is switched on (RFC 7591). */
function clientsOf(named: readonly ClientRecord[], store: AtomicStore): ClientStore {
  const [fixed, registered] = [clientList(named), clientStore(store)]
  return { ...registered, findClient: async (clientId) => (await fixed.findClient(clientId)) ?? registered.findClient(clientId) }
}

function withAddresses(client: TestClient, appUrl: string): ClientRecord {
  const { redirectUris = ['', 'callback', 'callback.html'], postLogoutRedirectUris = [''] } = client
  const absolute = (address: string): string => new URL(address, appUrl).href
  return { ...client, redirectUris: redirectUris.map(absolute), postLogoutRedirectUris: postLogoutRedirectUris.map(absolute) }
}

/** The request as the browser made it, before a proxy took it. */
function atOrigin(request: Request, origin: string): Request {
  const { pathname, search } = new URL(request.url)
  return new Request(new URL(pathname + search, origin), request)
}
