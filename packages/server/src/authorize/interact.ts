import { OAuthError } from '../http/oauth-error.js'
import type { RequestContext } from '../http/request-context.js'
import { readSession, startSession, type StoredSession } from '../site/browser-session.js'
import { markFormUsed } from '../site/form-token.js'
import type { AuthenticatedUser } from '../site/site-adapter.js'
import {
  actionOf,
  createInteractionContext,
  siteName,
  siteOf,
  type InteractionContext,
  type InteractionRequest,
} from './interaction-context.js'
import { agreedParts } from './agreed-parts.js'
import { authenticateUser, typedUser } from './authenticate-user.js'
import { nextPage, type NeededPage } from './next-page.js'
import { renderInteraction } from './render-interaction.js'
import { typedSecrets } from './typed-secrets.js'

/** A request that a user has agreed to, as far as consent was needed: it may have less than the client requested. */
export interface AgreedRequest<Request extends InteractionRequest> {
  readonly session: StoredSession
  readonly request: Request
}

/** What the browser sends beside the authorization request. */
export interface SentByBrowser {
  readonly form: URLSearchParams | undefined
  /** The session of its cookie, if it is being read already. */
  readonly session?: Promise<StoredSession | undefined> | undefined
}

/**
 * Lets the user sign in, choose an account and consent, as far as the request needs it.
 *
 * @returns the session of the user with what the user agreed to, or the page to show next
 * @throws OAuthError `access_denied`, or, with `prompt=none`, the error that names the page it would need
 */
export async function interact<Request extends InteractionRequest>(
  context: RequestContext,
  request: Request,
  { form, session: reading = readSession(context) }: SentByBrowser,
): Promise<AgreedRequest<Request> | Response> {
  const browserSession = await reading
  // A session of one site is no sign-in to another, which may ask for more.
  const site = siteName({ context, request })
  const former = browserSession?.site === site ? browserSession : undefined
  const step = await createInteractionContext(context, request, { form, session: former, browserSession })
  if (step.staleForm) return renderInteraction(step, pageAfterStale(step.staleForm, former))
  await throwIfDenied(step)
  const user = await authenticateUser(step)
  if (user instanceof Response) return user
  if (!user) return renderSignIn(step)
  const session = isContinued(step, user, former) ? former : await startSession(context, user, { former: browserSession, site })
  const { form: sent, answered } = step.interaction
  if (session !== former && sent && answered === 'sign-in') await markFormUsed(context, sent)
  const signedIn = { ...step, browserSession: session, interaction: { ...step.interaction, session } }
  return agreeOrRender(signedIn, { request, session, isNew: session !== former })
}

interface SignedIn<Request> {
  readonly request: Request
  readonly session: StoredSession
  /** Whether the session has just started. */
  readonly isNew: boolean
}

/** Returns what the signed-in user has agreed to, or the page that the user must see first. */
async function agreeOrRender<Request extends InteractionRequest>(
  step: InteractionContext,
  { request, session, isNew }: SignedIn<Request>,
): Promise<AgreedRequest<Request> | Response> {
  const agree = (): ReturnType<typeof agreedParts> => agreedParts(step, session, { isNew })
  const isUnknown = await isUnknownClient(request, agree)
  const page = isUnknown ? undefined : nextPage(step, session, { isNew })
  if (page) return renderInteraction(step, page)
  const agreed = await agree()
  if (!agreed) return renderInteraction(step, { reason: 'consent' })
  const { scope, claims, resources, authorizationDetails } = agreed
  return { session, request: { ...request, scope, claims, resources, authorizationDetails } }
}

/** A client without consent must not learn by a silent request who is signed in, or since when: the other pages depend on that. */
async function isUnknownClient({ prompt }: InteractionRequest, agree: () => ReturnType<typeof agreedParts>): Promise<boolean> {
  return prompt.includes('none') && !(await agree())
}

const TOO_LATE = 'This page was open for too long, or cookies are disabled. Please try again.'
const OTHER_SESSION = 'A user signed in in another tab after this page was opened. What was sent from here was not used.'

/** A user who has signed in in another tab goes on with one click: a form that this session did not see decides nothing. */
function pageAfterStale(cause: 'expired' | 'other-session', session: StoredSession | undefined): NeededPage {
  if (cause === 'expired') return { reason: 'sign-in', message: TOO_LATE }
  return { reason: session ? 'select-account' : 'sign-in', message: OTHER_SESSION }
}

async function throwIfDenied(step: InteractionContext): Promise<void> {
  const { interaction } = step
  if (interaction.form && (await siteOf(step).userDeniedAccess(interaction)))
    throw new OAuthError('access_denied', 'the user denied the request')
}

/** No user is signed in. After the sign-in form, that means that the sign-in failed. */
async function renderSignIn(step: InteractionContext): Promise<Response> {
  const { context, interaction } = step
  if (!typedSecrets(interaction)) return renderInteraction(step, { reason: 'sign-in' })
  context.server.emit({ type: 'sign_in.failed', ...(await typedUser(step)) })
  return renderInteraction(step, { reason: 'sign-in', message: 'That did not work. Check what you typed.' })
}

/**
 * Tells whether the session goes on: the user is the same and did not sign in again. A later `authTime` than the session's means that
 * the site signed the user in again, elsewhere.
 */
function isContinued(
  { interaction }: InteractionContext,
  { userId, authTime = 0 }: AuthenticatedUser,
  former: StoredSession | undefined,
): former is StoredSession {
  return former?.userId === userId && authTime <= former.authTime && actionOf(interaction) !== 'sign-in'
}
