import { OAuthClientError } from '../errors/errors.js'
import { type SignInContext, startSignIn } from './complete.js'
import { isSilenced, silence } from './silence.js'
import type { TokenSet } from '../protocol/token-set.js'
import { selectTransport } from './transports/select-transport.js'

type SilentWay = 'iframe' | 'redirect'

/**
 * Asks the authorization server for the session without asking the person (`prompt=none`): in a hidden frame, by a trip of the whole
 * page, or one after the other, as the option `silent` says. Where one was signed in, the same user must come back.
 *
 * @returns undefined when no way is allowed, the page is leaving, or the answer came after a sign-out
 * @throws the last failure: InteractionError interaction_required, iframe_blocked; NetworkError
 * @see OpenID Connect Core 1.0, section 3.1.2.1
 */
export async function signInSilently(parts: SignInContext): Promise<TokenSet | undefined> {
  let failure: unknown
  for (const way of parts.config.options.silent ?? []) {
    if (isSilenced(parts.config, way)) continue
    try {
      return await silentTrip(parts, way)
    } catch (cause) {
      failure = cause
      if (parts.session.state.activity === 'signing-in') parts.session.dispatch({ type: 'login_abandoned' })
      // Without a network the next way would fail as well, and a whole page would be lost to an error page of the browser.
      if (isWeather(cause)) break
    }
  }
  if (failure !== undefined) throw failure
  return undefined
}

async function silentTrip(parts: SignInContext, way: SilentWay): Promise<TokenSet | undefined> {
  const { config, session } = parts
  const wasSignedIn = session.state.tokenSet !== undefined
  const { tokenSet } = await session.adopt()
  if (wasSignedIn && !tokenSet) return undefined
  const page = config.environment.window
  const transport = selectTransport(way, config.environment)
  const begun = { transport, trip: transport.prepare() }
  if (way === 'redirect') silence(config, 'redirect')
  const returnTo = page && page.location.pathname + page.location.search + page.location.hash
  const result = await startSignIn(parts, begun, { options: { prompt: 'none' }, returnTo, isSilent: true })
  return result?.tokenSet
}

function isWeather(cause: unknown): boolean {
  return cause instanceof OAuthClientError && cause.retryable && cause.code !== 'iframe_blocked'
}
