import type { ProtocolLoaders } from '../protocol/protocol-context.js'

/** Rarely used parts of the protocol, each in its own lazy chunk. */
export const protocolLoaders: ProtocolLoaders = {
  clientAuthentication: () => import('../client-authentication/named-method.js'),
  dpop: () => import('../protocol/dpop.js'),
  frontChannel: () => import('../protocol/front-channel.js'),
  signedOrPushedRequest: () => import('../protocol/signed-or-pushed-request.js'),
  signedResponse: () => import('../protocol/signed-response.js'),
}
