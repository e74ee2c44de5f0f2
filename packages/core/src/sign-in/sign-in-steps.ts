import { untilClosed } from '../session/until-closed.js'
import { completePage, type SignInContext } from './complete.js'
import type { LoginResult } from './sign-in-options.js'
import { allowSilentSignIn } from './silent-sign-in-block.js'
import { type SignInRequest, startSignIn } from './start.js'
import type { Opened } from './transports/open-in-click.js'
import { navigateRedirect } from './transports/navigate-redirect.js'
import { watchInput } from './user-input.js'

export { signInSilently } from './silent.js'

/** What was done inside the click, and the session's signal at that time. */
interface StartOfLogin {
  readonly opened: Opened
  readonly signal: AbortSignal
}

/** The steps of a sign-in after its synchronous part. Each is documented where it is defined. */
export interface SignInSteps {
  readonly startSignIn: (request: SignInRequest & StartOfLogin) => Promise<LoginResult | undefined>
  readonly completePage: (url: URL) => Promise<LoginResult | undefined>
  readonly completeCallback: (address: string | URL) => Promise<LoginResult | undefined>
}

/** Binds the steps to one client. */
export function createSignInSteps(context: SignInContext): SignInSteps {
  const { config, session } = context
  const { window: page, now } = config.environment
  if (page) watchInput(page, now)
  // Any session is the next one after the sign-out, or after the redirect that found no user. Another tab may have started it.
  session.subscribe(({ type }) => type === 'token_set_received' && allowSilentSignIn(config.tab))
  return {
    startSignIn: async ({ opened, signal, ...request }) => {
      const { transport = config.options.transport ?? 'redirect' } = request.options
      const isRedirect = page && transport === 'redirect'
      const prepared = isRedirect
        ? { transport: { name: transport }, navigation: { navigate: navigateRedirect.bind(undefined, page), cancel() {} } }
        : (await context.loadRareCalls()).prepareNavigation(config, request.options, opened)
      return untilClosed(session, startSignIn(context, prepared, request), undefined, signal)
    },
    completePage: (url) => untilClosed(session, completePage(context, url)),
    completeCallback: async (address) => untilClosed(session, (await context.loadRareCalls()).completeCallback(context, address)),
  }
}
