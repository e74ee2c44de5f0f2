import { appendParameters } from '../../http/append-parameters.js'
import { OAuthError } from '../../http/oauth-error.js'
import { readPageRequest } from '../../http/page-request.js'
import { checkRepeatedParameters, type Parameters } from '../../http/parameters.js'
import { redirectTo } from '../../http/redirect-to.js'
import type { RouteResult } from '../../http/reply.js'
import type { RequestContext } from '../../http/request-context.js'
import { isInsecureUrl } from '../../http/loopback.js'
import { isUnsafeUri } from '../../http/unsafe-scheme.js'
import { sendPage } from '../../http/send-page.js'
import type { ServerContext } from '../../options/server-context.js'
import {
  endSession as endBrowserSession,
  hasSeveralSessions,
  readSession,
  type StoredSession,
} from '../../site/browser-session.js'
import { createFormToken, formAction, isFormOf, readFormToken } from '../../site/form-token.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { readIdTokenHint, type IdTokenHint } from '../../token/id-token-hint.js'
import { words } from '../../token/scope.js'
import { frontChannelUris, sendLogoutNotices } from './logout-notices.js'

/** What another site may send. `sealed_hint` is an ID token that this server has sealed. */
const PARAMETERS: ReadonlySet<string> = new Set([
  'id_token_hint',
  'sealed_hint',
  'logout_hint',
  'client_id',
  'post_logout_redirect_uri',
  'state',
  'ui_locales',
])

/** A logout request whose return URI, if it has one, is registered by its client. */
interface LogoutRequest {
  readonly params: Parameters
  readonly client: ClientRecord | undefined
  readonly hint: IdTokenHint | undefined
  readonly returnTo: string | undefined
}

/** RP-initiated logout. @see OpenID Connect RP-Initiated Logout 1.0, sections 2 and 3 */
export async function endSession(incoming: RequestContext): Promise<RouteResult> {
  const { params, form, context } = await readPageRequest(incoming)
  checkRepeatedParameters(params)
  const request = await identifyLogout(params, context)
  const session = await readSession(context)
  if (!session && (await hasSeveralSessions(context)))
    throw new OAuthError('invalid_request', 'the browser sent several session cookies, so no session was ended: reload this page')
  // A POST from another site arrives without the session's cookie, which is SameSite=Lax; a GET includes it.
  if (!session && incoming.request.method === 'POST' && !form) return retryByGet(context)
  if (!session) return finishWithoutUser(context, request)
  const isConfirmed = form !== undefined && isFormOf(await readFormToken(context, form), 'sign-out', session)
  if (isConfirmed && form.get('action') === 'stay') return finish(context, request)
  if (!isConfirmed && !isHintForSession(session, request.hint)) return renderConfirmation(context, request, session)
  await endBrowserSession(context, session)
  return finish(context, request, { frames: await notifyClients(context, session) })
}

/** Whether the user may have a session here that this request cannot show. A redirect back would say that it has ended. */
function isFrameOfOtherSite({ headers }: Request): boolean {
  return headers.get('sec-fetch-site') === 'cross-site' && (headers.get('sec-fetch-dest') ?? '').includes('frame')
}

function retryByGet(context: RequestContext): Response {
  const url = new URL(formAction(context), context.server.base)
  // Fields of other names may be anything, such as a password.
  // At once: each single deletion would read the whole query again.
  url.search = new URLSearchParams([...url.searchParams].filter(([name]) => PARAMETERS.has(name))).toString()
  const location = url.href
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } })
}

async function identifyLogout(params: Parameters, { server }: RequestContext): Promise<LogoutRequest> {
  const clientId = params.get('client_id')
  const hint = await readHint(params, server)
  const known = clientId ?? hint?.clientId
  const client = known === undefined ? undefined : await server.clients.findClient(known)
  if (known !== undefined && !client) {
    const reason = server.clients.explainUnknown?.(known) ?? 'no client is registered under this "client_id"'
    throw new OAuthError('invalid_client', reason, { status: 400 })
  }
  return { params, client, hint, returnTo: checkReturnUri(params.get('post_logout_redirect_uri'), client, server) }
}

/** An invalid hint, whose key may be gone, is ignored if the request also names the client. */
async function readHint(params: Parameters, server: ServerContext): Promise<IdTokenHint | undefined> {
  const token = params.get('id_token_hint')
  const clientId = params.get('client_id')
  if (token === undefined) return undefined
  if (clientId === undefined) return readIdTokenHint(token, server)
  return readIdTokenHint(token, server, clientId).catch(() => undefined)
}

/** Returns the URLs by which the browser itself must notify clients. */
async function notifyClients({ server }: RequestContext, session: StoredSession): Promise<readonly string[]> {
  return frontChannelUris(server, session, await sendLogoutNotices(server, session))
}

/** Compares character for character with the client's registered URIs; without a client, none matches. */
function checkReturnUri(
  requested: string | undefined,
  client: ClientRecord | undefined,
  { allowInsecureHttp }: Pick<ServerContext, 'allowInsecureHttp'>,
): string | undefined {
  if (requested === undefined) return undefined
  const isSafe = (uri: string): boolean =>
    !isUnsafeUri(uri, client?.applicationType) && (allowInsecureHttp || !isInsecureUrl(uri))
  if (client?.postLogoutRedirectUris?.includes(requested) && isSafe(requested)) return requested
  const registration = client && {
    clientId: client.clientId,
    parameter: 'post_logout_redirect_uri' as const,
    redirectUri: requested,
    redirectUris: client.postLogoutRedirectUris ?? [],
  }
  throw new OAuthError('invalid_request', '"post_logout_redirect_uri" is not one that this client has registered', {
    registration,
  })
}

/**
 * Only a client with a hint for this session may end it without confirmation: any site can make a browser open this page. An ID token of a
 * device, of CIBA or of a password is of no session.
 */
function isHintForSession(session: StoredSession, hint: IdTokenHint | undefined): boolean {
  return hint !== undefined && hint.sub === session.userId && hint.sid === session.sid
}

async function renderConfirmation(
  context: RequestContext,
  { params, client, returnTo }: LogoutRequest,
  session: StoredSession,
): Promise<Response> {
  const { server } = context
  const formToken = await createFormToken(context, { startedAt: server.now(), hasChosen: false, page: 'sign-out' }, session)
  const uiLocales = words(params.get('ui_locales'))
  const page = await server.site.renderSignOutPage({ action: formAction(context), formToken, client, uiLocales })
  return sendPage(page, server, { formTarget: returnTo })
}

/** RFC 9700, section 4.11.2: a stranger's link must not lead from this server to any site at once. */
async function finishWithoutUser(context: RequestContext, request: LogoutRequest): Promise<RouteResult> {
  if (!isFrameOfOtherSite(context.request))
    return finish(context, request, { needsClick: request.client?.selfRegistered === true })
  const why = 'a browser sends no cookie into a frame of another site: sign out by popup or redirect'
  throw new OAuthError('invalid_request', why)
}

async function finish(
  { server, request }: RequestContext,
  { params, returnTo }: LogoutRequest,
  { frames = [], needsClick = false }: { readonly frames?: readonly string[]; readonly needsClick?: boolean } = {},
): Promise<RouteResult> {
  const state = params.get('state')
  const response = new URLSearchParams(state === undefined ? {} : { state })
  const location = returnTo === undefined ? undefined : appendParameters(returnTo, response, 'query')
  if (location === undefined || frames.length > 0 || needsClick) {
    const page = { uiLocales: words(params.get('ui_locales')), frames, returnTo: location, needsClick }
    return sendPage(await server.site.renderSignedOutPage(page), server, { frames })
  }
  return redirectTo(location, request)
}
