import { contextOf } from '../../server/context-of.js'
import type { AuthorizationServer } from '../../server/authorization-server.js'
import type { AuthenticatedUser } from '../../site/site-adapter.js'
import { decideCibaRequest, findWaitingRequest } from './ciba-request.js'

/**
 * Decides a CIBA request, for sites whose users decide in an app of the site.
 *
 * @param approvedBy the user who approved the request, as the app authenticated them; undefined: the user denied it
 * @returns false if no request of this id waits for that user
 */
export async function decideBackchannelRequest(
  server: AuthorizationServer,
  requestId: string,
  approvedBy: AuthenticatedUser | undefined,
): Promise<boolean> {
  const context = contextOf(server)
  const request = await findWaitingRequest(requestId, context)
  if (!request || (approvedBy && approvedBy.userId !== request.userId)) return false
  if (!approvedBy) return decideCibaRequest(request, { allowed: false }, context)
  const { userId, data = {}, acr, amr, authTime = Math.floor(context.now() / 1000) } = approvedBy
  return decideCibaRequest(request, { allowed: true, userId, data, authTime, acr, amr }, context)
}
