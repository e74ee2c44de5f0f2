import { createError } from '../errors/create-error.js'
import type { AuthedFetchLoaders } from '../fetch/authed-fetch.js'
import type { TransportLoaders } from '../sign-in/transports/select-transport.js'

// The dynamic imports of the initial bundle. Each is a chunk that an app downloads when it needs it. `lazy-protocol.ts` has those that
// only the server calls need: naming their chunks in the initial bundle would make it larger.

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
