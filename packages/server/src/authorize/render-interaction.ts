import { OAuthError } from '../http/oauth-error.js'
import { sendPage } from '../http/send-page.js'
import { createFormToken, formAction } from '../site/form-token.js'
import { OUT_OF_BAND_URI } from '../site/out-of-band.js'
import type { InteractionReason } from '../site/site-adapter.js'
import { digestOfConsent, siteOf, type InteractionContext } from './interaction-context.js'
import type { NeededPage } from './next-page.js'

/** @see OpenID Connect Core 1.0, section 3.1.2.6 */
const ERRORS: Readonly<Record<InteractionReason, string>> = {
  'sign-in': 'login_required',
  'select-account': 'account_selection_required',
  consent: 'consent_required',
}

/** Renders a page of the site. Throws OAuthError if the request has `prompt=none`. */
export async function renderInteraction(step: InteractionContext, { reason, message, status }: NeededPage): Promise<Response> {
  const { context, request, interaction, browserSession, progress } = step
  const { server } = context
  if (request.prompt.includes('none'))
    throw new OAuthError(ERRORS[reason], '"prompt" is "none", but the user would have to see a page')
  const shown = reason === 'consent' ? await digestOfConsent(interaction) : undefined
  const formToken = await createFormToken(context, { ...progress, page: reason, shown }, browserSession)
  const page = await siteOf(step).renderAuthorizationPage({
    ...interaction,
    reason,
    formToken,
    action: formAction(context),
    message,
    detailsTexts: server.authorizationDetails.describe(interaction.authorizationDetails),
  })
  await request.onPage?.({ isSignedIn: browserSession !== undefined })
  return sendPage(status === undefined || page instanceof Response ? page : { ...page, status }, server, {
    formTarget: request.redirectUri === OUT_OF_BAND_URI ? undefined : request.redirectUri,
  })
}
