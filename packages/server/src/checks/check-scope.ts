import { grantedScope } from '../grants/granted-scope.js'
import type { ServerParts } from '../server-parts.js'
import { grantOf, type AuthorizationRequest, type Findings } from './authorization-request.js'

/** @returns the scope that is granted. @see RFC 6749, section 3.3 */
export function checkScope(request: AuthorizationRequest, server: ServerParts): Findings {
  const { params, client } = request
  return { scope: grantedScope(params.get('scope'), { grant: grantOf(request), client, server }) }
}
