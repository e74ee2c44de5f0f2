import { interact } from '../../authorize/interact.js'
import type { InteractionRequest } from '../../authorize/interaction-context.js'
import { OAuthError } from '../../http/oauth-error.js'
import { readPageRequest, type PageRequest } from '../../http/page-request.js'
import { checkRepeatedParameters } from '../../http/parameters.js'
import type { RequestContext } from '../../http/request-context.js'
import { sendPage } from '../../http/send-page.js'
import { limitGuesses, secondsToWait } from '../../limits/limit-guesses.js'
import { readSession } from '../../site/browser-session.js'
import { createFormToken, readFormToken } from '../../site/form-token.js'
import type { ClientRecord } from '../../storage/client-record.js'
import type { PendingRequest } from '../polling/decisions.js'
import type { DeviceSettings } from './device-settings.js'
import { deviceDecisions, findByUserCode, formatUserCode, isUserCode } from './device-store.js'

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
    return redirectToCode(form.get('user_code') ?? '', context, settings)
  const userCode = params.get('user_code')
  if (userCode === undefined) return renderCodeForm(context, settings)
  const pending = await guessUserCode(userCode, context)
  if (typeof pending === 'number') return renderTooMany(context, settings, pending)
  const client = pending && (await context.server.clients.findClient(pending.clientId))
  if (!pending || !client)
    return renderCodeForm(context, settings, { message: 'This code is unknown or has expired. Check the code on your device.' })
  return decide(page, { pending, client }, settings)
}

/** The code becomes part of the URL, so that the following pages know which device they are about. */
async function redirectToCode(typed: string, context: RequestContext, settings: DeviceSettings): Promise<Response> {
  const { server } = context
  const known = await guessUserCode(typed, context)
  if (typeof known === 'number') return renderTooMany(context, settings, known)
  const query = new URLSearchParams({ user_code: known ? typed : '-' })
  return new Response(null, {
    status: 303,
    headers: { location: `${server.urlOf('/device')}?${query.toString()}`, 'cache-control': 'no-store' },
  })
}

/** Finds a request by its user code. Returns the seconds to wait after too many unknown codes. @see RFC 8628, section 5.1 */
async function guessUserCode(typed: string, context: RequestContext): Promise<PendingRequest | number | undefined> {
  // Not a guess: no code has this form.
  if (!isUserCode(typed)) return undefined
  const userId = (await readSession(context))?.userId
  const event = (): { readonly userId: string | undefined } => ({ userId })
  try {
    const guess = { kind: 'user-code', name: undefined, sender: userId && `user ${userId}`, event } as const
    return await limitGuesses(context, guess, () => findByUserCode(typed, context.server))
  } catch (error) {
    const seconds = secondsToWait(error)
    if (seconds === undefined) throw error
    return seconds
  }
}

function renderTooMany(context: RequestContext, settings: DeviceSettings, seconds: number): Promise<Response> {
  context.headers.set('retry-after', String(seconds))
  const wait = seconds === 1 ? 'one second' : `${seconds} seconds`
  return renderCodeForm(context, settings, { message: `There were too many wrong codes. Try again in ${wait}.`, status: 429 })
}

async function renderCodeForm(
  context: RequestContext,
  { pages }: DeviceSettings,
  { message, status }: { readonly message?: string; readonly status?: number } = {},
): Promise<Response> {
  const { server } = context
  const bare: RequestContext = { ...context, url: new URL(server.urlOf('/device')) }
  const formToken = await createFormToken(bare, { startedAt: server.now(), hasChosen: false, page: 'device-code' }, undefined)
  const form = { action: bare.url.pathname, formToken, message, uiLocales: [], client: undefined }
  const page = await pages.renderDevicePage(form)
  return sendPage(status === undefined || page instanceof Response ? page : { ...page, status }, server)
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
    const agreed = await interact(context, interaction, { form })
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
    const message = 'This code was just used in another window. If that was not you, request a new code on your device.'
    return renderCodeForm(context, settings, { message })
  }
  const { allowed } = decision
  if (decision.allowed) {
    const { userId, scope = pending.scope } = decision
    server.emit({ type: 'authorization.granted', clientId, userId, scope: scope.join(' ') })
  } else server.emit({ type: 'authorization.denied', clientId })
  return sendPage(await settings.pages.renderDeviceDonePage({ allowed, client }), server)
}
