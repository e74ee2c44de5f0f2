import { requestedDetails } from './requested-details.js'
import type { ServerParts } from '../../options/server-parts.js'
import type { AuthorizationRequest, Findings } from '../../authorize/authorization-request.js'

/** @returns what is asked for in detail, each of a type that is known here. @see RFC 9396, sections 2 and 5 */
export async function checkAuthorizationDetails(
  { params, client }: AuthorizationRequest,
  server: ServerParts,
): Promise<Findings> {
  return requestedDetails(params, { client, server })
}
