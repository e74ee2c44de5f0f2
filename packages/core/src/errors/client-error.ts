import { OAuthClientError, SessionError } from './errors.js'

/** What is not ours: a function that was given to the client threw, a storage, or a mistake of this library. */
export function asClientError(cause: unknown): OAuthClientError {
  if (cause instanceof OAuthClientError) return cause
  return new OAuthClientError('unexpected', 'something outside of the protocol failed', { hint: 'See "cause".', cause })
}

export function missingToken(): SessionError {
  return new SessionError('missing_token', 'nobody is signed in: there is no token', { hint: 'Call login() first.' })
}
