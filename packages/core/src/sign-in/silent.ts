import { OAuthClientError } from '../errors/errors.js'
import type { TokenSet } from '../protocol/token-set.js'
import type { SignInContext } from './complete.js'
import { isFramed, shareWork, startSignIn, workOfOther } from './start.js'
import { currentPath } from './response-url.js'
import { blockSilentSignIn, isSilentSignInBlocked } from './block-silent-sign-in.js'

/**
 * Signs in without user interaction (`prompt=none`): in a hidden frame, by a redirect of the whole page, or one after the other, as the
 * option `silent` says. If a user was signed in, the response must be for the same user.
 *
 * @returns undefined if nothing is allowed, the page is in a frame, it is navigating, or the response arrived after a sign-out
 * @throws the last failure: InteractionError interaction_required, iframe_blocked; NetworkError
 * @see OpenID Connect Core 1.0, section 3.1.2.1
 */
export async function signInSilently(context: SignInContext): Promise<TokenSet | undefined> {
  const { config, session } = context
  const page = config.environment.window
  if (!page) return tryTransports(context)
  // A click in it may still sign the user in.
  if (isFramed(page)) return undefined
  const name = `${config.key}/silent`
  const pending = workOfOther(page, name, session)
  if (!pending) return shareWork(page, name, session, tryTransports(context))
  // Another client of this page and configuration signs in, for both.
  await pending
  return (await session.adopt()).tokenSet
}

async function tryTransports(context: SignInContext): Promise<TokenSet | undefined> {
  const { config, session } = context
  let failure: unknown
  for (const transport of config.options.silent ?? []) {
    if (isSilentSignInBlocked(config.tab, transport, !!session.state.tokenSet)) continue
    try {
      return await signInBy(context, transport)
    } catch (cause) {
      failure = cause
      if (session.state.activity === 'signing-in') session.dispatch({ type: 'login_abandoned' })
      // Without a network the next transport would fail as well, and a redirect would leave the app for an error page of the browser.
      if (isTransient(cause)) break
    }
  }
  if (failure !== undefined) throw failure
  return undefined
}

async function signInBy(context: SignInContext, transport: 'iframe' | 'redirect'): Promise<TokenSet | undefined> {
  const { config, session } = context
  const wasSignedIn = session.state.tokenSet !== undefined
  const { tokenSet } = await session.adopt()
  if (wasSignedIn && !tokenSet) return undefined
  const { prepareNavigation } = await context.loadRareCalls()
  const prepared = prepareNavigation(config, { transport })
  if (transport === 'redirect') blockSilentSignIn(config.tab, 'redirect')
  const request = { options: { prompt: 'none' }, returnTo: currentPath(config), isSilent: true } as const
  const result = await startSignIn(context, prepared, request)
  return result?.tokenSet
}

function isTransient(cause: unknown): boolean {
  return cause instanceof OAuthClientError && cause.retryable && cause.code !== 'iframe_blocked'
}
