import { OAuthError } from '../http/oauth-error.js'
import type { StoredSession } from '../site/browser-session.js'
import type { InteractionReason } from '../site/site-adapter.js'
import { actionOf, type InteractionContext, type InteractionRequest } from './interaction-context.js'
import { requestedSubjects } from './rules/check-claims.js'

/** Seconds by which the clocks of several processes may differ. If the clock was set back by more, the age of a sign-in is unknown. */
const CLOCK_TOLERANCE = 60

/** A page that the user must see before the request can be granted. */
export interface NeededPage {
  readonly reason: InteractionReason
  /** What went wrong with the last form, for the user to read. */
  readonly message?: string | undefined
  /** The HTTP status, if it is not that of the page. */
  readonly status?: number | undefined
}

/**
 * Returns the next page, before consent, that the request needs of a user who is signed in; undefined if it needs none.
 *
 * @throws OAuthError `unmet_authentication_requirements`
 */
export function nextPage(
  step: InteractionContext,
  session: StoredSession,
  { isNew }: { readonly isNew: boolean },
): NeededPage | undefined {
  const { request, progress } = step
  if (isOtherUser(request, session))
    return { reason: 'sign-in', message: isNew ? 'The application requests another account.' : undefined }
  if (needsSignIn(step, session)) return { reason: 'sign-in' }
  if (!meetsEssentialAcr(step, session)) return { reason: 'sign-in', message: 'The application requests a stronger sign-in.' }
  if (request.prompt.includes('select_account') && !progress.hasChosen) return { reason: 'select-account' }
  return undefined
}

/** @see OpenID Connect Core 1.0, sections 3.1.2.1 and 3.1.2.2: `id_token_hint`, and a `sub` in `claims` */
function isOtherUser({ hintedSubject, claims }: InteractionRequest, { userId }: StoredSession): boolean {
  const requested = requestedSubjects(claims)
  if (requested.length > 0 && !requested.includes(userId)) return true
  return hintedSubject !== undefined && hintedSubject !== userId
}

/** @see OpenID Connect Core 1.0, section 3.1.2.1: `prompt`, `max_age` */
function needsSignIn({ request, progress, context }: InteractionContext, session: StoredSession): boolean {
  const age = Math.floor(context.server.now() / 1000) - session.authTime
  const isKnownAge = age >= -CLOCK_TOLERANCE
  const isFresh = progress.hasChosen && isKnownAge && session.authTime >= Math.floor(progress.startedAt / 1000)
  if (isFresh) return false
  // Times are whole seconds: an age of 0 may be one of 0.9, so 0 means the same as `prompt=login`.
  const isTooOld = request.maxAge !== undefined && (request.maxAge === 0 || age > request.maxAge || !isKnownAge)
  return isTooOld || request.prompt.includes('login')
}

/** If a fresh sign-in does not reach an essential `acr`, this site cannot. @see OpenID Connect Core 1.0, section 5.5.1.1 */
function meetsEssentialAcr({ request, interaction }: InteractionContext, { acr }: StoredSession): boolean {
  const { essentialAcr } = request
  if (essentialAcr.length === 0 || (acr !== undefined && essentialAcr.includes(acr))) return true
  if (actionOf(interaction) !== 'sign-in') return false
  throw new OAuthError('unmet_authentication_requirements', 'the sign-in did not reach the requested "acr"')
}
