import type { AuthorizationRule } from '../../authorize/authorization-request.js'
import { OAuthError } from '../../http/oauth-error.js'

/** Refuses requests that are not signed, if the server or the client requires it: an attacker must not remove the signature. @see RFC 9101, section 10.5 */
export function checkSigned(isRequiredOfAll: boolean): AuthorizationRule {
  return ({ isSigned, client }) => {
    const isRequired = isRequiredOfAll || client.requireSignedRequestObject
    if (isRequired && !isSigned)
      throw new OAuthError('invalid_request', 'this authorization request must be a signed request object')
  }
}
