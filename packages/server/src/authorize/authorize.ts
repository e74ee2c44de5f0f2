import { readSession } from '../site/browser-session.js'
import { asOAuthError } from '../http/as-oauth-error.js'
import type { OAuthError } from '../http/oauth-error.js'
import { readPageRequest, type PageRequest } from '../http/page-request.js'
import { Reply, type RouteResult } from '../http/reply.js'
import type { RequestContext } from '../http/request-context.js'
import { applyRules } from './apply-rules.js'
import type { AuthorizationRequest, AuthorizationServerContext } from './authorization-request.js'
import { holdRedirect } from './hold-redirect.js'
import { identify } from './identify.js'
import { interact, type SentByBrowser } from './interact.js'
import { issueResponse } from './issue-response.js'
import { resolve, type ResolvedRequest } from './resolve.js'
import { checkOpenId } from './rules/check-openid.js'
import { respond } from './respond.js'
import type { ReferencedRequest } from './stored-requests.js'

type AuthorizationContext = RequestContext<AuthorizationServerContext>

/**
 * The authorization endpoint: resolve the parameters, identify the client, interact with the user, respond.
 *
 * @see RFC 6749, section 3.1; OpenID Connect Core 1.0, section 3.1.2
 */
export async function authorize(incoming: AuthorizationContext): Promise<RouteResult> {
  const page = await readPageRequest(incoming)
  // A pushed request and the session are read from the store in one turn.
  const session = readSession(page.context)
  session.catch(() => undefined)
  const resolved = await resolve(page).catch((error: unknown) => refuseUnreadable(page, error))
  if (resolved instanceof Response || resolved instanceof Reply) return resolved
  const { context } = resolved
  const identified = await identify(resolved, context.server)
  try {
    return await interactAndRespond(resolved, identified, { form: page.form, session })
  } catch (error) {
    // Also a denied request is used up: the form of its page must not grant it later. A store that fails has granted nothing.
    await markUsed(resolved.reference).catch(() => undefined)
    return await refuse(context, identified, asOAuthError(error, context.server))
  }
}

async function markUsed(reference: ReferencedRequest | undefined): Promise<void> {
  await reference?.consume()
  await reference?.forget()
}

async function interactAndRespond(
  { context, reference }: Pick<ResolvedRequest, 'context' | 'reference'>,
  identified: AuthorizationRequest,
  sent: SentByBrowser,
): Promise<RouteResult> {
  const { server } = context
  const request = await applyRules(identified, server)
  const event = { clientId: request.client.clientId, scope: request.scope.join(' ') }
  server.emit({ type: 'authorization.requested', ...event })
  const agreed = await interact(context, { onPage: reference?.keep, ...request }, sent)
  if (agreed instanceof Response) return agreed
  // The user may have agreed to less.
  checkOpenId(agreed.request)
  const marked = reference?.consume()
  const issued = issueResponse(context, agreed.request, { session: agreed.session, marked })
  const [parameters] = await Promise.all([issued, marked, reference?.forget()])
  const scope = agreed.request.scope.join(' ')
  server.emit({ type: 'authorization.granted', ...event, scope, userId: agreed.session.userId })
  return respond(context, request, parameters)
}

/**
 * An unreadable request contains no redirect URI. If a registered one is sent beside it, the error goes there; otherwise it is shown
 * to the user. @see RFC 9101, sections 6.2 and 7
 */
async function refuseUnreadable(
  { params, context }: PageRequest<AuthorizationServerContext>,
  error: unknown,
): Promise<RouteResult> {
  if (params.get('redirect_uri') === undefined) throw error
  const identified = await identify({ params, isPushed: false, isSigned: false }, context.server).catch(() => {
    throw error
  })
  return refuse(context, identified, asOAuthError(error, context.server))
}

async function refuse(context: AuthorizationContext, request: AuthorizationRequest, error: OAuthError): Promise<RouteResult> {
  const type = error.error === 'access_denied' ? 'authorization.denied' : 'authorization.failed'
  context.server.emit({ type, clientId: request.client.clientId, error: error.error })
  return holdRedirect(context, request, { error, response: await respond(context, request, error.parameters) })
}
