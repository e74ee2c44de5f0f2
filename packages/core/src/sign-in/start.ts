import { createError } from '../errors/create-error.js'
import { refuseAborted, unlessAborted } from '../platform/abort.js'
import type { Environment } from '../platform/environment.js'
import { completeSignIn, type SignInContext } from './complete.js'
import { isFramed } from './is-framed.js'
import type { RedirectCause } from './redirect-guard.js'
import { checkReturnTo } from './return-to.js'
import { shareWork, workOfOther } from './share-work.js'
import type { LoginOptions, LoginResult } from './sign-in-options.js'
import { refuseNested } from './transports/refuse-nested.js'
import type { PreparedNavigation } from './transports/select-transport.js'
import { hasRecentInput } from './user-input.js'

/** One sign-in, as the client starts it. */
export interface SignInRequest {
  readonly options: LoginOptions
  readonly returnTo: string | undefined
  /** Without user interaction. Default false. */
  readonly isSilent?: boolean | undefined
  /** What the page handled when the sign-in was requested. */
  readonly event?: Event | undefined
}

/**
 * Signs in with a prepared navigation: creates the authorization request, navigates, and completes the response. If another client of
 * this page and configuration already leaves the page for a sign-in, that one is for both.
 *
 * @returns undefined if the page was restored from the back/forward cache, or if the user signed out before the response
 */
export function startSignIn(
  context: SignInContext,
  prepared: PreparedNavigation,
  request: SignInRequest,
): Promise<LoginResult | undefined> {
  const { config, session } = context
  const page = config.environment.window
  const isOwnTransport = typeof (request.options.transport ?? config.options.transport) === 'object'
  if (!page || isOwnTransport || prepared.transport.name !== 'redirect') return navigate(context, prepared, request)
  const name = `${config.key}/redirect`
  const pending = workOfOther(page, name, session)
  if (pending) return pending.then(() => undefined)
  return shareWork(page, name, session, navigate(context, prepared, request))
}

async function navigate(
  context: SignInContext,
  { transport, navigation }: PreparedNavigation,
  { options, returnTo: requested, isSilent = false, event }: SignInRequest,
): Promise<LoginResult | undefined> {
  const { config, flow, redirects } = context
  const { transport: _transport, fallback: _fallback, returnTo: _returnTo, signal, ...rest } = options
  const { redirectUri = config.redirectUri, ...parameters } = rest
  if (!redirectUri) throw createError('configuration', ['noPage'])
  refuseNested(config.environment.window)
  const by = isSilent ? 'app' : causeOf(config.environment, event)
  const returnTo = requested === undefined ? undefined : checkReturnTo(requested)
  const input = { parameters, returnTo, redirectUri, transport: transport.name, isSilent }
  const { host } = new URL(config.issuer)
  const building = flow.createRequest(input, signal)
  const { url, state, startedAt } = await unlessAborted(navigation.whileBuilding?.(building, host) ?? building, signal)
  refuseAborted(signal)
  if (transport.name === 'redirect') redirects.beforeRedirect(state, by, redirectUri)
  const response = navigation.navigate({ url: new URL(url), state, redirectUri, signal })
  const callbackUrl = await unlessAborted(response, signal)
  if (callbackUrl) return completeSignIn(context, callbackUrl, startedAt)
  return afterPageRestore(context)
}

/** Who starts the redirect of a page. A page that redirects by itself is not loaded by the back or forward button. */
function causeOf({ window: page, now }: Environment, event: Event | undefined): RedirectCause {
  if (!page) return 'any'
  const [navigation] = page.performance?.getEntriesByType?.('navigation') ?? []
  if (hasRecentInput(page, now, event)) return 'user'
  if ((navigation as PerformanceNavigationTiming | undefined)?.type === 'back_forward') return 'user'
  // Not every browser has it, and test drivers set it: it proves only that the page was not touched. In a frame it does not even prove
  // that, since the click may have been in the page around it.
  const { userActivation } = page.navigator as Partial<Navigator>
  return isFramed(page) || (userActivation?.hasBeenActive ?? true) ? 'any' : 'app'
}

/** The page is back without a response. */
function afterPageRestore({ redirects }: SignInContext): undefined {
  redirects.stopWaiting()
  redirects.noteCancelled(true)
}
