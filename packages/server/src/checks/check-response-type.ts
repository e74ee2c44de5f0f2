import { checkGrantType, checkResponseTypeOfClient } from '../grants/client-may.js'
import { OAuthError } from '../oauth-error.js'
import type { AuthorizationRequest, Findings } from './authorization-request.js'

/** The response type is there, a grant serves it, and the client may use it. @see RFC 6749, sections 3.1.1 and 4.1.2.1 */
export function checkResponseType({ params, client, grant, responseType }: AuthorizationRequest): Findings {
  if (params.get('response_type') === undefined) throw new OAuthError('invalid_request', '"response_type" is missing')
  if (!grant) throw new OAuthError('unsupported_response_type', 'no grant of this server serves this "response_type"')
  checkResponseTypeOfClient(client, responseType)
  if (grant.grantType !== undefined) checkGrantType(client, grant.grantType)
}
