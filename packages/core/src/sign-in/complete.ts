import { createError } from '../errors/create-error.js'
import { refuseAborted, unlessAborted } from '../platform/abort.js'
import type { AuthorizationFlow, FlowResult } from './authorization-flow.js'
import type { ClientConfig } from '../client/resolve-options.js'
import { type ConfigurationError, OAuthClientError } from '../errors/errors.js'
import type { LoginOptions, LoginResult } from './sign-in-options.js'
import { pageStorage } from '../storage/tab-storage.js'
import { createRedirectMemory, type RedirectMemory } from './redirect-guard.js'
import { readResponse } from './response-url.js'
import { checkReturnTo } from './return-to.js'
import { endSilence, isSilenced } from './silence.js'
import { showReturnTo } from './show-return-to.js'
import type { Session } from '../session/session.js'
import type { SessionMoment } from '../session/session.js'
import type { BegunTrip } from './start.js'

/** What the steps of a sign-in need in the page. */
export interface SignInContext {
  readonly config: ClientConfig
  readonly session: Pick<Session, 'state' | 'dispatch' | 'adopt'>
  readonly flow: AuthorizationFlow
}

export interface SignInRequest {
  readonly options: LoginOptions
  readonly returnTo: string | undefined
  readonly isSilent?: boolean
}

/**
 * Builds the authorization request, navigates, and completes the response.
 *
 * @returns undefined if a redirect came back to the same page without leaving it, or a sign-out came before the response
 */
export async function startSignIn(
  context: SignInContext,
  { transport, trip }: BegunTrip,
  { options, returnTo, isSilent = false }: SignInRequest,
): Promise<LoginResult | undefined> {
  const { config, flow } = context
  const { transport: _transport, fallback: _fallback, returnTo: _returnTo, signal, ...rest } = options
  const { redirectUri = config.redirectUri, ...parameters } = rest
  if (returnTo !== undefined) checkReturnTo(returnTo, config.environment.window?.location.origin)
  if (!redirectUri) throw missingRedirectUri()
  const input = { parameters, returnTo, redirectUri, transport: transport.name, isSilent }
  const { url, state, startedAt } = await flow.createRequest(input, signal)
  refuseAborted(signal)
  if (transport.name === 'redirect') redirectsOf(config).leave(state)
  const navigation = trip.navigate({ url: new URL(url), state, redirectUri, signal })
  const callbackUrl = await (signal ? unlessAborted(navigation, signal) : navigation)
  if (callbackUrl) return completeSignIn(context, callbackUrl, startedAt)
  // The back/forward cache restored this page: it waits for no response.
  redirectsOf(config).back()
  return undefined
}

/** @returns the session; undefined for a response that signs nobody in */
export async function completeSignIn(
  { config, flow }: SignInContext,
  url: URL,
  startedAt?: SessionMoment,
): Promise<LoginResult | undefined> {
  const result = await flow.redeemResponse(url.href, startedAt)
  if (!result) return undefined
  redirectsOf(config).reset()
  if (isSignedIn(result)) {
    endSilence(config)
    return result
  }
  const page = config.environment.window
  if (page && result.returnTo !== undefined) showReturnTo(page, result.returnTo)
  return undefined
}

function isSignedIn(result: FlowResult): result is LoginResult {
  return result.tokenSet !== undefined
}

/** Completes the response in the page's own URL: of a sign-in, or of a sign-out. */
export async function completePage(context: SignInContext, url: URL): Promise<LoginResult | undefined> {
  const page = context.config.environment.window
  redirectsOf(context.config).back()
  const result = await completeSignIn(context, url).catch((cause: unknown) => ignoreLoginRequired(context, cause))
  if (result && page) showReturnTo(page, result.returnTo)
  return result
}

/**
 * Completes a URL from the app that does not look like this client's. A request with the app's own `state` may wait for it; any other
 * response changes nothing and is reported without an error.
 */
export async function completeForeign(context: SignInContext, url: URL): Promise<LoginResult | undefined> {
  if (!readResponse(url)?.isAuthorizationResponse) return undefined
  return completeSignIn(context, url).catch((cause: unknown) => {
    if (cause instanceof OAuthClientError && cause.code === 'mismatching_state') return undefined
    throw cause
  })
}

/** A silent sign-in that finds no session is not an error. */
function ignoreLoginRequired({ config, session }: SignInContext, cause: unknown): undefined {
  const isLoginRequired = cause instanceof OAuthClientError && cause.code === 'interaction_required'
  if (!isLoginRequired || !isSilenced(config, 'redirect')) throw cause
  session.dispatch({ type: 'login_abandoned' })
  return undefined
}

export function redirectsOf({ environment, key }: ClientConfig): RedirectMemory {
  return createRedirectMemory(pageStorage(environment.window), key, environment.now)
}

function missingRedirectUri(): ConfigurationError {
  return createError('configuration', 'there is no page here to come back to: "redirectUri" is missing, or a path', {
    hint: 'Pass an absolute redirectUri in the options of the client or of login().',
    spec: 'RFC 6749, section 3.1.2',
  })
}
