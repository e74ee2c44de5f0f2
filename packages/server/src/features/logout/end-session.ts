import { words } from '../../authorize/authorization-request.js'
import { OAuthError } from '../../http/oauth-error.js'
import { checkRepeatedParameters, type Parameters } from '../../http/parameters.js'
import { frontChannelUris, sendLogoutNotices } from './logout-notices.js'
import type { Exchange, ServerParts } from '../../options/server-parts.js'
import { endSession as endBrowserSession, readSession, type StoredSession } from '../../site/browser-session.js'
import { createFormToken, formAction, readFormToken } from '../../site/form-token.js'
import type { ClientRecord } from '../../storage/client-store.js'
import { readIdTokenHint, type IdTokenHint } from '../../token/id-token-hint.js'
import { appendParameters } from '../../http/append-parameters.js'
import { readPageRequest } from '../../http/page-request.js'
import { sendPage } from '../../http/send-page.js'

/** A sign-out whose client, where there is one, and whose return address are known to belong together. */
interface LogoutRequest {
  readonly params: Parameters
  readonly client: ClientRecord | undefined
  readonly hint: IdTokenHint | undefined
  readonly returnTo: string | undefined
}

/** RP-initiated logout. @see OpenID Connect RP-Initiated Logout 1.0, sections 2 and 3 */
export async function endSession(incoming: Exchange): Promise<Response> {
  const { params, form, exchange } = await readPageRequest(incoming)
  checkRepeatedParameters(params)
  const request = await identify(params, exchange)
  const session = await readSession(exchange)
  // A form that another site's page sends comes without the session's cookie, which is SameSite=Lax: a GET brings it along.
  if (!session && incoming.request.method === 'POST' && !form) return comeBack(exchange)
  if (!session) return leave(exchange, request)
  const answered = form && (await readFormToken(exchange, form)) !== undefined
  if (answered && form.get('action') === 'stay') return leave(exchange, request)
  if (!answered && !isOwnSession(session, request.hint)) return confirm(exchange, request)
  await endBrowserSession(exchange, session)
  return leave(exchange, request, await notifyClients(exchange, session))
}

function comeBack(exchange: Exchange): Response {
  const location = new URL(formAction(exchange), exchange.server.base).href
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } })
}

async function identify(params: Parameters, { server }: Exchange): Promise<LogoutRequest> {
  const clientId = params.get('client_id')
  const hint = await readHint(params, server)
  const known = clientId ?? hint?.clientId
  const client = known === undefined ? undefined : await server.clients.findClient(known)
  if (known !== undefined && !client)
    throw new OAuthError('invalid_client', 'no client is registered under this "client_id"', { status: 400 })
  return { params, client, hint, returnTo: checkReturnAddress(params.get('post_logout_redirect_uri'), client) }
}

/** A hint that cannot be checked any more (its key is gone) is as good as none, where the client is named beside it. */
async function readHint(params: Parameters, server: ServerParts): Promise<IdTokenHint | undefined> {
  const token = params.get('id_token_hint')
  const clientId = params.get('client_id')
  if (token === undefined) return undefined
  if (clientId === undefined) return readIdTokenHint(token, server)
  return readIdTokenHint(token, server, clientId).catch(() => undefined)
}

/** @returns the addresses through which the browser itself must tell clients that the session is over */
async function notifyClients({ server }: Exchange, session: StoredSession): Promise<readonly string[]> {
  return frontChannelUris(server, session, await sendLogoutNotices(server, session))
}

/** Compared character for character with what the client registered; without a client nothing fits. */
function checkReturnAddress(asked: string | undefined, client: ClientRecord | undefined): string | undefined {
  if (asked === undefined || client?.postLogoutRedirectUris?.includes(asked)) return asked
  throw new OAuthError('invalid_request', '"post_logout_redirect_uri" is not one that this client has registered')
}

/** Only a client that shows whom it means may sign them out unasked: anybody can make a browser come here. */
function isOwnSession(session: StoredSession, hint: IdTokenHint | undefined): boolean {
  return hint !== undefined && hint.sub === session.userId && (hint.sid === undefined || hint.sid === session.sid)
}

async function confirm(exchange: Exchange, { params, client, returnTo }: LogoutRequest): Promise<Response> {
  const { server } = exchange
  const formToken = await createFormToken(exchange, { startedAt: server.now(), hasChosen: false })
  const uiLocales = words(params.get('ui_locales'))
  const page = await server.site.renderSignOutPage({ action: formAction(exchange), formToken, client, uiLocales })
  return sendPage(page, server, { formTarget: returnTo })
}

async function leave(
  { server, request }: Exchange,
  { params, returnTo }: LogoutRequest,
  frames: readonly string[] = [],
): Promise<Response> {
  const state = params.get('state')
  const answer = new URLSearchParams(state === undefined ? {} : { state })
  const location = returnTo === undefined ? undefined : appendParameters(returnTo, answer, 'query')
  if (location === undefined || frames.length > 0) {
    const about = { uiLocales: words(params.get('ui_locales')), frames, returnTo: location }
    return sendPage(await server.site.renderSignedOutPage(about), server, { frames })
  }
  const status = request.method === 'POST' ? 303 : 302
  return new Response(null, { status, headers: { location, 'cache-control': 'no-store' } })
}
