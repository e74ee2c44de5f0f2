import { OAuthError } from '../../http/oauth-error.js'
import type { ServerParts } from '../../options/server-parts.js'
import type { AuthorizationRequest, Findings } from '../../authorize/authorization-request.js'

/** Where signing is demanded, of all or of this client, no other request is taken: nobody drops the signature on the way. @see RFC 9101, section 10.5 */
export function checkSigned({ isSigned, client }: AuthorizationRequest, server: ServerParts): Findings {
  const isDemanded = server.requestObjects.required || client.requireSignedRequestObject
  if (isDemanded && !isSigned)
    throw new OAuthError('invalid_request', 'this authorization request must be a signed request object')
}
