import type { AuthorizationRule } from '../../authorize/authorization-request.js'
import { OAuthError } from '../../http/oauth-error.js'

/** Refuses requests that were not pushed, if the server or the client requires it. @see RFC 9126, sections 4 to 6 */
export function checkPushed(isRequiredOfAll: boolean): AuthorizationRule {
  return ({ isPushed, client }) => {
    const isRequired = isRequiredOfAll || client.requirePushedAuthorizationRequests
    if (isRequired && !isPushed) throw new OAuthError('invalid_request', 'this authorization request must be pushed first')
  }
}
