import { createError } from './create-error.js'
import { type SessionError, OAuthClientError } from './errors.js'

/** What is not ours: a function that was given to the client threw, a storage, or a mistake of this library. */
export function asClientError(cause: unknown): OAuthClientError {
  if (cause instanceof OAuthClientError) return cause
  return createError('unexpected', 'something outside of the protocol failed', { hint: 'See "cause".', cause })
}

export function missingToken(): SessionError {
  return createError('missing_token', 'No user is signed in, so there is no token.', { hint: 'Call login() first.' })
}
