import type { ProtocolLoaders } from '../protocol/protocol-context.js'

// What few apps use: each a chunk of its own, one step behind the flows, so that the initial bundle pays for none of them.

export const loadIframeTransport = (): Promise<typeof import('../sign-in/transports/iframe.js')> =>
  import('../sign-in/transports/iframe.js')
export const loadIntrospection = (): Promise<typeof import('../endpoints/introspect-token.js')> =>
  import('../endpoints/introspect-token.js')
export const loadTokenPlacement = (): Promise<typeof import('../fetch/token-placement.js')> =>
  import('../fetch/token-placement.js')

/** Rarely used parts of the protocol. */
export const protocolLoaders: ProtocolLoaders = {
  clientAuthentication: () => import('../client-authentication/named-method.js'),
  dpop: () => import('../protocol/dpop.js'),
  frontChannel: () => import('../protocol/front-channel.js'),
  signedOrPushedRequest: () => import('../protocol/signed-or-pushed-request.js'),
  signedResponse: () => import('../protocol/signed-response.js'),
}
