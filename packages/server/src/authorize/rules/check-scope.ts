import { asksForDetails } from '../../features/rar/requested-details.js'
import { grantedScope } from '../../token/grants/granted-scope.js'
import type { ServerParts } from '../../options/server-parts.js'
import { grantOf, type AuthorizationRequest, type Findings } from '../authorization-request.js'

/** @returns the scope that is granted. @see RFC 6749, section 3.3 */
export function checkScope(request: AuthorizationRequest, server: ServerParts): Findings {
  const { params, client } = request
  const asking = { grant: grantOf(request), client, server, hasDetails: asksForDetails(params) }
  return { scope: grantedScope(params.get('scope'), asking) }
}
