import type { LoadErrorTexts } from '../errors/explain-error.js'
import { throwLoadFailure } from '../errors/throw-load-failure.js'
import {
  acceptIssuer,
  acceptsIssuer,
  authentication,
  authorizationError,
  checkComplianceHooks,
  checkTokenType,
  correctedContext,
  discoverPlainOAuth,
  extraTokenParameters,
  finishRequest,
  furtherParameters,
  readJsonObject,
  unusualExpiry,
  unusualResponse,
} from '../protocol/failures.js'
import { acceptParties, isAcceptedIssuer } from '../protocol/foreign-parties.js'
import { processFrontChannel } from '../protocol/front-channel.js'
import type { ProtocolLoaders } from '../protocol/protocol-context.js'

// The dynamic imports of the lazy chunks: what few apps use, each in its own chunk. `lazy.ts` has those of the initial bundle.

export const loadSignOutWindow = (): Promise<typeof import('./chunks/sign-out-in-window.js')> =>
  import('./chunks/sign-out-in-window.js').catch(throwLoadFailure)

export const loadTokenPlacement = (): Promise<typeof import('./chunks/token-placement.js')> =>
  import('./chunks/token-placement.js').catch(throwLoadFailure)

export const loadIntrospection = (): Promise<typeof import('./chunks/introspection.js')> =>
  import('./chunks/introspection.js').catch(throwLoadFailure)

export const loadStorageLease = (): Promise<typeof import('./chunks/storage-lease.js')> =>
  import('./chunks/storage-lease.js').catch(throwLoadFailure)

export const loadErrorTexts: LoadErrorTexts = () => import('./chunks/describe-error.js')

/** The rarer parts of the protocol. */
export const protocolLoaders: ProtocolLoaders = {
  clientAuthentication: () => import('./chunks/named-method.js').catch(throwLoadFailure),
  dpop: () => import('./chunks/dpop.js').catch(throwLoadFailure),
  failures: async () => ({
    acceptIssuer,
    acceptsIssuer,
    authentication,
    authorizationError,
    checkComplianceHooks,
    checkTokenType,
    correctedContext,
    discoverPlainOAuth,
    extraTokenParameters,
    finishRequest,
    furtherParameters,
    readJsonObject,
    unusualExpiry,
    unusualResponse,
  }),
  foreignParties: async () => ({ acceptParties, isAcceptedIssuer }),
  frontChannel: async () => ({ processFrontChannel }),
  oauth4webapi: () => import('./chunks/with-oauth4webapi.js').catch(throwLoadFailure),
  signedOrPushedRequest: () => import('./chunks/signed-or-pushed-request.js').catch(throwLoadFailure),
  signedResponse: () => import('./chunks/signed-response.js').catch(throwLoadFailure),
}
