import { createError } from '../errors/create-error.js'
import type { AuthedFetchLoaders } from '../fetch/authed-fetch.js'
import type { TransportLoaders } from '../sign-in/transports/select-transport.js'
import type { ProtocolLoaders } from '../protocol/protocol-context.js'

// Every dynamic import of the client. Each is a chunk that an app downloads when it needs it; `protocol/lazy.ts` has those of the protocol.

type ServerCallsModule = typeof import('./server-calls.js')

let loading: Promise<ServerCallsModule> | undefined

/**
 * Loads the code that talks to the authorization server. An app that starts with a stored session does not wait for it: it is loaded for
 * a sign-in, a callback or a refresh, or when the browser is idle, so that a deployment that replaces the app's files does not take it
 * away from an open page.
 *
 * @throws NetworkError module_load_failed
 */
export function loadServerCalls(): Promise<ServerCallsModule> {
  loading ??= import('./server-calls.js').catch((cause: unknown) => {
    loading = undefined
    throw createError('module_load_failed', 'the sign-in module could not be loaded from the app’s own server', {
      hint: 'Check the connection; after a new deployment of the app, reload the page.',
      retryable: true,
      cause,
    })
  })
  return loading
}

export const loadTransport: TransportLoaders = {
  popup: loadServerCalls,
  iframe: () => import('../sign-in/transports/iframe.js'),
}

export const loadRelayCallback = (): Promise<typeof import('../sign-in/transports/relay-callback.js')> =>
  import('../sign-in/transports/relay-callback.js')

export const loadFetch: AuthedFetchLoaders = {
  stepUp: loadServerCalls,
  tokenPlacement: () => import('../fetch/token-placement.js'),
}

export const loadIntrospection = (): Promise<typeof import('../endpoints/introspect-token.js')> =>
  import('../endpoints/introspect-token.js')

export const loadStorageLease = (): Promise<typeof import('../refresh/storage-lease.js')> => import('../refresh/storage-lease.js')

/** Rarely used parts of the protocol, each in its own lazy chunk. */
export const protocolLoaders: ProtocolLoaders = {
  clientAuthentication: () => import('../client-authentication/named-method.js'),
  dpop: () => import('../protocol/dpop.js'),
  frontChannel: () => import('../protocol/front-channel.js'),
  signedOrPushedRequest: () => import('../protocol/signed-or-pushed-request.js'),
  signedResponse: () => import('../protocol/signed-response.js'),
}
