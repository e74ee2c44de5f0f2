import type { ServerContext } from '../../options/server-context.js'
import type { AuthorizationRequest, Findings } from '../authorization-request.js'

/** Adds the requested authorization details, each of a type that the server supports. @see RFC 9396, sections 2 and 5 */
export function checkAuthorizationDetails({ params, client }: AuthorizationRequest, server: ServerContext): Promise<Findings> {
  return server.authorizationDetails.requested(params, client)
}
