import { awaitedState } from './awaited-redirect.js'
import type { ClientConfig } from '../client/resolve-options.js'
import type { LoginOptions } from './sign-in-options.js'
import { pageStorage } from '../storage/tab-storage.js'
import { parseState, readResponse, withoutResponse } from './response-url.js'
import { selectTransport } from './transports/select-transport.js'
import type { Transport, TransportTrip } from './transports/transport.js'

/** A transport and the trip that was begun inside the click. */
export interface BegunTrip {
  readonly transport: Transport
  readonly trip: TransportTrip
}

/** Synchronous, so that the click still counts for a popup. */
export function beginTrip({ options, environment }: ClientConfig, { transport: asked, fallback }: LoginOptions): BegunTrip {
  const transport = selectTransport(asked ?? options.transport ?? 'redirect', environment)
  try {
    return { transport, trip: transport.prepare() }
  } catch (cause) {
    if (fallback !== 'redirect') throw cause
    const redirect = selectTransport('redirect', environment)
    return { transport: redirect, trip: redirect.prepare() }
  }
}

/** @see OAuthClient.isCallback */
export function isOwnCallback({ environment, key, redirectUri }: ClientConfig, url: URL): boolean {
  const response = readResponse(url)
  if (!response) return false
  const { state } = response
  const parts = parseState(state)
  if (parts) return parts.clientKey === key
  // A state of the app's own is known by the note that was left alone. A response without one is another library's, unless this tab left
  // for a sign-in and waits at this address: then it was tampered with.
  const awaited = awaitedState(pageStorage(environment.window), key, environment.now())
  if (state || !parseState(awaited)) return state !== undefined && state === awaited
  return response.isAuthorizationResponse && isAt(url, redirectUri)
}

/** Where the person is now, as a return address; `undefined` where there is no page. The app's own parameters stay, even a `code`. */
export function currentPath(config: ClientConfig): string | undefined {
  const page = config.environment.window
  if (!page) return undefined
  const url = new URL(page.location.href)
  const { pathname, search, hash } = isOwnCallback(config, url) ? withoutResponse(url) : url
  return pathname.replace(/^\/{2,}/, '/') + search + hash
}

function isAt(url: URL, redirectUri: string | undefined): boolean {
  const target = redirectUri === undefined ? undefined : new URL(redirectUri)
  return target?.origin === url.origin && target.pathname === url.pathname
}
