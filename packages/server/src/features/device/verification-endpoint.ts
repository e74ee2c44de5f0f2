import type { PendingRequest } from '../polling/decisions.js'
import { deviceDecisions, findByUserCode, showUserCode } from './device-store.js'
import { defined } from '../../options/defined.js'
import { OAuthError } from '../../http/oauth-error.js'
import { checkRepeatedParameters } from '../../http/parameters.js'
import type { Exchange } from '../../options/server-parts.js'
import { createFormToken, readFormToken } from '../../site/form-token.js'
import type { ClientRecord } from '../../storage/client-store.js'
import { interact, type InteractionRequest } from '../../authorize/interact.js'
import { readPageRequest, type PageRequest } from '../../http/page-request.js'
import { sendPage } from '../../http/send-page.js'

/**
 * Where a person types the code that their device shows, signs in, and says yes. They are always asked: a link with the code in
 * it may come from somebody else. @see RFC 8628, sections 3.3 and 5.4
 */
export async function devicePage(incoming: Exchange): Promise<Response> {
  const { params, form, exchange } = await readPageRequest(incoming)
  checkRepeatedParameters(params)
  const isTyped = form?.get('action') === 'code' && (await readFormToken(exchange, form)) !== undefined
  const typed = isTyped ? (form.get('user_code') ?? '') : undefined
  if (typed !== undefined) return goToCode(typed, exchange)
  const userCode = params.get('user_code')
  if (userCode === undefined) return askForCode(exchange)
  const asked = await findByUserCode(userCode, exchange.server)
  const client = asked && (await exchange.server.clients.findClient(asked.clientId))
  if (!asked || !client) return askForCode(exchange, 'This code is not known, or no longer. Check what your device shows.')
  return askForConsent({ params, form, exchange }, asked, client)
}

/** The code goes into the address, so that the pages after this one know which device they are about. */
async function goToCode(typed: string, { server }: Exchange): Promise<Response> {
  const known = await findByUserCode(typed, server)
  const query = new URLSearchParams(known ? { user_code: typed } : { user_code: '-' })
  return new Response(null, {
    status: 303,
    headers: { location: `${server.base}/device?${query.toString()}`, 'cache-control': 'no-store' },
  })
}

async function askForCode(exchange: Exchange, message?: string): Promise<Response> {
  const { server } = exchange
  const bare: Exchange = { ...exchange, url: new URL(`${server.base}/device`) }
  const formToken = await createFormToken(bare, { startedAt: server.now(), hasChosen: false })
  const page = await server.site.renderDevicePage({
    action: bare.url.pathname,
    formToken,
    message,
    uiLocales: [],
    client: undefined,
  })
  return sendPage(page, server)
}

/** For the later of two browsers: what the first one said holds. */
const DECIDED = 'This code was answered in another window just now. If that was not you, ask your device for a new one.'

async function askForConsent(
  { params, form, exchange }: PageRequest,
  asked: PendingRequest,
  client: ClientRecord,
): Promise<Response> {
  const { server } = exchange
  const request: InteractionRequest = {
    params,
    client,
    scope: asked.scope,
    redirectUri: server.base,
    prompt: ['consent'],
    maxAge: undefined,
    hintedSubject: undefined,
    claims: undefined,
    essentialAcr: [],
    ...defined({ authorizationDetails: asked.authorizationDetails }),
    grant: server.grants.find(({ device }) => device),
    userCode: showUserCode(params.get('user_code') ?? ''),
  }
  try {
    const outcome = await interact(exchange, request, form)
    if (outcome instanceof Response) return outcome
    const { userId, data = {}, authTime, acr, amr } = outcome
    const isFirst = await deviceDecisions.decide(
      asked,
      { allowed: true, userId, data, authTime, ...defined({ acr, amr }) },
      server,
    )
    if (!isFirst) return askForCode(exchange, DECIDED)
    server.emit({ type: 'authorization.granted', clientId: client.clientId, userId, scope: asked.scope.join(' ') })
    return sendPage(await server.site.renderDeviceDonePage({ allowed: true, client }), server)
  } catch (error) {
    if (!(error instanceof OAuthError) || error.error !== 'access_denied') throw error
    if (!(await deviceDecisions.decide(asked, { allowed: false }, server))) return askForCode(exchange, DECIDED)
    server.emit({ type: 'authorization.denied', clientId: client.clientId })
    return sendPage(await server.site.renderDeviceDonePage({ allowed: false, client }), server)
  }
}
