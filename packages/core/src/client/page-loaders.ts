import type { OAuthClientError } from '../errors/errors.js'
import { explainError } from '../errors/explain-error.js'
import { throwLoadFailure } from '../errors/throw-load-failure.js'

// Apart from `lazy.ts`: a bundler makes a chunk of every dynamic import, and other clients need these modules in one chunk.

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
