import type { OAuthClientError } from '../errors/errors.js'
import { explainError } from '../errors/explain-error.js'
import type { ProtocolLoaders } from '../protocol/protocol-context.js'

// The dynamic imports of the lazy chunks: what few apps use, each in its own chunk. `lazy.ts` has those of the initial bundle.

export const loadHiddenFrame = (): Promise<typeof import('./chunks/navigate-frame.js')> => import('./chunks/navigate-frame.js')

export const loadPopup = (): Promise<typeof import('./chunks/navigate-popup.js')> => import('./chunks/navigate-popup.js')

export const loadSignOutWindow = (): Promise<typeof import('./chunks/sign-out-in-window.js')> =>
  import('./chunks/sign-out-in-window.js')

export const loadTokenPlacement = (): Promise<typeof import('./chunks/token-placement.js')> =>
  import('./chunks/token-placement.js')

export const loadIntrospection = (): Promise<typeof import('./chunks/introspection.js')> => import('./chunks/introspection.js')

export const loadStorageLease = (): Promise<typeof import('./chunks/storage-lease.js')> => import('./chunks/storage-lease.js')

/** The rarer parts of the protocol. */
export const protocolLoaders: ProtocolLoaders = {
  clientAuthentication: () => import('./chunks/named-method.js'),
  dpop: () => import('./chunks/dpop.js'),
  foreignParties: () => import('./chunks/foreign-parties.js'),
  frontChannel: () => import('./chunks/front-channel.js'),
  signedOrPushedRequest: () => import('./chunks/signed-or-pushed-request.js'),
  signedResponse: () => import('./chunks/signed-response.js'),
}

/** See `explain` in `lazy.ts`. */
export const explain = (cause: unknown): Promise<OAuthClientError> =>
  explainError(cause, () => import('../errors/describe-error.js'))
