import type { OAuthClientError } from '../errors/errors.js'
import { explainError } from '../errors/explain-error.js'
import type { ProtocolLoaders } from '../protocol/protocol-context.js'

/**
 * The dynamic imports of standalone clients; `client/lazy.ts` has those of clients with a session. Apart, because a folder imports only
 * from those below it.
 */
export const protocolLoaders: ProtocolLoaders = {
  clientAuthentication: () => import('../client-authentication/named-method.js'),
  dpop: () => import('../protocol/dpop.js'),
  failures: () => import('../protocol/failures.js'),
  foreignParties: () => import('../protocol/foreign-parties.js'),
  frontChannel: () => import('../protocol/front-channel.js'),
  oauth4webapi: () => import('../protocol/with-oauth4webapi.js'),
  signedOrPushedRequest: () => import('../protocol/signed-or-pushed-request.js'),
  signedResponse: () => import('../protocol/signed-response.js'),
}

/** Turns whatever was thrown into an error of this library, with the texts of its code. */
export const explain = (cause: unknown): Promise<OAuthClientError> =>
  explainError(cause, () => import('../errors/describe-error.js'))
