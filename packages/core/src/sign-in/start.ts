import { createError } from '../errors/create-error.js'
import type { ConfigurationError } from '../errors/errors.js'
import { refuseAborted, unlessAborted } from '../platform/abort.js'
import { completeSignIn, type SignInContext } from './complete.js'
import { checkReturnTo } from './return-to.js'
import { shareWork, workOfOther } from './share-work.js'
import type { LoginOptions, LoginResult } from './sign-in-options.js'
import { refuseNested } from './transports/refuse-nested.js'
import type { PreparedNavigation } from './transports/select-transport.js'

/** One sign-in, as the client starts it. */
export interface SignInRequest {
  readonly options: LoginOptions
  readonly returnTo: string | undefined
  /** Without user interaction. Default false. */
  readonly isSilent?: boolean | undefined
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
  { options, returnTo: requested, isSilent = false }: SignInRequest,
): Promise<LoginResult | undefined> {
  const { config, flow, redirects } = context
  const { transport: _transport, fallback: _fallback, returnTo: _returnTo, signal, ...rest } = options
  const { redirectUri = config.redirectUri, ...parameters } = rest
  if (!redirectUri) throw missingRedirectUri()
  refuseNested(config.environment.window)
  const returnTo = requested === undefined ? undefined : checkReturnTo(requested)
  const input = { parameters, returnTo, redirectUri, transport: transport.name, isSilent }
  const { host } = new URL(config.issuer)
  const building = flow.createRequest(input, signal)
  const { url, state, startedAt } = await unlessAborted(navigation.whileBuilding?.(building, host) ?? building, signal)
  refuseAborted(signal)
  if (transport.name === 'redirect') redirects.beforeRedirect(state, wasTraversed(config.environment.window), redirectUri)
  const response = navigation.navigate({ url: new URL(url), state, redirectUri, signal })
  const callbackUrl = await unlessAborted(response, signal)
  if (callbackUrl) return completeSignIn(context, callbackUrl, startedAt)
  return afterPageRestore(context)
}

/** Whether the user came to the page by the back or forward button: a page that redirects by itself is not loaded that way. */
function wasTraversed(page: Window | undefined): boolean {
  const [navigation] = page?.performance?.getEntriesByType?.('navigation') ?? []
  return (navigation as PerformanceNavigationTiming | undefined)?.type === 'back_forward'
}

/** The page is back without a response. */
function afterPageRestore({ redirects }: SignInContext): undefined {
  redirects.stopWaiting()
  redirects.noteCancelled()
}

function missingRedirectUri(): ConfigurationError {
  return createError('configuration', 'there is no page to return to: "redirectUri" is missing, or a path', {
    hint: 'Pass an absolute redirectUri in the options of the client or of login().',
    spec: 'RFC 6749, section 3.1.2',
  })
}
