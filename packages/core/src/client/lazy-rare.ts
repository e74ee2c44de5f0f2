import type { OAuthClientError } from '../errors/errors.js'
import { explainError } from '../errors/explain-error.js'
import type { ProtocolLoaders } from '../protocol/protocol-context.js'
import { throwLoadFailure } from '../errors/throw-load-failure.js'

// The dynamic imports of the lazy chunks: what few apps use, each in its own chunk. `lazy.ts` has those of the initial bundle.

export const loadHiddenFrame = (): Promise<typeof import('./chunks/navigate-frame.js')> =>
  import('./chunks/navigate-frame.js').catch(throwLoadFailure)

export const loadPopup = (): Promise<typeof import('./chunks/navigate-popup.js')> =>
  import('./chunks/navigate-popup.js').catch(throwLoadFailure)

export const loadSignOutWindow = (): Promise<typeof import('./chunks/sign-out-in-window.js')> =>
  import('./chunks/sign-out-in-window.js').catch(throwLoadFailure)

export const loadTokenPlacement = (): Promise<typeof import('./chunks/token-placement.js')> =>
  import('./chunks/token-placement.js').catch(throwLoadFailure)

export const loadIntrospection = (): Promise<typeof import('./chunks/introspection.js')> =>
  import('./chunks/introspection.js').catch(throwLoadFailure)

export const loadStorageLease = (): Promise<typeof import('./chunks/storage-lease.js')> =>
  import('./chunks/storage-lease.js').catch(throwLoadFailure)

/** The rarer parts of the protocol. */
export const protocolLoaders: ProtocolLoaders = {
  clientAuthentication: () => import('./chunks/named-method.js').catch(throwLoadFailure),
  dpop: () => import('./chunks/dpop.js').catch(throwLoadFailure),
  foreignParties: () => import('./chunks/foreign-parties.js').catch(throwLoadFailure),
  frontChannel: () => import('./chunks/front-channel.js').catch(throwLoadFailure),
  movedCallback: () => import('./chunks/moved-callback.js').catch(throwLoadFailure),
  oauth4webapi: () => import('./chunks/with-oauth4webapi.js').catch(throwLoadFailure),
  serverSupport: () => import('./chunks/server-support.js').catch(throwLoadFailure),
  signedOrPushedRequest: () => import('./chunks/signed-or-pushed-request.js').catch(throwLoadFailure),
  signedResponse: () => import('./chunks/signed-response.js').catch(throwLoadFailure),
}

/** See `explain` in `lazy.ts`. */
export const explain = (cause: unknown): Promise<OAuthClientError> =>
  explainError(cause, () => import('../errors/describe-error.js'))
