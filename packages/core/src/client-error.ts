import { NetworkError, OAuthClientError, SessionError } from './errors.js'

/** What is not ours (a stolen lock, a broken storage) becomes a failure that may be tried again. */
export function asClientError(cause: unknown): OAuthClientError {
  if (cause instanceof OAuthClientError) return cause
  return new NetworkError('network', 'the request to the authorization server was cut off', { retryable: true, cause })
}

export function missingToken(): SessionError {
  return new SessionError('missing_token', 'nobody is signed in: there is no token', { hint: 'Call login() first.' })
}
