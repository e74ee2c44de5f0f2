import { createError } from '../errors/create-error.js'
import type { UserClaims } from '../protocol/claims.js'
import { createOAuthClient } from '../client/create-client.js'
import { clientKey } from '../client/client-key.js'
import type { ClientOptions } from '../client/client-options.js'
import type { Resource } from '../fetch/fetch-options.js'
import type { ClientEvents } from '../client/events.js'
import type { OAuthClient } from '../client/client.js'
import { internalsOf } from '../client/internals.js'
import { isolatedStorage } from './isolated-storage.js'
import { redact } from './redaction.js'
import { RpcPort } from './rpc-port.js'
import { createServedApi } from './served-api.js'
import type { ConnectMessage, PageApi } from './worker-api.js'

/** Where the browser is sent by and what is asked silently is the page's matter; `stepUp` would need a page in the middle of a call. */
export interface ServedClientOptions<Claims = UserClaims> extends Omit<ClientOptions<Claims>, 'transport' | 'silent' | 'stepUp'> {
  /**
   * Sign out at the server with the ID token as a hint. It passes through the page on its way into the URL; without it, most servers
   * ask the person for a confirmation. Default false.
   */
  readonly revealIdTokenHint?: boolean
}

/** The worker's global scope, as far as it is used. */
export interface WorkerScope {
  readonly location: { readonly origin: string }
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void
}

const EVENTS: ReadonlyArray<keyof ClientEvents> = [
  'signed-in',
  'signed-out',
  'user-changed',
  'token-set',
  'refresh-failed',
  'storage-degraded',
  'callback-ignored',
  'error',
]

/**
 * For the app's own worker file: makes the client there and lets pages use it, without ever handing out a token. The options stand in
 * the worker's file, so that no script of the page can add a resource to send tokens to.
 *
 * `storage` defaults to `isolatedStorage()`: the session lives in the worker's memory and ends with the page. With `indexedDb()` it
 * survives a reload and is shared by all tabs, and a script of the page that knows Latchkey's records can read it there.
 *
 * @returns the client itself, for what else runs in the worker
 * @throws ConfigurationError for options that do not make a client, and for response types that bring tokens to the page
 * @example
 * import { serveClient } from '@latchkey/core/worker/host'
 * serveClient({ issuer: 'https://id.example.com', clientId: 'spa', resources: ['https://api.example.com/'] })
 */
export function serveClient<Claims = UserClaims>(
  options: ServedClientOptions<Claims>,
  scope: WorkerScope = globalThis,
): OAuthClient<Claims> {
  const { revealIdTokenHint = false, ...served } = options
  refuseTokensInPage(served.responseType)
  const client = createOAuthClient<Claims>(inWorker(served, scope))
  const api = createServedApi(client, revealIdTokenHint)
  const key = clientKey(served.issuer ?? served.server?.issuer ?? '', served.clientId, served.name)
  scope.addEventListener('message', ({ data, ports: [port] }) => {
    if (isConnectMessage(data) && data.key === key && port) connect(client, new RpcPort<PageApi>(port, api))
  })
  return client
}

/** A worker has no page whose URL could be the default of anything; what it has is the same origin. */
function inWorker<Claims>(options: ServedClientOptions<Claims>, { location }: WorkerScope): ClientOptions<Claims> {
  const home = `${location.origin}/`
  // What is absolute already stays as it was written: registered addresses are compared character for character.
  const absolute = (url: string): string => (URL.canParse(url) || !URL.canParse(url, home) ? url : new URL(url, home).href)
  const resources = (options.resources ?? [home]).map((one: string | Resource) =>
    typeof one === 'string' ? absolute(one) : { ...one, url: absolute(one.url) },
  )
  const openChannel = typeof BroadcastChannel === 'undefined' ? undefined : (name: string) => new BroadcastChannel(name)
  return {
    ...options,
    resources,
    redirectUri: absolute(options.redirectUri ?? home),
    ...(options.postLogoutRedirectUri === undefined ? {} : { postLogoutRedirectUri: absolute(options.postLogoutRedirectUri) }),
    storage: options.storage ?? isolatedStorage(),
    // Given, so that tabs hear of each other's sign-out though they share no storage.
    environment: { window: undefined, openChannel, ...options.environment },
  }
}

/** @see OAuth 2.0 Multiple Response Type Encoding Practices, section 5: such a response has its tokens in the page's address bar */
function refuseTokensInPage(responseType: ClientOptions['responseType'] = 'code'): void {
  if (responseType === 'code' || responseType === 'none') return
  throw createError('configuration', `responseType "${responseType}" brings tokens to the page: not with a worker`, {
    hint: 'Leave it out: the code flow gives the page a code that is of no use without the worker.',
    spec: 'RFC 9700, section 2.1.2',
  })
}

function connect<Claims>(client: OAuthClient<Claims>, page: RpcPort<PageApi>): void {
  const { session } = internalsOf(client)
  session.subscribe((event) => page.notify('dispatch', redact(event)))
  for (const name of EVENTS) client.on(name, (event) => page.notify('emit', { name, event: redact(event) }))
  const { tokenSet, claims = {} } = session.state
  page.notify('dispatch', redact({ type: 'restored', tokenSet, claims } as const))
}

function isConnectMessage(data: unknown): data is ConnectMessage {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'latchkey/connect' && 'key' in data
}
