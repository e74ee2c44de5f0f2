import { OAuthError } from '../http/oauth-error.js'
import { readParameters } from '../http/parameters.js'
import { hasConsented, rememberConsent, type Consent } from '../site/remembered-consent.js'
import type { ConsentParts, GivenConsent } from '../site/consent-parts.js'
import type { BrowserSession } from '../site/site-adapter.js'
import { words } from '../token/scope.js'
import { filterClaims, type ClaimsMember } from '../token/individual-claims.js'
import { registeredRedirectUri } from './find-redirect-uri.js'
import { needsClick } from './needs-click.js'
import { actionOf, siteOf, type InteractionContext, type InteractionRequest } from './interaction-context.js'

/** The part of a request that the user decides about. */
export type AgreedParts = Pick<InteractionRequest, 'scope' | 'claims' | 'resources' | 'authorizationDetails'>

/**
 * Returns what may be granted: all of the request, or what the user has agreed to on the consent page. Undefined if that page is needed.
 *
 * @param isNew whether the session has just started: only the user who saw the page has consented
 * @throws OAuthError `access_denied` if nothing is left
 */
export async function agreedParts(
  step: InteractionContext,
  session: BrowserSession,
  { isNew }: { readonly isNew: boolean },
): Promise<AgreedParts | undefined> {
  const { context, request, interaction, progress } = step
  if (actionOf(interaction) === 'consent' && !isNew) return readConsent(step, session)
  // The button of a sign-in or of an account page is a click as well.
  if (needsClick(request, context.server) && !progress.hasChosen) return undefined
  const isNeeded = isAlwaysNeeded(request)
  if (!isNeeded && !request.client.requireConsent) return request
  const isKnown = !isNeeded && (await hasConsented(context.server, consentTo(step, session, interaction)))
  return isKnown ? request : undefined
}

/** Details need consent each time: the payment that was approved yesterday is not this one (RFC 9396, section 12). */
function isAlwaysNeeded({ prompt, authorizationDetails }: InteractionRequest): boolean {
  return prompt.includes('consent') || authorizationDetails !== undefined
}

function consentTo({ request }: InteractionContext, { userId }: BrowserSession, parts: ConsentParts): Consent {
  const { client, redirectUri, params } = request
  // An ID token has claims, which consent to a code lets the client read by itself.
  const isTokenInUrl = words(params.get('response_type')).some((type) => type !== 'code' && type !== 'none')
  return { userId, client, redirectUri: registeredRedirectUri(redirectUri, client) ?? redirectUri, parts, isTokenInUrl }
}

async function readConsent(step: InteractionContext, session: BrowserSession): Promise<AgreedParts> {
  const { context, request, interaction } = step
  const given = (await siteOf(step).readConsent(interaction)) ?? {}
  const parts = { ...interaction, ...given }
  // A device shows a code that the user has to compare each time.
  if (request.userCode === undefined && !request.isNeverRemembered)
    await rememberConsent(context.server, consentTo(step, session, parts))
  return Object.keys(given).length === 0 ? request : narrowed(step, given)
}

async function narrowed(step: InteractionContext, given: GivenConsent): Promise<AgreedParts> {
  const { request, interaction } = step
  const { scope = request.scope, resources = request.resources, individualClaims } = given
  const { idToken, userInfo } = { ...interaction.individualClaims, ...individualClaims }
  // Claims of scope names that the user did not agree to are removed as well.
  const isAgreed = (name: string, member: ClaimsMember): boolean => (member === 'id_token' ? idToken : userInfo).includes(name)
  const authorizationDetails = await narrowedDetails(step, given)
  const hadAny = request.scope.length > 0 || request.authorizationDetails !== undefined
  if (hadAny && scope.length === 0 && authorizationDetails === undefined)
    throw new OAuthError('access_denied', 'the user agreed to nothing of the request')
  return { scope, resources, claims: request.claims && filterClaims(request.claims, isAgreed), authorizationDetails }
}

/** The type of each of the details decides whether it is no more than the page showed. */
async function narrowedDetails(
  { context: { server }, request }: InteractionContext,
  { authorizationDetails: given }: GivenConsent,
): Promise<AgreedParts['authorizationDetails']> {
  const { authorizationDetails: shown, client } = request
  if (given === undefined || shown === undefined) return shown
  if (given.length === 0) return undefined
  const params = readParameters(new URLSearchParams({ authorization_details: JSON.stringify(given) }))
  return (await server.authorizationDetails.narrowed(params, shown, client)).authorizationDetails
}
