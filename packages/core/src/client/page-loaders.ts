import type { TransportLoaders } from '../sign-in/transports/select-transport.js'

// Apart from `lazy.ts`: a bundler makes a chunk of every dynamic import, and other clients need these modules in one chunk.

/** What the worker client loads in the page: none of the code that talks to the authorization server. */
export interface PageLoaders {
  readonly claims: () => Promise<typeof import('../session/claims.js')>
  readonly refreshTimer: () => Promise<typeof import('../refresh/refresh-timer.js')>
  readonly relayCallback: () => Promise<typeof import('../sign-in/transports/relay-callback.js')>
  readonly signInSteps: () => Promise<typeof import('../sign-in/sign-in-steps.js')>
  readonly transport: TransportLoaders
}

/** Each in its own lazy chunk. */
export const pageLoaders: PageLoaders = {
  claims: () => import('../session/claims.js'),
  refreshTimer: () => import('../refresh/refresh-timer.js'),
  relayCallback: () => import('../sign-in/transports/relay-callback.js'),
  signInSteps: () => import('../sign-in/sign-in-steps.js'),
  transport: {
    popup: () => import('../sign-in/transports/popup-window.js'),
    iframe: () => import('../sign-in/transports/hidden-frame.js'),
  },
}
