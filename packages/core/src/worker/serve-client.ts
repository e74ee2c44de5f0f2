import { parseUrl } from '../platform/parse-url.js'
import { createError } from '../errors/create-error.js'
import { refuseOtherKind, refuseUnknownOptions } from '../errors/unknown-options.js'
import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import type { UserClaims } from '../protocol/claims.js'
import { createOAuthClient } from '../client/create-client.js'
import { clientKey } from '../client/resolve-options.js'
import type { ClientOptions } from '../client/client-options.js'
import { CLIENT_OPTIONS } from '../client/option-names.js'
import { CLIENT_EVENT_NAMES } from '../client/events.js'
import type { OAuthClient } from '../client/client.js'
import { type ClientInternals, internalsOf } from '../client/internals.js'
import { isolatedStorage } from '../storage/isolated-storage.js'
import { redact } from './redaction.js'
import { RpcPort } from './rpc-port.js'
import { createServedApi } from './served-api.js'
import { connectMessage, type PageApi } from './worker-api.js'
import { refuseWithoutEffect } from './refuse-without-effect.js'

/** The page has the options `transport` and `silent`. `stepUp` and `offlineGrace` are not supported: both need page and tokens in one place. */
export interface ServedClientOptions<Claims = UserClaims> extends Omit<
  ClientOptions<Claims>,
  'transport' | 'silent' | 'stepUp' | 'offlineGrace'
> {
  /**
   * Send the ID token to the end session endpoint as `id_token_hint`. It is then in a URL that the page navigates to. Without it, most
   * servers ask the user for a confirmation. Default false.
   */
  readonly revealIdTokenHint?: boolean | undefined
}

/** The part of the worker's global scope that is used. */
export interface WorkerScope {
  readonly location: { readonly origin: string }
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void
}

/**
 * Creates a client in the app's worker file and serves pages that use `workerClient`. No token is sent to a page. The options are in the
 * worker's file, so that no script in the page can add a resource that tokens are sent to.
 *
 * `storage` defaults to `isolatedStorage()`: the session is in the worker's memory and ends with the page. With `indexedDb()` it is
 * kept after a reload and shared by all tabs, but a script in the page that knows Latchkey's records can read it.
 *
 * @returns the client, for other code in the worker
 * @throws ConfigurationError for invalid options and those without an effect here, and for response types whose tokens would be in the page's URL
 * @example
 * import { serveClient } from '@latchkey/core/worker/host'
 * serveClient({ issuer: 'https://id.example.com', clientId: 'spa', resources: ['https://api.example.com/'] })
 */
export function serveClient<Claims = UserClaims>(
  options: ServedClientOptions<Claims>,
  scope: WorkerScope = globalThis,
): OAuthClient<Claims> {
  const { revealIdTokenHint = false, ...served } = options ?? {}
  refuseWithoutEffect(served, ['transport', 'silent'])
  if (IS_DEVELOPMENT) {
    const { transport: _transport, silent: _silent, stepUp: _stepUp, ...names } = CLIENT_OPTIONS
    refuseUnknownOptions('serveClient()', options, { ...names, revealIdTokenHint: 'boolean' }, 'required')
  }
  refuseTokensInPage(served.responseType)
  if (IS_DEVELOPMENT) refuseOtherKind('serveClient()', 'scope', [scope?.location, 'object', 'required'])
  requireKind('serveClient()', 'object', scope?.location)
  const client = createOAuthClient<Claims>(withOrigin(served, scope))
  const api = createServedApi(client, revealIdTokenHint)
  const key = clientKey(served.issuer ?? served.server?.issuer ?? '', served.clientId, served.name)
  scope.addEventListener('message', ({ data, ports: [port] }) => {
    if (data === connectMessage(key) && port) connect(internalsOf(client), new RpcPort<PageApi>(port, api))
  })
  return client
}

/** A worker has no page, so the origin is the default for URLs. */
function withOrigin<Claims>(options: ServedClientOptions<Claims>, { location }: WorkerScope): ClientOptions<Claims> {
  const home = `${location.origin}/`
  // Absolute URLs are not normalized: servers compare redirect URIs as strings.
  const absolute = (url: string): string => (parseUrl(url) ? url : (parseUrl(url, home)?.href ?? url))
  const resources = (options.resources ?? [home]).map((one) =>
    typeof one === 'string' ? absolute(one) : { ...one, url: absolute(one.url) },
  )
  const openChannel = typeof BroadcastChannel === 'undefined' ? undefined : (name: string) => new BroadcastChannel(name)
  return {
    ...options,
    resources,
    redirectUri: absolute(options.redirectUri ?? home),
    postLogoutRedirectUri: options.postLogoutRedirectUri && absolute(options.postLogoutRedirectUri),
    storage: options.storage ?? isolatedStorage(),
    // Explicit, so that tabs without a shared storage notify each other of a sign-out.
    environment: { window: undefined, openChannel, ...options.environment },
  }
}

/** @see OAuth 2.0 Multiple Response Type Encoding Practices, section 5: these responses have tokens in the page's URL */
function refuseTokensInPage(responseType: ClientOptions['responseType'] = 'code'): void {
  if (responseType === 'code' || responseType === 'none') return
  const hint = 'Omit it. In the code flow the page only gets a code, which cannot be redeemed without the worker.'
  const details = { hint, spec: 'RFC 9700, section 2.1.2' }
  throw createError('configuration', `responseType "${responseType}" puts tokens into the page's URL.`, details)
}

function connect({ session, events }: ClientInternals, page: RpcPort<PageApi>): void {
  session.subscribe((event) => page.notify('dispatch', redact(event)))
  for (const name of CLIENT_EVENT_NAMES) events.on(name, (event) => page.notify('emit', { name, event: redact(event) }))
  const { tokenSet, claims = {} } = session.state
  page.notify('dispatch', redact({ type: 'restored', tokenSet, claims } as const))
}
