import { OAuthError } from '../../http/oauth-error.js'
import type { AuthorizationRequest, Findings } from '../authorization-request.js'

/** Adds the maximum age of the sign-in, in seconds. @see OpenID Connect Core 1.0, section 3.1.2.1 */
export function checkMaxAge({ params, client }: AuthorizationRequest): Findings {
  const maxAge = params.get('max_age')
  if (maxAge === undefined) return { maxAge: client.defaultMaxAge }
  if (!/^\d{1,10}$/.test(maxAge)) throw new OAuthError('invalid_request', '"max_age" must be a whole number of seconds')
  return { maxAge: Number(maxAge) }
}
