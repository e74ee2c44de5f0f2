import { OAuthError } from '../oauth-error.js'
import type { AuthorizationRequest, Findings } from './authorization-request.js'

/** Request objects are not supported, and must not be ignored either. @see OpenID Connect Core 1.0, section 3.1.2.6 */
export function refuseRequestObject({ params }: AuthorizationRequest): Findings {
  if (params.get('request') !== undefined) throw new OAuthError('request_not_supported', '"request" is not supported')
  if (params.get('registration') !== undefined)
    throw new OAuthError('registration_not_supported', '"registration" is not supported')
}
