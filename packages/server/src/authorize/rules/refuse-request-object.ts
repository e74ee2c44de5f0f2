import { OAuthError } from '../../http/oauth-error.js'
import type { AuthorizationRequest, Findings } from '../authorization-request.js'

/**
 * A request that still has a `request` or a `request_uri` could not be resolved: signed requests are switched off, or it came both
 * ways at once. It must not be ignored. @see OpenID Connect Core 1.0, section 3.1.2.6; RFC 9101, section 5
 */
export function refuseRequestObject({ params }: AuthorizationRequest): Findings {
  const [request, requestUri] = [params.get('request'), params.get('request_uri')]
  if (request !== undefined && requestUri !== undefined)
    throw new OAuthError('invalid_request', '"request" and "request_uri" must not stand in one request')
  if (request !== undefined) throw new OAuthError('request_not_supported', '"request" is not supported')
  if (requestUri !== undefined) throw new OAuthError('request_uri_not_supported', '"request_uri" is only for pushed requests')
  if (params.get('registration') !== undefined)
    throw new OAuthError('registration_not_supported', '"registration" is not supported')
}
