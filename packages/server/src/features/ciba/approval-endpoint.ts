import { describeDetails } from '../rar/describe-details.js'
import { decideCibaRequest, findWaitingRequest, requestsWaitingFor, type CibaRequest } from './ciba-request.js'
import { words } from '../../authorize/authorization-request.js'
import { defined } from '../../options/defined.js'
import { OAuthError } from '../../http/oauth-error.js'
import { checkRepeatedParameters, readParameters } from '../../http/parameters.js'
import type { Exchange } from '../../options/server-parts.js'
import type { StoredSession } from '../../site/browser-session.js'
import { createFormToken, formAction, readFormToken } from '../../site/form-token.js'
import type { ApprovalOutcome, WaitingRequest } from '../../site/site-adapter.js'
import { remainingSeconds } from '../../storage/expiry.js'
import { interact, type InteractionRequest } from '../../authorize/interact.js'
import { readPageRequest } from '../../http/page-request.js'
import { sendPage } from '../../http/send-page.js'

/**
 * Where a person signs in, sees which clients ask for them, and says yes or no to each. `request` in the address names one, so that
 * the sign-in is for the person it asks; it decides nothing. @see OpenID Connect CIBA Core 1.0, section 8
 */
export async function approvalPage(incoming: Exchange): Promise<Response> {
  const { params, form, exchange } = await readPageRequest(incoming)
  checkRepeatedParameters(params)
  const { server } = exchange
  const name = params.get('request')
  const named = name === undefined ? undefined : await findWaitingRequest(name, server)
  // An answer to a request is not for the site: there is no sign-in in it.
  const answer = form?.has('decision') ? form : undefined
  const session = await signIn(exchange, named, answer ? undefined : form)
  if (session instanceof Response) return session
  if (!session) return show(exchange, undefined, { outcome: 'not-signed-in' })
  if (answer) return show(exchange, session, await settle(exchange, session, answer))
  return show(exchange, session, name !== undefined && !named ? { outcome: 'gone' } : { first: named?.key })
}

/** @returns undefined for who would rather not sign in: nobody has decided anything then */
async function signIn(
  exchange: Exchange,
  named: CibaRequest | undefined,
  form: URLSearchParams | undefined,
): Promise<StoredSession | Response | undefined> {
  try {
    return await interact(exchange, await describe(named, exchange), form)
  } catch (error) {
    if (error instanceof OAuthError && error.error === 'access_denied') return undefined
    throw error
  }
}

/** A sign-in for one request is a sign-in to its client; one for the list is to this server itself. */
async function describe(named: CibaRequest | undefined, { server }: Exchange): Promise<InteractionRequest> {
  const grant = server.grants.find(({ ciba }) => ciba)
  const client = named && (await server.clients.findClient(named.clientId))
  const about = defined({ acr_values: named?.acrValues, login_hint: named?.userId })
  return {
    params: readParameters(new URLSearchParams(about)),
    // The page asks for consent itself.
    client: {
      ...(client ?? { clientId: '', clientName: 'what waits for your answer', redirectUris: [] }),
      requireConsent: false,
    },
    scope: named?.scope ?? ['openid'],
    redirectUri: server.base,
    prompt: [],
    maxAge: grant?.ciba?.maxAge,
    hintedSubject: named?.userId,
    claims: undefined,
    essentialAcr: [],
    grant,
  }
}

/** What a page is to say beside what waits. */
interface Said {
  readonly outcome?: ApprovalOutcome
  /** The request that the person came for. */
  readonly first?: string | undefined
}

async function settle(exchange: Exchange, session: StoredSession, form: URLSearchParams): Promise<Said> {
  const { server } = exchange
  if (!(await readFormToken(exchange, form))) return { outcome: 'stale' }
  const request = await findWaitingRequest(form.get('request') ?? '', server)
  // Somebody else's request is none: the answer does not tell that it exists.
  if (!request || request.userId !== session.userId) return { outcome: 'gone' }
  const { userId, data = {}, authTime, acr, amr } = session
  const allowed = form.get('decision') === 'approve'
  const approval = { allowed: true, userId, data, authTime, ...defined({ acr, amr }) } as const
  const isFirst = await decideCibaRequest(request, allowed ? approval : { allowed: false }, server)
  if (!isFirst) return { outcome: 'gone' }
  return { outcome: allowed ? 'approved' : 'denied' }
}

async function show(exchange: Exchange, session: StoredSession | undefined, { outcome, first }: Said): Promise<Response> {
  const { server } = exchange
  const waiting = session ? await requestsWaitingFor(session.userId, server) : []
  const sorted = [...waiting.filter(({ key }) => key === first), ...waiting.filter(({ key }) => key !== first)]
  const requests = await Promise.all(sorted.map((request) => present(request, exchange)))
  const site = server.grants.find(({ ciba }) => ciba)?.site ?? server.site
  const page = await site.renderApprovalPage({
    action: formAction(exchange),
    formToken: await createFormToken(exchange, { startedAt: server.now(), hasChosen: false }),
    listUri: exchange.url.pathname,
    uiLocales: [],
    session,
    requests: requests.filter((request) => request !== undefined),
    outcome,
  })
  return sendPage(page, server)
}

async function present(request: CibaRequest, { server }: Exchange): Promise<WaitingRequest | undefined> {
  const { key, clientId, scope, bindingMessage, acrValues, authorizationDetails = [] } = request
  const client = await server.clients.findClient(clientId)
  const secondsLeft = remainingSeconds(request, server.now()) ?? 0
  const detailsTexts = describeDetails(authorizationDetails, server)
  const about = { scope, authorizationDetails, detailsTexts, bindingMessage, acrValues: words(acrValues) }
  return client && { requestId: key, client, ...about, secondsLeft }
}
