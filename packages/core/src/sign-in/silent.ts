import { OAuthClientError } from '../errors/errors.js'
import type { TokenSet } from '../protocol/token-set.js'
import type { CompletionParts } from './complete.js'
import { blockSilentSignIn, isSilentSignInBlocked } from './silent-sign-in-block.js'
import { startSignIn } from './start.js'
import { prepareNavigation, type TransportLoaders } from './transports/select-transport.js'

/** What a silent sign-in needs of its client. */
export interface SilentSignInParts extends CompletionParts {
  /** Whether stored sessions outlive the page. */
  readonly storage: { readonly persistent: boolean }
  readonly loadTransport: TransportLoaders
}

/**
 * Signs in without user interaction (`prompt=none`): in a hidden frame, by a redirect of the whole page, or one after the other, as the
 * option `silent` says. If a user was signed in, the response must be for the same user.
 *
 * @returns undefined if nothing is allowed, the page is navigating, or the response arrived after a sign-out
 * @throws the last failure: InteractionError interaction_required, iframe_blocked; NetworkError
 * @see OpenID Connect Core 1.0, section 3.1.2.1
 */
export async function signInSilently(parts: SilentSignInParts): Promise<TokenSet | undefined> {
  let failure: unknown
  for (const transport of parts.config.options.silent ?? []) {
    if (isSilentSignInBlocked(parts.config.tab, transport)) continue
    try {
      return await signInBy(parts, transport)
    } catch (cause) {
      failure = cause
      if (parts.session.state.activity === 'signing-in') parts.session.dispatch({ type: 'login_abandoned' })
      // Without a network the next transport would fail as well, and a redirect would leave the app for an error page of the browser.
      if (isTransient(cause)) break
    }
  }
  if (failure !== undefined) throw failure
  return undefined
}

async function signInBy(parts: SilentSignInParts, transport: 'iframe' | 'redirect'): Promise<TokenSet | undefined> {
  const { config, session, storage } = parts
  const wasSignedIn = session.state.tokenSet !== undefined
  const { tokenSet, revision } = await session.adopt()
  if (wasSignedIn && !tokenSet) return undefined
  const page = config.environment.window
  const prepared = prepareNavigation(config, { transport }, parts.loadTransport)
  if (transport === 'redirect') blockSilentSignIn(config.tab, 'redirect')
  const { epoch } = session
  const result = await startSignIn(parts, prepared, {
    options: { prompt: 'none' },
    returnTo: page && page.location.pathname + page.location.search + page.location.hash,
    expectedSubject: tokenSet?.claims?.sub,
    // After a redirect a session in memory is gone, so there is no record to compare with.
    expectedRevision: transport === 'iframe' || storage.persistent ? revision : undefined,
    // The user did not request this sign-in, so anything that the user or another tab does in the meantime wins.
    isOver: () => epoch !== session.epoch,
  })
  return result?.tokenSet
}

function isTransient(cause: unknown): boolean {
  return cause instanceof OAuthClientError && cause.retryable && cause.code !== 'iframe_blocked'
}
