import { OAuthClientError } from '../errors/errors.js'
import type { Session, SessionMoment } from '../session/session.js'
import type { AuthorizationFlow, FlowResult } from './authorization-flow.js'
import type { RedirectGuard } from './redirect-guard.js'
import { readResponse } from './response-url.js'
import { showReturnTo } from './return-to.js'
import type { LoginResult, SignInConfig } from './sign-in-options.js'
import { allowSilentSignIn, isSilentSignInBlocked } from './silent-sign-in-block.js'
import type { TransportLoaders } from './transports/select-transport.js'

/** What the steps of a sign-in need in the page. */
export interface SignInContext {
  readonly config: SignInConfig
  readonly session: Pick<Session, 'state' | 'dispatch' | 'adopt'>
  readonly flow: AuthorizationFlow
  readonly redirects: RedirectGuard
  readonly loadTransport: TransportLoaders
}

/**
 * Completes a callback URL.
 *
 * @returns undefined for a response that does not sign the user in
 */
export async function completeSignIn(
  { config, flow, redirects }: SignInContext,
  url: URL,
  startedAt?: SessionMoment,
): Promise<LoginResult | undefined> {
  const result = await flow.redeemResponse(url.href, startedAt)
  if (!result) return undefined
  redirects.reset()
  if (isSignedIn(result)) {
    allowSilentSignIn(config.tab)
    return result
  }
  const page = config.environment.window
  if (page && result.returnTo !== undefined) showReturnTo(page, result.returnTo)
  return undefined
}

function isSignedIn(result: FlowResult): result is LoginResult {
  return result.tokenSet !== undefined
}

/** Completes the response in the page's own URL, of a sign-in or of the end session endpoint. */
export async function completePage(context: SignInContext, url: URL): Promise<LoginResult | undefined> {
  const page = context.config.environment.window
  context.redirects.stopWaiting()
  const result = await completeSignIn(context, url).catch((cause: unknown) => ignoreLoginRequired(context, cause))
  if (result && page) showReturnTo(page, result.returnTo)
  return result
}

/** A silent sign-in that ends in `login_required` is not an error: the user never requested it. */
function ignoreLoginRequired({ config, session }: SignInContext, cause: unknown): undefined {
  const isInteractionRequired = cause instanceof OAuthClientError && cause.code === 'interaction_required'
  if (!isInteractionRequired || !isSilentSignInBlocked(config.tab, 'redirect')) throw cause
  session.dispatch({ type: 'login_abandoned' })
  return undefined
}

/**
 * Completes a URL that the app passed in and that does not look like this client's. A request with a custom `state` may wait for it. If
 * none does, nothing changes and the URL is reported, but it is not an error.
 */
export async function completeForeign(context: SignInContext, url: URL): Promise<LoginResult | undefined> {
  if (!readResponse(url)?.isAuthorizationResponse) return undefined
  return completeSignIn(context, url).catch((cause: unknown) => {
    if (cause instanceof OAuthClientError && cause.code === 'mismatching_state') return undefined
    throw cause
  })
}
