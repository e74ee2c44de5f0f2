import { checkGrantType, checkResponseTypeOfClient } from '../../token/grants/client-may.js'
import { OAuthError } from '../../http/oauth-error.js'
import { grantOf, type AuthorizationRequest, type Findings } from '../authorization-request.js'

/** The response type is required, a grant must serve it, and the client must be allowed to use it. @see RFC 6749, sections 3.1.1 and 4.1.2.1 */
export function checkResponseType(request: AuthorizationRequest): Findings {
  const { params, client, responseType } = request
  if (params.get('response_type') === undefined) throw new OAuthError('invalid_request', '"response_type" is missing')
  const { grantType } = grantOf(request)
  checkResponseTypeOfClient(client, responseType)
  if (grantType !== undefined) checkGrantType(client, grantType)
}
