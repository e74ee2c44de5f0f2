import { OAuthError } from '../../http/oauth-error.js'
import type { AuthorizationRequest, Findings } from '../authorization-request.js'

/**
 * Refuses a request that still has a `request` or `request_uri`: no feature could read it, or it has both. It must not be ignored.
 *
 * @see OpenID Connect Core 1.0, section 3.1.2.6; RFC 9101, section 5
 */
export function checkUnreadRequest({ params }: AuthorizationRequest): Findings {
  const [request, requestUri] = [params.get('request'), params.get('request_uri')]
  if (request !== undefined && requestUri !== undefined)
    throw new OAuthError('invalid_request', '"request" and "request_uri" must not be used together')
  if (request !== undefined) throw new OAuthError('request_not_supported', '"request" is not supported')
  if (requestUri !== undefined) throw new OAuthError('request_uri_not_supported', '"request_uri" must be one of a pushed request')
  if (params.get('registration') !== undefined)
    throw new OAuthError('registration_not_supported', '"registration" is not supported')
}
