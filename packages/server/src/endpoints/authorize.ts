import { applyAuthorizationRules } from '../checks/authorization-rules.js'
import type { AuthorizationRequest } from '../checks/authorization-request.js'
import { identifyRequest } from '../checks/identify-request.js'
import { resolvePushedRequest, spendPushedRequest } from '../checks/pushed-requests.js'
import { readParameters } from '../parameters.js'
import type { OAuthError } from '../oauth-error.js'
import type { Exchange } from '../server-parts.js'
import { sendAuthorizationResponse } from './authorization-response.js'
import { grantAuthorization } from './grant-authorization.js'
import { interact } from './interact.js'
import { readPageRequest } from './read-page-request.js'
import { asOAuthError } from './unexpected.js'

/**
 * The authorization endpoint: identify, check, ask the person, answer.
 *
 * @see RFC 6749, section 3.1; OpenID Connect Core 1.0, section 3.1.2
 */
export async function authorize(incoming: Exchange): Promise<Response> {
  const { params: outer, form, exchange } = await readPageRequest(incoming)
  const params = await resolvePushedRequest(outer, exchange.server, form !== undefined)
  const identified = await identifyRequest(params, exchange.server, params !== outer)
  try {
    return await answer(exchange, identified, form)
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

function refuse(exchange: Exchange, request: AuthorizationRequest, error: OAuthError): Promise<Response> {
  const type = error.error === 'access_denied' ? 'authorization.denied' : 'authorization.failed'
  exchange.server.emit({ type, clientId: request.client.clientId, error: error.error })
  return sendAuthorizationResponse(exchange, request, error.parameters)
}
