import { describeDetails } from '../features/rar/describe-details.js'
import { words, type AuthorizationRequest } from './authorization-request.js'
import { requestedSubjects } from './rules/check-claims.js'
import { OAuthError } from '../http/oauth-error.js'
import type { Exchange } from '../options/server-parts.js'
import { readSession, startSession, type StoredSession } from '../site/browser-session.js'
import { hasConsented, rememberConsent } from '../site/consent.js'
import type { CompleteSite } from '../site/complete-site.js'
import { createFormToken, formAction, readFormToken, type FormProgress } from '../site/form-token.js'
import type { Interaction, InteractionReason, SignedIn } from '../site/site-adapter.js'
import { sendPage } from '../http/send-page.js'

/** What of a request decides what a person is asked. */
export type InteractionRequest = Pick<
  AuthorizationRequest,
  | 'params'
  | 'client'
  | 'scope'
  | 'redirectUri'
  | 'prompt'
  | 'maxAge'
  | 'hintedSubject'
  | 'claims'
  | 'essentialAcr'
  | 'grant'
  | 'authorizationDetails'
> & {
  /** What the device shows that asks; left out where the browser is the client's own. */
  readonly userCode?: string
}

/** Everything that is known while a person is asked. The form in the interaction has had its token checked. */
interface Asking {
  readonly exchange: Exchange
  readonly request: InteractionRequest
  readonly interaction: Interaction
  readonly progress: FormProgress
}

/**
 * Asks the person what must be asked: who they are, which account, whether they agree.
 *
 * @returns the session to answer for, or a page
 * @throws OAuthError `access_denied`, or, with `prompt=none`, the error that names the page it would take
 */
export async function interact(
  exchange: Exchange,
  request: InteractionRequest,
  form: URLSearchParams | undefined,
): Promise<StoredSession | Response> {
  const remembered = form && (await readFormToken(exchange, form))
  const session = await readSession(exchange)
  const answer = remembered && form ? { form, answered: remembered.asked } : { form: undefined, answered: undefined }
  const interaction: Interaction = { ...describe(exchange, request, session), ...answer }
  const progress = remembered ? advance(remembered, interaction) : { startedAt: exchange.server.now(), hasChosen: false }
  const asking: Asking = { exchange, request, interaction, progress }
  if (form && !remembered) return ask(asking, 'sign-in', 'This page was open for too long, or cookies are off. Please try again.')
  return hear(asking, session)
}

async function hear(asking: Asking, session: StoredSession | undefined): Promise<StoredSession | Response> {
  const { exchange, interaction } = asking
  const site = siteOf(asking)
  if (interaction.form && (await site.userDeniedAccess(interaction))) {
    throw new OAuthError('access_denied', 'the person refused the request')
  }
  const user = await site.authenticate(interaction)
  if (user) return settle(asking, user, session)
  if (actionOf(interaction) !== 'sign-in') return ask(asking, 'sign-in')
  exchange.server.emit({ type: 'sign_in.failed', clientId: interaction.client.clientId })
  return ask(asking, 'sign-in', 'That did not work. Check what you typed.')
}

async function settle(asking: Asking, user: SignedIn, former: StoredSession | undefined): Promise<StoredSession | Response> {
  const { exchange, request, interaction, progress } = asking
  const isSame = goesOn(former, user) && actionOf(interaction) !== 'sign-in'
  const session = isSame ? former : await startSession(exchange, user, former)
  const known: Asking = { ...asking, interaction: { ...interaction, session } }
  if (isWrongPerson(request, session))
    return ask(known, 'sign-in', isSame ? undefined : 'The application asks for another account.')
  if (needsSignIn(known, session)) return ask(known, 'sign-in')
  if (!isAuthenticatedEnough(known, session)) return ask(known, 'sign-in', 'The application asks for a stronger sign-in.')
  if (request.prompt.includes('select_account') && !progress.hasChosen) return ask(known, 'select-account')
  if (await needsConsent(known, session)) return ask(known, 'consent')
  return session
}

/** @returns whether the person is the one of the session, and has not signed in elsewhere since */
function goesOn(former: StoredSession | undefined, { userId, authTime = 0 }: SignedIn): former is StoredSession {
  return former?.userId === userId && authTime <= former.authTime
}

/** @see OpenID Connect Core 1.0, sections 3.1.2.1 and 3.1.2.2: `id_token_hint`, and a `sub` that `claims` asks for */
function isWrongPerson({ hintedSubject, claims }: InteractionRequest, { userId }: StoredSession): boolean {
  const requested = requestedSubjects(claims)
  if (requested.length > 0 && !requested.includes(userId)) return true
  return hintedSubject !== undefined && hintedSubject !== userId
}

/** @see OpenID Connect Core 1.0, section 3.1.2.1: `prompt`, `max_age` */
function needsSignIn({ request, progress, exchange }: Asking, session: StoredSession): boolean {
  const isFresh = progress.hasChosen && session.authTime >= Math.floor(progress.startedAt / 1000)
  if (isFresh) return false
  const age = Math.floor(exchange.server.now() / 1000) - session.authTime
  // Times are whole seconds: an age of 0 may be one of 0.9, so that 0 means what `prompt=login` means.
  const isTooOld = request.maxAge !== undefined && (request.maxAge === 0 || age > request.maxAge)
  return isTooOld || request.prompt.includes('login')
}

/** An essential `acr` that a fresh sign-in did not reach is beyond this site. @see OpenID Connect Core 1.0, section 5.5.1.1 */
function isAuthenticatedEnough({ request, interaction }: Asking, { acr }: StoredSession): boolean {
  const { essentialAcr } = request
  if (essentialAcr.length === 0 || (acr !== undefined && essentialAcr.includes(acr))) return true
  if (actionOf(interaction) !== 'sign-in') return false
  throw new OAuthError('unmet_authentication_requirements', 'the person could not sign in as the "acr" demands')
}

async function needsConsent({ exchange, request, interaction }: Asking, { userId }: StoredSession): Promise<boolean> {
  const { client, scope, prompt, authorizationDetails } = request
  // What is asked for in detail is decided each time: a payment that was agreed to yesterday is not this one (RFC 9396, section 12).
  const isAlwaysAsked = prompt.includes('consent') || authorizationDetails !== undefined
  if (!client.requireConsent && !isAlwaysAsked) return false
  if (actionOf(interaction) === 'consent') {
    await rememberConsent(exchange.server, { userId, client, scope })
    return false
  }
  return isAlwaysAsked || !(await hasConsented(exchange.server, { userId, client, scope }))
}

/** A grant may have a site of its own. */
function siteOf({ exchange, request }: Pick<Asking, 'exchange' | 'request'>): CompleteSite {
  return request.grant?.site ?? exchange.server.site
}

/** What the buttons of the server's own pages say. */
const ACTIONS: ReadonlySet<string> = new Set(['sign-in', 'continue', 'switch', 'consent', 'deny'])
const ACTION_FOR: Readonly<Record<InteractionReason, string>> = {
  'sign-in': 'sign-in',
  'select-account': 'continue',
  consent: 'consent',
}

/** @returns what the person did: what the button says, or, on a page of the site's own, what the page was there for */
function actionOf({ form, answered }: Interaction): string | undefined {
  const action = form?.get('action') ?? ''
  if (ACTIONS.has(action)) return action
  return answered && ACTION_FOR[answered]
}

/** Whoever sent a form of this interaction has chosen an account, unless all that was asked was their consent. */
function advance({ startedAt, hasChosen }: FormProgress, interaction: Interaction): FormProgress {
  return { startedAt, hasChosen: hasChosen || actionOf(interaction) !== 'consent' }
}

const ERROR_OF: Readonly<Record<InteractionReason, string>> = {
  'sign-in': 'login_required',
  'select-account': 'account_selection_required',
  consent: 'consent_required',
}

async function ask(
  { exchange, request, interaction, progress }: Asking,
  reason: InteractionReason,
  message?: string,
): Promise<Response> {
  const { server } = exchange
  if (request.prompt.includes('none')) {
    throw new OAuthError(ERROR_OF[reason], '"prompt" is "none", but the person would have to be asked')
  }
  const formToken = await createFormToken(exchange, { ...progress, asked: reason })
  const page = await siteOf({ exchange, request }).renderAuthorizationPage({
    ...interaction,
    reason,
    formToken,
    action: formAction(exchange),
    message,
    detailsTexts: describeDetails(interaction.authorizationDetails, server),
  })
  return sendPage(page, server, { formTarget: request.redirectUri })
}

function describe(
  { request, env }: Exchange,
  { params, client, scope, redirectUri, claims, authorizationDetails = [], userCode }: InteractionRequest,
  session: StoredSession | undefined,
): Omit<Interaction, 'form' | 'answered'> {
  return {
    request,
    env,
    client,
    scope,
    redirectUri,
    claims,
    authorizationDetails,
    session,
    params: new URLSearchParams(params.search),
    userCode,
    loginHint: params.get('login_hint'),
    uiLocales: words(params.get('ui_locales')),
    acrValues: words(params.get('acr_values')),
  }
}
