import { grantedScope } from '../grants/granted-scope.js'
import type { Grant } from '../grants/grant.js'
import type { ServerParts } from '../server-parts.js'
import type { AuthorizationRequest, Findings } from './authorization-request.js'

/** @returns the scope that is granted. @see RFC 6749, section 3.3 */
export function checkScope({ params, client, grant }: AuthorizationRequest, server: ServerParts): Findings {
  return { scope: grantedScope(params.get('scope'), { grant: grant as Grant, client, server }) }
}
