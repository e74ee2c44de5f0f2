import { createError } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import { serverWords } from './server-errors.js'

const INTERACTION_ERRORS: readonly string[] = [
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]
const TRANSIENT_ERRORS: readonly string[] = ['temporarily_unavailable', 'server_error']

/** @see RFC 6749, section 4.1.2.1; OpenID Connect Core 1.0, section 3.1.2.6 */
export function authorizationError(parameters: URLSearchParams): OAuthClientError {
  const words = serverWords((name) => parameters.get(name))
  const error = words.error ?? ''
  const reason = ['authorizationError', error, words.errorDescription] as const
  const details = { ...words, retryable: TRANSIENT_ERRORS.includes(error) }
  return createError(INTERACTION_ERRORS.includes(error) ? 'interaction_required' : 'authorization_error', reason, details)
}
