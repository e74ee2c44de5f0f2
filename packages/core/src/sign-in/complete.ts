import type { Session, SessionMoment } from '../session/session.js'
import type { LoginOptions, LoginResult, SignInConfig } from './sign-in-options.js'
import type { OAuthClientError } from '../errors/errors.js'
import type { AuthorizationFlow, FlowResult } from './authorization-flow.js'
import type { RedirectGuard } from './redirect-guard.js'
import { showReturnTo } from './show-return-to.js'
import type { Opened, PreparedNavigation } from './transports/transport.js'

/** What the steps of a sign-in need in the page. */
export interface SignInContext {
  readonly config: SignInConfig
  readonly session: Pick<Session, 'state' | 'dispatch' | 'adopt' | 'subscribe' | 'signal'>
  readonly flow: AuthorizationFlow
  readonly redirects: RedirectGuard
  readonly loadRareCalls: () => Promise<RareSteps>
}

/** See `rare-steps.ts`. */
export interface RareSteps {
  readonly prepareNavigation: (
    config: Pick<SignInConfig, 'options' | 'environment'>,
    options: Pick<LoginOptions, 'transport' | 'fallback'>,
    opened?: Opened,
  ) => PreparedNavigation
  readonly ignoreLoginRequired: (context: SignInContext, cause: unknown) => undefined
  readonly checkReturnTo: (returnTo: string) => string
  readonly completeCallback: (context: SignInContext, address: string | URL) => Promise<LoginResult | undefined>
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
    // Without that code, the error is what counts.
    const calls = await context.loadRareCalls().catch(() => undefined)
    if (!calls) throw cause
    return calls.ignoreLoginRequired(context, cause)
  }
}
