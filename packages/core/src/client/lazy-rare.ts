import type { OAuthClientError } from '../errors/errors.js'
import { explainError } from '../errors/explain-error.js'
import type { ProtocolLoaders } from '../protocol/protocol-context.js'

// The dynamic imports of the lazy chunk: what few apps use, each in its own chunk. `lazy.ts` has those of the initial bundle.

export const loadHiddenFrame = (): Promise<typeof import('../sign-in/transports/navigate-frame.js')> =>
  import('../sign-in/transports/navigate-frame.js')

export const loadSignOutWindow = (): Promise<typeof import('../sign-out/sign-out-in-window.js')> =>
  import('../sign-out/sign-out-in-window.js')

export const loadTokenPlacement = (): Promise<typeof import('../fetch/token-placement.js')> =>
  import('../fetch/token-placement.js')

export const loadIntrospection = (): Promise<typeof import('../protocol/introspection.js')> =>
  import('../protocol/introspection.js')

export const loadStorageLease = (): Promise<typeof import('../refresh/storage-lease.js')> => import('../refresh/storage-lease.js')

/** The rarer parts of the protocol. */
export const protocolLoaders: ProtocolLoaders = {
  clientAuthentication: () => import('../client-authentication/named-method.js'),
  dpop: () => import('../protocol/dpop.js'),
  foreignParties: () => import('../protocol/foreign-parties.js'),
  frontChannel: () => import('../protocol/front-channel.js'),
  signedOrPushedRequest: () => import('../protocol/signed-or-pushed-request.js'),
  signedResponse: () => import('../protocol/signed-response.js'),
}

/** See `explain` in `lazy.ts`. */
export const explain = (cause: unknown): Promise<OAuthClientError> =>
  explainError(cause, () => import('../errors/describe-error.js'))
