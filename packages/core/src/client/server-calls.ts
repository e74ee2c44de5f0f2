import type { OAuthClientError } from '../errors/errors.js'
import { throwLoadFailure } from '../errors/throw-load-failure.js'
import { explainError } from './wire-sign-in.js'

// The entry of the chunk that a sign-in loads. No other chunk imports it, or a bundler adds 0.1 kB to the initial bundle.

export {
  createAuthorizationRequest,
  loadServer,
  processAuthorizationResponse,
  serverCallsOf,
  writeRecord,
} from './wire-sign-in.js'

/** Loads what a usual sign-in by redirect does not need. @throws NetworkError module_load_failed */
export const loadRareCalls = (): Promise<typeof import('./rare-calls.js')> => import('./rare-calls.js').catch(throwLoadFailure)

/** Turns whatever was thrown into an error of this library, with the texts of the error catalog. */
export const explain = (cause: unknown): Promise<OAuthClientError> =>
  explainError(cause, async () => (await loadRareCalls()).loadErrorTexts())
