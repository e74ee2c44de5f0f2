import { OAuthError } from '../../http/oauth-error.js'
import type { ServerParts } from '../../options/server-parts.js'
import type { AuthorizationRequest, Findings } from '../../authorize/authorization-request.js'

/** Where pushing is demanded, of all or of this client, what comes in the query is refused. @see RFC 9126, sections 4 to 6 */
export function checkPushed({ isPushed, client }: AuthorizationRequest, server: ServerParts): Findings {
  const isDemanded = server.requirePushedAuthorizationRequests || client.requirePushedAuthorizationRequests
  if (isDemanded && !isPushed) throw new OAuthError('invalid_request', 'this authorization request must be pushed first')
}
