import type { OAuthClient } from '../client/client.js'
import { requireKind } from '../errors/require-kind.js'
import type { AttemptEvent } from './attempt.js'
import { attemptsOf } from './observed-client.js'

/**
 * Observes what a client attempts: sign-ins (before and after a redirect), refreshes, sign-outs and calls, with their requests, outcomes
 * and durations. From now on every event of `client.on` has an `attemptId`, and a `durationMs` if it is part of an attempt. What is emitted
 * contains no token, code, claim, query or fragment.
 *
 * Call it before `start()`, and before any code takes `fetch` or `userInfo` out of the client.
 *
 * @param client made by `createOAuthClient`. It stays the same object
 * @returns removes the listener
 * @throws ConfigurationError configuration for another kind of client, unsupported for the client of a worker
 * @example
 * observeAttempts(client, (event) => {
 *   if (event.type === 'ended') report(event.attempt.kind, event.outcome, event.durationMs)
 * })
 */
export function observeAttempts(client: OAuthClient<unknown>, listener: (event: AttemptEvent) => void): () => void {
  requireKind('observeAttempts()', 'object', client)
  requireKind('observeAttempts()', 'function', listener)
  return attemptsOf(client).listen(listener)
}
