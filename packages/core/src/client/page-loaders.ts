import type { OAuthClientError } from '../errors/errors.js'
import { explainError } from '../errors/explain-error.js'
import type { OtherClientCalls } from './other-client-calls.js'
import { throwLoadFailure } from '../errors/throw-load-failure.js'

// The dynamic imports of the clients that do not talk to the authorization server of OAuth 2 themselves: that of a worker, and those of
// other protocols. Apart from `lazy.ts`, although no main client calls them: a bundler cuts the code at every dynamic import that it reads.
// In one file with these, the initial bundle of an app grows from 11.9 to 23.9 kB (measured with Vite 8.3), and esbuild makes 86 files
// instead of 65.

/** What the worker client loads in the page: none of the code that talks to the authorization server. */
export interface PageLoaders {
  readonly claims: () => Promise<typeof import('../session/claims.js')>
  readonly refreshTimer: () => Promise<typeof import('../refresh/refresh-timer.js')>
  readonly sendResponse: () => Promise<typeof import('../sign-in/transports/send-response.js')>
  readonly signInSteps: () => Promise<typeof import('../sign-in/start.js')>
  readonly rareSteps: () => Promise<typeof import('../sign-in/rare-steps.js')>
}

/** Each in its own lazy chunk. */
export const pageLoaders: PageLoaders = {
  claims: () => import('../session/claims.js'),
  refreshTimer: () => import('../refresh/refresh-timer.js'),
  sendResponse: () => import('../sign-in/transports/send-response.js'),
  signInSteps: () => import('../sign-in/start.js').catch(throwLoadFailure),
  rareSteps: () => import('../sign-in/rare-steps.js').catch(throwLoadFailure),
}

/** Turns whatever was thrown into an error of this library, with the texts of the error catalog. */
export const explain = (cause: unknown): Promise<OAuthClientError> =>
  explainError(cause, () => import('../errors/describe-error.js'))

/**
 * Loads what a client of another protocol needs once it sends something.
 *
 * @throws NetworkError module_load_failed
 */
export const loadOtherCalls = (): Promise<OtherClientCalls> =>
  import('./other-client-calls.js').then((module) => module.otherClientCalls).catch(throwLoadFailure)
