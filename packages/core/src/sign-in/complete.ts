import { createError } from '../errors/create-error.js'
import { OAuthClientError, type ValidationError } from '../errors/errors.js'
import { isAtRedirectUri } from '../protocol/is-at-redirect-uri.js'
import type { Session, SessionMoment } from '../session/session.js'
import type { AuthorizationFlow, FlowResult } from './authorization-flow.js'
import { isOwnCallback } from './own-callback.js'
import type { RedirectGuard } from './redirect-guard.js'
import { parseState, readResponse } from './response-url.js'
import { showReturnTo } from './return-to.js'
import type { LoginResult, SignInConfig } from './sign-in-options.js'
import { isSilentSignInBlocked } from './silent-sign-in-block.js'
import type { LoadTransports } from './transports/select-transport.js'

/** What the steps of a sign-in need in the page. */
export interface SignInContext {
  readonly config: SignInConfig
  readonly session: Pick<Session, 'state' | 'dispatch' | 'adopt' | 'subscribe'>
  readonly flow: AuthorizationFlow
  readonly redirects: RedirectGuard
  readonly loadTransports: LoadTransports
}

/**
 * Completes a callback URL.
 *
 * @param isStrict see `AuthorizationFlow.redeemResponse`
 * @returns undefined for a response that does not sign the user in
 */
export async function completeSignIn(
  { config, flow, redirects }: SignInContext,
  url: URL,
  startedAt?: SessionMoment,
  isStrict?: boolean,
): Promise<LoginResult | undefined> {
  const result = await flow.redeemResponse(url.href, startedAt, isStrict).catch((cause: Partial<OAuthClientError>) => {
    if (isCancelled(cause)) redirects.noteCancelled(false)
    throw cause
  })
  if (!result) return undefined
  redirects.reset()
  if (isSignedIn(result)) return result
  const page = config.environment.window
  if (page && result.returnTo !== undefined) showReturnTo(page, result.returnTo)
  return undefined
}

/** Whether the user left the server without signing in. Apple and LinkedIn have errors of their own for that. */
function isCancelled({ code, error = '' }: Partial<OAuthClientError>): boolean {
  return code === 'interaction_required' || /^(?:access_denied$|user_cancelled_)/.test(error)
}

function isSignedIn(result: FlowResult): result is LoginResult {
  return result.tokenSet !== undefined
}

/**
 * Completes the response in the page's own URL, of a sign-in or of the end session endpoint. The page on which the sign-in started is
 * shown after a failure, too, where the app shows the error.
 */
export async function completePage(context: SignInContext, url: URL): Promise<LoginResult | undefined> {
  const { config, redirects } = context
  const page = config.environment.window
  redirects.stopWaiting()
  try {
    const result = await completeSignIn(context, url)
    if (result && page) showReturnTo(page, result.returnTo)
    return result
  } catch (cause) {
    const { returnTo } = cause as Partial<OAuthClientError>
    if (returnTo !== undefined && page) showReturnTo(page, returnTo)
    return ignoreLoginRequired(context, cause)
  }
}

/** A silent sign-in that ends in `login_required` is not an error: the user never requested it. */
function ignoreLoginRequired({ config, session }: SignInContext, cause: unknown): undefined {
  const isInteractionRequired = cause instanceof OAuthClientError && cause.code === 'interaction_required'
  if (!isInteractionRequired || !isSilentSignInBlocked(config.tab, 'redirect', false)) throw cause
  session.dispatch({ type: 'login_abandoned' })
  return undefined
}

/** Completes a URL that the app passed in. */
export async function completeCallback(context: SignInContext, address: string | URL): Promise<LoginResult | undefined> {
  const { config } = context
  const url = callbackUrl(config, address)
  if (isOwnCallback(config, url)) return completeSignIn(context, url)
  return readResponse(url)?.isAuthorizationResponse ? completeForeign(context, url) : undefined
}

/**
 * Resolves a relative address against the page, or without one against the redirect URI.
 *
 * @throws ConfigurationError configuration for an address that cannot be parsed; ValidationError missing_code for one with our `state`
 *   that is no response
 */
export function callbackUrl({ environment, redirectUri, key }: SignInConfig, address: string | URL): URL {
  const base = environment.window?.location.href ?? redirectUri
  if (!URL.canParse(address, base)) throw createError('configuration', ['callbackUrl'])

  const url = new URL(address, base)
  const response = readResponse(url)
  const state = parseState(response?.state)
  // The redirect after a sign-out has nothing but a `state`.
  if (state?.clientKey === key && state.kind !== 'o' && !response?.isAuthorizationResponse) throw notAResponse(url)
  return url
}

/** Our own request is shown by the app itself: a service worker (or a dev server) responded to the navigation with the app's page. */
function notAResponse({ origin, pathname }: URL): ValidationError {
  return createError('missing_code', ['ownRequest', origin + pathname])
}

/**
 * Completes a URL that does not look like this client's. A request with a custom `state` may wait for it. If none does, nothing changes
 * and the URL is reported, but it is not an error: unless the app itself received it at the redirect URI, and it has an `error` without
 * `state`. Links may lead a browser to the redirect URI, so the page's own address is no such case.
 */
async function completeForeign(context: SignInContext, url: URL): Promise<LoginResult | undefined> {
  const { environment, redirectUri = '' } = context.config
  const isReceived = url.href !== environment.window?.location.href && isAtRedirectUri(url, redirectUri)
  return completeSignIn(context, url).catch((cause: unknown) => {
    if (cause instanceof OAuthClientError && cause.code === 'mismatching_state' && !(isReceived && cause.error)) return undefined
    throw cause
  })
}
