import { contextOf } from '../../server/context-of.js'
import type { AuthorizationServer } from '../../server/authorization-server.js'
import type { GivenConsent } from '../../site/consent-parts.js'
import type { AuthenticatedUser } from '../../site/site-adapter.js'
import { decideCibaRequest, findWaitingRequest } from './ciba-request.js'

/**
 * Decides a CIBA request, for sites whose users decide in an app of the site.
 *
 * @param approvedBy the user who approved the request, as the app authenticated them; undefined: the user denied it
 * @param given what the user agreed to, if that is less than the request: names of its scope. Default: all
 * @returns false if no request of this id waits for that user
 */
export async function decideBackchannelRequest(
  server: AuthorizationServer,
  requestId: string,
  approvedBy: AuthenticatedUser | undefined,
  given: Pick<GivenConsent, 'scope'> = {},
): Promise<boolean> {
  const context = contextOf(server)
  const request = await findWaitingRequest(requestId, context)
  if (!request || (approvedBy && approvedBy.userId !== request.userId)) return false
  if (!approvedBy) return decideCibaRequest(request, { allowed: false }, context)
  const { userId, data = {}, acr, amr, authTime = Math.floor(context.now() / 1000) } = approvedBy
  const { scope, resources, authorizationDetails } = request
  const { scope: chosen = scope } = given
  if (!chosen.every((name) => scope.includes(name)))
    throw new TypeError('decideBackchannelRequest: "scope" has a name that was not requested')
  // The request is one of OpenID Connect (CIBA Core 1.0, section 7.1).
  const agreed = scope.filter((name) => name === 'openid' || chosen.includes(name))
  const approval = { allowed: true, userId, data, authTime, acr, amr, scope: agreed, resources, authorizationDetails } as const
  return decideCibaRequest(request, approval, context)
}
