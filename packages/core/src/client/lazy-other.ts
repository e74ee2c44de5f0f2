import { throwLoadFailure } from '../errors/throw-load-failure.js'
import type { OtherClientCalls } from './other-client-calls.js'

// Apart from the other dynamic imports: a bundler makes a chunk of each, and a client of OAuth 2 needs none of this one.

/**
 * Loads what a client of another protocol needs once it sends something.
 *
 * @throws NetworkError module_load_failed
 */
export const loadOtherCalls = (): Promise<OtherClientCalls> =>
  import('./other-client-calls.js').then((module) => module.otherClientCalls).catch(throwLoadFailure)
