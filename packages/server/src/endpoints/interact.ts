import { words, type AuthorizationRequest } from '../checks/authorization-request.js'
import { OAuthError } from '../oauth-error.js'
import type { Exchange } from '../server-parts.js'
import { readSession, startSession, type StoredSession } from '../site/browser-session.js'
import { hasConsented, rememberConsent } from '../site/consent.js'
import { createFormToken, formAction, readFormToken, type FormProgress } from '../site/form-token.js'
import type { Interaction, InteractionReason, SignedIn } from '../site/site-adapter.js'
import { sendPage } from './send-page.js'

/** Everything that is known while a person is asked. */
interface Asking {
  readonly exchange: Exchange
  readonly request: AuthorizationRequest
  readonly interaction: Interaction
  readonly progress: FormProgress
  /** Whether a form of this very interaction was sent, its token checked. */
  readonly isAnswer: boolean
}

/**
 * Asks the person what must be asked: who they are, which account, whether they agree.
 *
 * @returns the session to answer for, or a page
 * @throws OAuthError `access_denied`, or, with `prompt=none`, the error that names the page it would take
 */
export async function interact(
  exchange: Exchange,
  request: AuthorizationRequest,
  form: URLSearchParams | undefined,
): Promise<StoredSession | Response> {
  const { site, now } = exchange.server
  const remembered = form && (await readFormToken(exchange, form))
  const session = await readSession(exchange)
  const interaction = describe(exchange, request, session, remembered ? form : undefined)
  const chose = remembered !== undefined && form?.get('action') !== 'consent'
  const progress = { startedAt: remembered?.startedAt ?? now(), hasChosen: remembered?.hasChosen || chose }
  const asking: Asking = { exchange, request, interaction, progress, isAnswer: remembered !== undefined }
  if (form && !remembered) return ask(asking, 'sign-in', 'This page was open for too long, or cookies are off. Please try again.')
  if (remembered && (await site.userDeniedAccess(interaction))) {
    throw new OAuthError('access_denied', 'the person refused the request')
  }
  const user = await site.authenticate(interaction)
  if (!user)
    return ask(asking, 'sign-in', form?.get('action') === 'sign-in' ? 'That did not work. Check what you typed.' : undefined)
  return settle(asking, user, session)
}

async function settle(asking: Asking, user: SignedIn, former: StoredSession | undefined): Promise<StoredSession | Response> {
  const { exchange, request, interaction, progress, isAnswer } = asking
  const signedInNow = isAnswer && interaction.form?.get('action') === 'sign-in'
  const isSame = former !== undefined && former.userId === user.userId && !signedInNow
  const session = isSame ? former : await startSession(exchange, user, former)
  const known: Asking = { ...asking, interaction: { ...interaction, session } }
  if (needsSignIn(request, session, asking)) return ask(known, 'sign-in')
  if (request.prompt.includes('select_account') && !progress.hasChosen) return ask(known, 'select-account')
  if (await needsConsent(known, session)) return ask(known, 'consent')
  return session
}

/** @see OpenID Connect Core 1.0, section 3.1.2.1: `prompt`, `max_age`, `id_token_hint` */
function needsSignIn(request: AuthorizationRequest, session: StoredSession, { progress, exchange }: Asking): boolean {
  const isFresh = session.authTime >= Math.floor(progress.startedAt / 1000) && progress.hasChosen
  if (request.prompt.includes('login') && !isFresh) return true
  const age = Math.floor(exchange.server.now() / 1000) - session.authTime
  if (request.maxAge !== undefined && age > request.maxAge && !isFresh) return true
  return request.hintedSubject !== undefined && request.hintedSubject !== session.userId
}

async function needsConsent({ exchange, request, interaction, isAnswer }: Asking, session: StoredSession): Promise<boolean> {
  const { client, scope, prompt } = request
  if (!client.requireConsent && !prompt.includes('consent')) return false
  if (isAnswer && interaction.form?.get('action') === 'consent') {
    await rememberConsent(exchange.server, { userId: session.userId, client, scope })
    return false
  }
  return prompt.includes('consent') || !(await hasConsented(exchange.server, { userId: session.userId, client, scope }))
}

const ERROR_OF: Readonly<Record<InteractionReason, string>> = {
  'sign-in': 'login_required',
  'select-account': 'account_selection_required',
  consent: 'consent_required',
}

async function ask(asking: Asking, reason: InteractionReason, message?: string): Promise<Response> {
  const { exchange, request, interaction, progress } = asking
  if (request.prompt.includes('none'))
    throw new OAuthError(ERROR_OF[reason], '"prompt" is "none", but the person would have to be asked')
  const formToken = await createFormToken(exchange, progress)
  const page = await exchange.server.site.renderAuthorizationPage({
    ...interaction,
    reason,
    formToken,
    action: formAction(exchange),
    message,
  })
  return sendPage(page, exchange.server, request.redirectUri)
}

function describe(
  { request, env }: Exchange,
  { params, client, scope, redirectUri, claims }: AuthorizationRequest,
  session: StoredSession | undefined,
  form: URLSearchParams | undefined,
): Interaction {
  return {
    request,
    env,
    client,
    scope,
    redirectUri,
    claims,
    session,
    form,
    params: new URLSearchParams(params.search),
    loginHint: params.get('login_hint'),
    uiLocales: words(params.get('ui_locales')),
    acrValues: words(params.get('acr_values')),
  }
}
