import type { RequestContext } from '../http/request-context.js'
import type { BrowserSession, Interaction, InteractionReason } from '../site/site-adapter.js'
import type { CompleteSite } from '../site/complete-site.js'
import { isFormOf, isFormUsed, readFormToken, type FormProgress, type SentForm } from '../site/form-token.js'
import { digest } from '../storage/digest.js'
import { individualClaims } from '../token/individual-claims.js'
import { words } from '../token/scope.js'
import type { AuthorizationRequest } from './authorization-request.js'

/** What of an authorization request decides which pages the user sees. */
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
  | 'resources'
  | 'authorizationDetails'
> & {
  /** The code that the requesting device shows; absent if the client runs in this browser. */
  readonly userCode?: string | undefined
  /** Consent to a client of another protocol does not apply to an OAuth 2 client with the same id. */
  readonly isNeverRemembered?: boolean | undefined
  /** Called when a page has been rendered, which the user will need time for. */
  readonly onPage?: ((shown: { readonly isSignedIn: boolean }) => Promise<void>) | undefined
}

/** One step of an interaction: a request to show a page, or a form that a page sent. */
export interface InteractionContext {
  readonly context: RequestContext
  readonly request: InteractionRequest
  /** What the site adapter gets. Its form has a valid token. */
  readonly interaction: Interaction
  /** The session of the browser, also if it is one of another site, to which the user is not signed in. */
  readonly browserSession: BrowserSession | undefined
  readonly progress: Omit<FormProgress, 'page'>
  /** Why the form was refused: its token is too old or another browser's, or the browser has another session now. */
  readonly staleForm?: 'expired' | 'other-session' | undefined
}

/** The form that was sent, and the sessions that it may be about. */
interface StepInput extends Pick<InteractionContext, 'browserSession'> {
  readonly form: URLSearchParams | undefined
  /** The session of the browser, if it is one of this request's site. */
  readonly session: BrowserSession | undefined
}

/** Reads the form of this step, if there is one, and the progress that its token contains. */
export async function createInteractionContext(
  context: RequestContext,
  request: InteractionRequest,
  { form: given, session, browserSession }: StepInput,
): Promise<InteractionContext> {
  const described = describe(context, request, session)
  const { form, sent } = await readForm(context, given, browserSession)
  const answered = form && sent && (await decidedPage(sent, form, { interaction: described, browserSession }))
  const progress = answered && sent
  const interaction: Interaction = {
    form: answered && form,
    answered,
    ...described,
  }
  return {
    context,
    request,
    interaction,
    browserSession,
    progress: progress ? advance(progress, interaction) : { startedAt: context.server.now(), hasChosen: false },
    // A form of another session or page is ignored: the page that is needed now is shown instead.
    staleForm: form && staleness(sent, browserSession),
  }
}

interface ReadForm {
  readonly form?: URLSearchParams
  readonly sent?: SentForm | undefined
}

/** A form that has signed a user in is treated as none: the page that is needed now is shown. */
async function readForm(
  context: RequestContext,
  form: URLSearchParams | undefined,
  session: BrowserSession | undefined,
): Promise<ReadForm> {
  if (!form) return {}
  const sent = await readFormToken(context, form)
  return sent?.page === 'sign-in' && (await isFormUsed(context, form, session)) ? {} : { form, sent }
}

/** What the buttons of each page do. */
const ACTIONS_OF: Readonly<Record<InteractionReason, readonly string[]>> = {
  'sign-in': ['sign-in', 'deny'],
  'select-account': ['continue', 'switch', 'deny'],
  consent: ['consent', 'deny'],
}

/** An interaction before its form is read. */
type DescribedRequest = Omit<Interaction, 'form' | 'answered'>

/** Returns the digest of what a consent page asks the user to agree to, and of the client that the user sees. */
export function digestOfConsent(interaction: DescribedRequest): Promise<string> {
  const { client, redirectUri, scope, individualClaims: claims, resources, authorizationDetails } = interaction
  return digest(JSON.stringify([client.clientName, redirectUri, scope, claims, resources, authorizationDetails]))
}

/** The client or its registration may change while the consent page is open. A denial decides in any case. */
async function decidedPage(
  sent: SentForm,
  form: URLSearchParams,
  { interaction, browserSession }: Pick<InteractionContext, 'browserSession'> & { readonly interaction: DescribedRequest },
): Promise<InteractionReason | undefined> {
  const page = answeredPage(sent, form, browserSession)
  if (page !== 'consent' || form.get('action') === 'deny') return page
  return sent.shown === (await digestOfConsent(interaction)) ? page : undefined
}

/**
 * Returns the page that a form answers. Undefined for a form that must not decide anything: its page was shown to another session, or
 * has no such button.
 */
function answeredPage(sent: SentForm, form: URLSearchParams, session: BrowserSession | undefined): InteractionReason | undefined {
  const { page } = sent
  if (page === 'device-code' || page === 'sign-out') return undefined
  const action = form.get('action') ?? ''
  // The approval page offers another account, as the page that selects one does.
  if (page === 'approval') return action === 'switch' && isFormOf(sent, page, session) ? 'select-account' : undefined
  if (ACTIONS.has(action) && !ACTIONS_OF[page].includes(action)) return undefined
  return isFormOf(sent, page, session) || (page === 'sign-in' && !session) ? page : undefined
}

/** What was typed must neither replace the session of a user who did not see the page, nor be ignored without a word. */
function staleness(sent: SentForm | undefined, session: BrowserSession | undefined): InteractionContext['staleForm'] {
  if (!sent) return 'expired'
  return sent.page === 'sign-in' && session && sent.sid !== session.sid ? 'other-session' : undefined
}

function describe(
  { request, env, server }: RequestContext,
  { params, client, scope, redirectUri, claims, resources = [], authorizationDetails = [], userCode }: InteractionRequest,
  session: BrowserSession | undefined,
): DescribedRequest {
  return {
    request,
    env,
    client,
    scope,
    redirectUri,
    claims,
    individualClaims: individualClaims(claims, scope, server),
    resources,
    authorizationDetails,
    session,
    params: new URLSearchParams(params.search),
    userCode,
    loginHint: params.get('login_hint'),
    uiLocales: words(params.get('ui_locales')),
    acrValues: words(params.get('acr_values')),
  }
}

/** Every form chooses an account, except one that only gives consent. */
function advance({ startedAt, hasChosen }: FormProgress, interaction: Interaction): InteractionContext['progress'] {
  return { startedAt, hasChosen: hasChosen || actionOf(interaction) !== 'consent' }
}

/** The actions of the buttons on the server's own pages. */
const ACTIONS: ReadonlySet<string> = new Set(['sign-in', 'continue', 'switch', 'consent', 'deny'])
const DEFAULT_ACTION: Readonly<Record<InteractionReason, string>> = {
  'sign-in': 'sign-in',
  'select-account': 'continue',
  consent: 'consent',
}

/** Returns what the user did: the button's action or, on a page of a custom site, the action that the page requests. */
export function actionOf({ form, answered }: Interaction): string | undefined {
  const action = form?.get('action') ?? ''
  if (ACTIONS.has(action)) return action
  return answered && DEFAULT_ACTION[answered]
}

/** Returns the site that shows the pages: the grant's, or the server's. */
export function siteOf({ context, request }: Pick<InteractionContext, 'context' | 'request'>): CompleteSite {
  return request.grant?.site ?? context.server.site
}

/**
 * Names the site that shows the pages, for the sessions that it starts: by the first grant that has it, which is the same in every
 * process. Undefined for the server's site.
 */
export function siteName(step: Pick<InteractionContext, 'context' | 'request'>): string | undefined {
  const { server } = step.context
  const site = siteOf(step)
  if (site === server.site) return undefined
  const owner = server.grants.find((grant) => grant.site === site) ?? step.request.grant
  return owner?.grantType ?? owner?.responseTypes?.join(',')
}
