import { applyAuthorizationRules } from './apply-rules.js'
import type { AuthorizationRequest } from './authorization-request.js'
import { identifyRequest } from './identify.js'
import { spendPushedRequest } from '../features/par/pushed-requests.js'
import { resolveRequest } from './resolve.js'
import { readParameters } from '../http/parameters.js'
import type { OAuthError } from '../http/oauth-error.js'
import type { Exchange } from '../options/server-parts.js'
import { sendAuthorizationResponse } from './respond.js'
import { grantAuthorization } from './grant-authorization.js'
import { interact } from './interact.js'
import { readPageRequest, type PageRequest } from '../http/page-request.js'
import { asOAuthError } from '../http/as-oauth-error.js'

/**
 * The authorization endpoint: resolve, identify, check, ask the person, answer.
 *
 * @see RFC 6749, section 3.1; OpenID Connect Core 1.0, section 3.1.2
 */
export async function authorize(incoming: Exchange): Promise<Response> {
  const arrived = await readPageRequest(incoming)
  const resolved = await resolveRequest(arrived).catch((error: unknown) => refuseUnread(arrived, error))
  if (resolved instanceof Response) return resolved
  const { exchange } = resolved
  const identified = await identifyRequest(resolved, exchange.server)
  try {
    return await answer(exchange, identified, arrived.form)
  } catch (error) {
    return await refuse(exchange, identified, asOAuthError(error, exchange.server))
  }
}

async function answer(
  exchange: Exchange,
  identified: AuthorizationRequest,
  form: URLSearchParams | undefined,
): Promise<Response> {
  const { server } = exchange
  const request = await applyAuthorizationRules(identified, server, 'authorize')
  server.emit({ type: 'authorization.requested', clientId: request.client.clientId, scope: request.scope.join(' ') })
  const outcome = await interact(exchange, request, form)
  if (outcome instanceof Response) return outcome
  await spendPushedRequest(readParameters(exchange.url.searchParams), server)
  const response = await grantAuthorization(exchange, request, outcome)
  server.emit({
    type: 'authorization.granted',
    clientId: request.client.clientId,
    userId: outcome.userId,
    scope: request.scope.join(' '),
  })
  return sendAuthorizationResponse(exchange, request, response)
}

/**
 * What cannot be read has no address in it. Where the request names a registered one beside it, the error goes there; elsewhere it
 * is shown to the person. @see RFC 9101, sections 6.2 and 7
 */
async function refuseUnread({ params, exchange }: PageRequest, error: unknown): Promise<Response> {
  if (params.get('redirect_uri') === undefined) throw error
  const outside = { params, isPushed: false, isSigned: false }
  const identified = await identifyRequest(outside, exchange.server).catch(() => {
    throw error
  })
  return refuse(exchange, identified, asOAuthError(error, exchange.server))
}

function refuse(exchange: Exchange, request: AuthorizationRequest, error: OAuthError): Promise<Response> {
  const type = error.error === 'access_denied' ? 'authorization.denied' : 'authorization.failed'
  exchange.server.emit({ type, clientId: request.client.clientId, error: error.error })
  return sendAuthorizationResponse(exchange, request, error.parameters)
}
