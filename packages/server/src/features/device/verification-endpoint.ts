import { interact } from '../../authorize/interact.js'
import type { InteractionRequest } from '../../authorize/interaction-context.js'
import { OAuthError } from '../../http/oauth-error.js'
import { readPageRequest, type PageRequest } from '../../http/page-request.js'
import { checkRepeatedParameters } from '../../http/parameters.js'
import type { RequestContext } from '../../http/request-context.js'
import { sendPage } from '../../http/send-page.js'
import { createFormToken, readFormToken } from '../../site/form-token.js'
import type { ClientRecord } from '../../storage/client-record.js'
import type { PendingRequest } from '../polling/decisions.js'
import type { DeviceSettings } from './device-settings.js'
import { deviceDecisions, findByUserCode, formatUserCode } from './device-store.js'

/** A device's request whose user code was entered. */
interface DeviceRequest {
  readonly pending: PendingRequest
  readonly client: ClientRecord
}

/**
 * The page where a user enters the code of a device, signs in and consents. Consent is always requested: an attacker may have sent a
 * link that contains the code. @see RFC 8628, sections 3.3 and 5.4
 */
export async function verificationEndpoint(incoming: RequestContext, settings: DeviceSettings): Promise<Response> {
  const page = await readPageRequest(incoming)
  const { params, form, context } = page
  checkRepeatedParameters(params)
  if (form?.get('action') === 'code' && (await readFormToken(context, form))?.page === 'device-code')
    return redirectToCode(form.get('user_code') ?? '', context)
  const userCode = params.get('user_code')
  if (userCode === undefined) return renderCodeForm(context, settings)
  const pending = await findByUserCode(userCode, context.server)
  const client = pending && (await context.server.clients.findClient(pending.clientId))
  if (!pending || !client)
    return renderCodeForm(context, settings, 'This code is unknown or has expired. Check the code on your device.')
  return decide(page, { pending, client }, settings)
}

/** The code becomes part of the URL, so that the following pages know which device they are about. */
async function redirectToCode(typed: string, { server }: RequestContext): Promise<Response> {
  const known = await findByUserCode(typed, server)
  const query = new URLSearchParams({ user_code: known ? typed : '-' })
  return new Response(null, {
    status: 303,
    headers: { location: `${server.urlOf('/device')}?${query.toString()}`, 'cache-control': 'no-store' },
  })
}

async function renderCodeForm(context: RequestContext, { pages }: DeviceSettings, message?: string): Promise<Response> {
  const { server } = context
  const bare: RequestContext = { ...context, url: new URL(server.urlOf('/device')) }
  const formToken = await createFormToken(bare, { startedAt: server.now(), hasChosen: false, page: 'device-code' }, undefined)
  const form = { action: bare.url.pathname, formToken, message, uiLocales: [], client: undefined }
  return sendPage(await pages.renderDevicePage(form), server)
}

async function decide(
  { params, form, context }: PageRequest,
  request: DeviceRequest,
  settings: DeviceSettings,
): Promise<Response> {
  const { pending, client } = request
  const userCode = formatUserCode(params.get('user_code') ?? '')
  const interaction: InteractionRequest = {
    params,
    client,
    scope: pending.scope,
    redirectUri: context.server.base,
    prompt: ['consent'],
    maxAge: undefined,
    hintedSubject: undefined,
    claims: undefined,
    essentialAcr: [],
    resources: pending.resources,
    authorizationDetails: pending.authorizationDetails,
    grant: settings.grant,
    userCode,
  }
  try {
    const agreed = await interact(context, interaction, form)
    if (agreed instanceof Response) return agreed
    const { userId, data = {}, authTime, acr, amr } = agreed.session
    const { scope, resources, authorizationDetails } = agreed.request
    const approval = { allowed: true, userId, data, authTime, acr, amr, scope, resources, authorizationDetails } as const
    return await save(context, request, approval, settings)
  } catch (error) {
    if (!(error instanceof OAuthError) || error.error !== 'access_denied') throw error
    return await save(context, request, { allowed: false }, settings)
  }
}

/** Of two browsers, the first decision counts. */
async function save(
  context: RequestContext,
  { pending, client }: DeviceRequest,
  decision: Parameters<typeof deviceDecisions.decide>[1],
  settings: DeviceSettings,
): Promise<Response> {
  const { server } = context
  const { clientId } = client
  if (!(await deviceDecisions.decide(pending, decision, server))) {
    return renderCodeForm(
      context,
      settings,
      'This code was just used in another window. If that was not you, request a new code on your device.',
    )
  }
  const { allowed } = decision
  if (decision.allowed) {
    const { userId, scope = pending.scope } = decision
    server.emit({ type: 'authorization.granted', clientId, userId, scope: scope.join(' ') })
  } else server.emit({ type: 'authorization.denied', clientId })
  return sendPage(await settings.pages.renderDeviceDonePage({ allowed, client }), server)
}
