import { interact } from '../../authorize/interact.js'
import type { InteractionRequest } from '../../authorize/interaction-context.js'
import { OAuthError } from '../../http/oauth-error.js'
import { readPageRequest } from '../../http/page-request.js'
import { checkRepeatedParameters, readParameters } from '../../http/parameters.js'
import type { RequestContext } from '../../http/request-context.js'
import { sendPage } from '../../http/send-page.js'
import type { StoredSession } from '../../site/browser-session.js'
import { createFormToken, formAction, isFormOf, readFormToken } from '../../site/form-token.js'
import { digest } from '../../storage/digest.js'
import { remainingSeconds } from '../../storage/expiry.js'
import type { Approval } from '../polling/decisions.js'
import { words } from '../../token/scope.js'
import { approvalPage } from './approval-page.js'
import { decideCibaRequest, findWaitingRequest, requestsWaitingFor, type CibaRequest } from './ciba-request.js'
import type { ApprovalOutcome, CibaContext, WaitingRequest } from './ciba-settings.js'

/**
 * The page where a user signs in, sees the waiting requests, and decides each. The parameter `request` names one, so that the right
 * user signs in; it decides nothing. @see OpenID Connect CIBA Core 1.0, section 8
 */
export async function approvalEndpoint(incoming: RequestContext, ciba: CibaContext): Promise<Response> {
  const { params, form, context } = await readPageRequest(incoming)
  checkRepeatedParameters(params)
  const id = params.get('request')
  const named = id === undefined ? undefined : await findWaitingRequest(id, context.server)
  // A form with a decision is not for the site: it is not a sign-in.
  const decision = form?.has('decision') ? form : undefined
  const session = await signIn(context, await describeSignIn(named, context, ciba), decision ? undefined : form)
  if (session instanceof Response) return session
  const page: ApprovalView = { context, ciba, session }
  if (!session) return renderApprovals(page, { outcome: 'not-signed-in' })
  if (decision) return renderApprovals(page, { outcome: await decide(context, session, decision) })
  return renderApprovals(page, id !== undefined && !named ? { outcome: 'gone' } : { first: named?.key })
}

/** Returns undefined if the user cancels the sign-in: that decides nothing. */
async function signIn(
  context: RequestContext,
  request: InteractionRequest,
  form: URLSearchParams | undefined,
): Promise<StoredSession | Response | undefined> {
  try {
    const agreed = await interact(context, request, { form })
    return agreed instanceof Response ? agreed : agreed.session
  } catch (error) {
    if (error instanceof OAuthError && error.error === 'access_denied') return undefined
    throw error
  }
}

/** A sign-in for a named request is a sign-in to its client; one for the list is a sign-in to this server. */
async function describeSignIn(
  named: CibaRequest | undefined,
  { server }: RequestContext,
  { grant, settings }: CibaContext,
): Promise<InteractionRequest> {
  const client = named && (await server.clients.findClient(named.clientId))
  const params = new URLSearchParams()
  if (named?.acrValues !== undefined) params.set('acr_values', named.acrValues)
  // The user id is the server's: a stranger may have the link.
  if (named?.loginHint !== undefined) params.set('login_hint', named.loginHint)
  return {
    params: readParameters(params),
    // The approval page asks for consent itself.
    client: {
      ...(client ?? { clientId: '', clientName: 'your pending requests', redirectUris: [] }),
      requireConsent: false,
    },
    scope: named?.scope ?? ['openid'],
    redirectUri: server.base,
    prompt: [],
    maxAge: settings.maxAge,
    hintedSubject: named?.userId,
    claims: undefined,
    essentialAcr: [],
    grant,
  }
}

async function decide(context: RequestContext, session: StoredSession, form: URLSearchParams): Promise<ApprovalOutcome> {
  const { server } = context
  const sent = await readFormToken(context, form)
  if (!isFormOf(sent, 'approval', session)) return 'stale'
  const request = await findWaitingRequest(form.get('request') ?? '', server)
  // The same response as for an unknown request: it must not reveal that another user's request exists.
  if (!request || request.userId !== session.userId) return 'gone'
  const allowed = form.get('decision') === 'approve'
  // The page did not show it, or its client has another name now.
  if (allowed && !sent?.shown?.split(' ').includes(await digestOfRequest(request, server))) return 'stale'
  const decision = allowed ? approve(request, form, session) : ({ allowed } as const)
  if (!(await decideCibaRequest(request, decision, server))) return 'gone'
  return allowed ? 'approved' : 'denied'
}

function approve(request: CibaRequest, form: URLSearchParams, session: StoredSession): Approval {
  const { userId, data = {}, authTime, acr, amr } = session
  return { allowed: true, userId, data, authTime, acr, amr, ...givenParts(request, form) }
}

/** Returns the parts of the request that the user agreed to; nothing, and so all of them, for a page without a choice. */
function givenParts(
  { scope, resources, authorizationDetails }: CibaRequest,
  form: URLSearchParams,
): Partial<Pick<CibaRequest, 'scope' | 'resources' | 'authorizationDetails'>> {
  if (!form.has('choice')) return {}
  const chosen = form.getAll('scope')
  // The request is one of OpenID Connect (CIBA Core 1.0, section 7.1).
  return { scope: scope.filter((name) => name === 'openid' || chosen.includes(name)), resources, authorizationDetails }
}

/** Returns the digest of what the page shows of a request. */
async function digestOfRequest(request: CibaRequest, { clients }: RequestContext['server']): Promise<string> {
  const { key, clientId, scope, resources, authorizationDetails, bindingMessage } = request
  const client = await clients.findClient(clientId)
  const text = JSON.stringify([key, client?.clientName, scope, resources, authorizationDetails, bindingMessage])
  return (await digest(text)).slice(0, 16)
}

/** Whose requests a page shows. */
interface ApprovalView {
  readonly context: RequestContext
  readonly ciba: CibaContext
  readonly session: StoredSession | undefined
}

/** What a page shows beside the requests. */
interface ApprovalNotice {
  readonly outcome?: ApprovalOutcome
  /** The request to show first. */
  readonly first?: string | undefined
}

async function renderApprovals({ context, ciba, session }: ApprovalView, notice: ApprovalNotice): Promise<Response> {
  const { server } = context
  const { outcome, first } = notice
  const waiting = session ? await requestsWaitingFor(session.userId, server) : []
  const sorted = [...waiting.filter(({ key }) => key === first), ...waiting.filter(({ key }) => key !== first)]
  const requests = await Promise.all(sorted.map((request) => describeRequest(request, context)))
  const shown = (await Promise.all(sorted.map((request) => digestOfRequest(request, server)))).join(' ')
  const accounts = (ciba.grant.site ?? server.site).accounts
  const render = ciba.settings.renderApprovalPage ?? ((page) => approvalPage(page, accounts))
  const page = await render({
    action: formAction(context),
    formToken: await createFormToken(context, { startedAt: server.now(), hasChosen: false, page: 'approval', shown }, session),
    listUri: context.url.pathname,
    uiLocales: [],
    session,
    requests: requests.filter((request) => request !== undefined),
    outcome,
  })
  return sendPage(page, server)
}

async function describeRequest(request: CibaRequest, { server }: RequestContext): Promise<WaitingRequest | undefined> {
  const { requestId, clientId, scope, bindingMessage, acrValues, resources = [], authorizationDetails = [] } = request
  const client = await server.clients.findClient(clientId)
  const secondsLeft = remainingSeconds(request, server.now()) ?? 0
  const detailsTexts = server.authorizationDetails.describe(authorizationDetails)
  // CIBA has no "claims" parameter.
  const parts = { scope, resources, individualClaims: { idToken: [], userInfo: [] }, authorizationDetails, detailsTexts }
  return client && { requestId, client, ...parts, bindingMessage, acrValues: words(acrValues), secondsLeft }
}
