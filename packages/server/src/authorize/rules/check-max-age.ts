import { OAuthError } from '../../http/oauth-error.js'
import type { AuthorizationRequest, Findings } from '../authorization-request.js'

/** @returns the longest time since the sign-in, in seconds. @see OpenID Connect Core 1.0, section 3.1.2.1 */
export function checkMaxAge({ params, client }: AuthorizationRequest): Findings {
  const asked = params.get('max_age')
  if (asked === undefined) return { maxAge: client.defaultMaxAge }
  if (!/^\d{1,10}$/.test(asked)) throw new OAuthError('invalid_request', '"max_age" must be a whole number of seconds')
  return { maxAge: Number(asked) }
}
