import { words } from '../checks/authorization-request.js'
import { OAuthError } from '../oauth-error.js'
import { checkRepeatedParameters, type Parameters } from '../parameters.js'
import type { Exchange } from '../server-parts.js'
import { endSession as endBrowserSession, readSession, type StoredSession } from '../site/browser-session.js'
import { createFormToken, formAction, readFormToken } from '../site/form-token.js'
import type { ClientRecord } from '../storage/client-store.js'
import { readIdTokenHint, type IdTokenHint } from '../tokens/id-token-hint.js'
import { appendParameters } from './append-parameters.js'
import { readPageRequest } from './read-page-request.js'
import { sendPage } from './send-page.js'

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
  if (!session) return leave(exchange, request)
  const answered = form && (await readFormToken(exchange, form)) !== undefined
  if (answered && form.get('action') === 'stay') return leave(exchange, request)
  if (!answered && !isOwnSession(session, request.hint)) return confirm(exchange, request)
  await endBrowserSession(exchange, session)
  return leave(exchange, request)
}

async function identify(params: Parameters, { server }: Exchange): Promise<LogoutRequest> {
  const clientId = params.get('client_id')
  const token = params.get('id_token_hint')
  const hint = token === undefined ? undefined : await readIdTokenHint(token, server, clientId)
  const known = clientId ?? hint?.clientId
  const client = known === undefined ? undefined : await server.clients.findClient(known)
  if (known !== undefined && !client)
    throw new OAuthError('invalid_client', 'no client is registered under this "client_id"', { status: 400 })
  return { params, client, hint, returnTo: checkReturnAddress(params.get('post_logout_redirect_uri'), client) }
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
  return sendPage(page, server, returnTo)
}

async function leave({ server, request }: Exchange, { params, returnTo }: LogoutRequest): Promise<Response> {
  if (returnTo === undefined)
    return sendPage(await server.site.renderSignedOutPage({ uiLocales: words(params.get('ui_locales')) }), server)
  const state = params.get('state')
  const location = appendParameters(returnTo, new URLSearchParams(state === undefined ? {} : { state }), 'query')
  const status = request.method === 'POST' ? 303 : 302
  return new Response(null, { status, headers: { location, 'cache-control': 'no-store' } })
}
