import { requestedResources } from '../../token/grants/requested-resources.js'
import type { AuthorizationRequest, Findings } from '../authorization-request.js'

/** Adds the requested resources. @see RFC 8707, section 2 */
export function checkResource({ params, client }: AuthorizationRequest): Findings {
  return { resources: requestedResources(params, client) }
}
