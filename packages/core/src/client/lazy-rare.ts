// The dynamic imports of the lazy chunk: what few apps use, each in its own chunk. `lazy.ts` has those of the initial bundle.

export const loadHiddenFrame = (): Promise<typeof import('../sign-in/transports/hidden-frame.js')> =>
  import('../sign-in/transports/hidden-frame.js')

export const loadTokenPlacement = (): Promise<typeof import('../fetch/token-placement.js')> =>
  import('../fetch/token-placement.js')

export const loadIntrospection = (): Promise<typeof import('../protocol/introspection.js')> =>
  import('../protocol/introspection.js')

export const loadStorageLease = (): Promise<typeof import('../refresh/storage-lease.js')> => import('../refresh/storage-lease.js')

export const loadClientAuthentication = (): Promise<typeof import('../client-authentication/named-method.js')> =>
  import('../client-authentication/named-method.js')

export const loadDpop = (): Promise<typeof import('../protocol/dpop.js')> => import('../protocol/dpop.js')

export const loadFrontChannel = (): Promise<typeof import('../protocol/front-channel.js')> =>
  import('../protocol/front-channel.js')

export const loadSignedOrPushedRequest = (): Promise<typeof import('../protocol/signed-or-pushed-request.js')> =>
  import('../protocol/signed-or-pushed-request.js')

export const loadSignedResponse = (): Promise<typeof import('../protocol/signed-response.js')> =>
  import('../protocol/signed-response.js')
