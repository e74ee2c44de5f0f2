import type { ServerContext } from '../../options/server-context.js'
import { requestsDetails } from '../../token/authorization-details-support.js'
import { grantedScope } from '../../token/grants/granted-scope.js'
import { grantOf, type AuthorizationRequest, type Findings } from '../authorization-request.js'

/** Adds the granted scope. @see RFC 6749, section 3.3 */
export function checkScope(request: AuthorizationRequest, server: ServerContext): Findings {
  const { params, client } = request
  const hasDetails = requestsDetails(params)
  return { scope: grantedScope(params.get('scope'), { grant: grantOf(request), client, server, hasDetails }) }
}
