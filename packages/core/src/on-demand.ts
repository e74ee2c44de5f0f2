// What few apps use: each a chunk of its own, one step behind the flows, so that the initial bundle pays for none of them.

export const loadIframeTransport = (): Promise<typeof import('./transport/iframe.js')> => import('./transport/iframe.js')
export const loadIntrospection = (): Promise<typeof import('./endpoints/introspect-token.js')> =>
  import('./endpoints/introspect-token.js')
export const loadTokenPlacement = (): Promise<typeof import('./token-placement.js')> => import('./token-placement.js')
