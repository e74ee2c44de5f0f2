import { isRedirectAwaited } from './awaited-redirect.js'
import type { ClientConfig } from './client-config.js'
import { OAuthClientError } from './errors.js'
import type { LoginOptions } from './oauth-client.js'
import { pageStorage } from './page-storage.js'
import { parseState, readResponse, withoutResponse } from './response-url.js'
import { selectTransport } from './transport/select-transport.js'
import type { Transport, TransportTrip } from './transport/transport.js'

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
    const isBlocked = cause instanceof OAuthClientError && cause.code === 'popup_blocked'
    if (!isBlocked || fallback !== 'redirect') throw cause
    const redirect = selectTransport('redirect', environment)
    return { transport: redirect, trip: redirect.prepare() }
  }
}

/** @see OAuthClient.isCallback */
export function isOwnCallback({ environment, key, redirectUri }: ClientConfig, url: URL): boolean {
  const response = readResponse(url)
  if (!response) return false
  const parts = parseState(response.state)
  if (parts) return parts.clientKey === key
  // A response without a state of ours is another library's, unless this tab waits for one at this address: then it was tampered with.
  return response.isAuthorizationResponse && isAt(url, redirectUri) && isRedirectAwaited(pageStorage(environment.window), key)
}

/** Where the person is now, as a return address. */
export function currentPath({ location }: Window): string {
  const { pathname, search, hash } = withoutResponse(new URL(location.href))
  return pathname.replace(/^\/{2,}/, '/') + search + hash
}

function isAt(url: URL, redirectUri: string | undefined): boolean {
  const target = redirectUri === undefined ? undefined : new URL(redirectUri)
  return target?.origin === url.origin && target.pathname === url.pathname
}
