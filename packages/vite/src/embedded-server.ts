import {
  clientList,
  clientStore,
  createAuthorizationServer,
  memoryStore,
  storesOver,
  userSite,
  type AtomicStore,
  type AuthorizationServer,
  type AuthorizationServerOptions,
  type ClientRecord,
  type ClientStore,
} from '@latchkey/server'
import { handleApiRequest } from './dev-api.js'
import { explainMismatch } from './explain-mismatch.js'
import { prefixedStore } from './file-store.js'
import type { LatchkeyOptions, TestClient } from './latchkey-options.js'
import { isBelow, type Mount } from './mount.js'
import { loadServerSecrets } from './server-secrets.js'
import { DEFAULT_CLIENT_ID } from './settings-module.js'
import { DEFAULT_USERS } from './test-users.js'

/** Origins served at the same time. A browser uses two or three, but a `Host` header can contain anything. */
const MAX_ORIGINS = 16

/** The scopes of OpenID Connect, and the one that the API's `admin` requires. */
export const SCOPES: readonly string[] = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access', 'admin']

/** The authorization servers of all origins, and the protected API. */
export interface EmbeddedServers {
  /**
   * Handles a request by the server or API of the origin that the request was sent to. @param env Node's request and response
   */
  fetch(request: Request, env?: unknown): Promise<Response>
}

/**
 * Creates one authorization server for each origin. The issuer must be exactly what the browser sees (RFC 8414, section 3.3), and
 * only the request shows whether that is `localhost`, `127.0.0.1` or a custom host name.
 */
export function embeddedServers(options: LatchkeyOptions, mount: Mount, store: AtomicStore): EmbeddedServers {
  const servers = new Map<string, Promise<AuthorizationServer>>()
  const serverAt = (origin: string): Promise<AuthorizationServer> => {
    const server = servers.get(origin) ?? createServer(options, { mount, origin, store })
    servers.delete(origin)
    servers.set(origin, server)
    // A failure may be transient, such as that of a disk.
    server.catch(() => servers.delete(origin))
    const oldest = servers.keys().next().value
    if (servers.size > MAX_ORIGINS && oldest !== undefined) servers.delete(oldest)
    return server
  }
  return {
    fetch: async (received, env) => {
      const request = options.origin ? withOrigin(received, options.origin) : received
      const { origin, pathname } = new URL(request.url)
      const server = await serverAt(origin)
      const isApi = mount.api !== undefined && isBelow(mount.api, pathname)
      return isApi ? handleApiRequest(request, pathname.slice(mount.api.length), server) : server.fetch(request, env)
    },
  }
}

interface ServerLocation {
  readonly mount: Mount
  readonly origin: string
  readonly store: AtomicStore
}

async function createServer(options: LatchkeyOptions, { mount, origin, store }: ServerLocation): Promise<AuthorizationServer> {
  const originStore = prefixedStore(store, `${origin} `)
  const { clients, ...server } = serverOptions(options, mount, origin)
  return createAuthorizationServer({
    ...(await loadServerSecrets(store)),
    ...server,
    clients: withRegistration(clients, originStore),
    stores: storesOver(originStore),
  })
}

/** Throws the TypeError of a server that cannot be created with these options, at an example origin. */
export function checkServerOptions(options: LatchkeyOptions, mount: Mount): void {
  const { clients, ...server } = serverOptions(options, mount, options.origin ?? 'http://localhost:5173')
  // A list is checked more strictly than a store, which some features require.
  createAuthorizationServer({ ...server, features: [], clients: clients.map((client) => ({ ...client, grantTypes: undefined })) })
  createAuthorizationServer({ ...server, clients: withRegistration(clients, memoryStore()) })
}

function serverOptions(
  { users = DEFAULT_USERS, clients = [], clientId = DEFAULT_CLIENT_ID, server }: LatchkeyOptions,
  { base, path }: Mount,
  origin: string,
): AuthorizationServerOptions & { readonly clients: readonly ClientRecord[] } {
  const appClient: TestClient = { clientId, clientName: 'Your app', ...clients.find((client) => client.clientId === clientId) }
  const otherClients = clients.filter((client) => client.clientId !== clientId)
  return {
    // Vite decides which hosts it serves. A phone on the same network opens the app by http.
    allowInsecureHttp: true,
    ...server,
    site:
      server?.site ??
      userSite({ users, oneClick: true, explainMismatch: (mismatch) => explainMismatch(mismatch, origin + base) }),
    scopes: server?.scopes ?? SCOPES,
    issuer: origin + path,
    clients: [appClient, ...otherClients].map((client) => withAbsoluteUris(client, origin + base)),
  }
}

/** Finds the configured clients, and those that registered themselves if registration is on (RFC 7591). */
function withRegistration(records: readonly ClientRecord[], store: AtomicStore): ClientStore {
  const [configured, registered] = [clientList(records), clientStore(store)]
  const findClient: ClientStore['findClient'] = async (clientId) =>
    (await configured.findClient(clientId)) ?? registered.findClient(clientId)
  return { ...registered, findClient }
}

function withAbsoluteUris(client: TestClient, appUrl: string): ClientRecord {
  const { redirectUris = ['', 'callback', 'callback.html'], postLogoutRedirectUris = [''] } = client
  const resolve = (uri: string): string => new URL(uri, appUrl).href
  return { ...client, redirectUris: redirectUris.map(resolve), postLogoutRedirectUris: postLogoutRedirectUris.map(resolve) }
}

/** Restores the URL that the browser requested from a proxy. */
function withOrigin(request: Request, origin: string): Request {
  const { pathname, search } = new URL(request.url)
  return new Request(new URL(pathname + search, origin), request)
}
