import { asClientError } from '../errors/client-error.js'
import type { LoginOptions, LoginResult } from './sign-in-options.js'
import type { Session } from '../session/session.js'
import type { completeForeign, completePage, completeSignIn, SignInContext, startSignIn } from './complete.js'
import { parseState, readResponse, withoutResponse } from './response-url.js'
import { beginTrip, type BegunTrip, currentPath, isOwnCallback } from './start.js'

/** The steps after the synchronous part. */
export interface SignInSteps {
  readonly startSignIn: typeof startSignIn
  readonly completeSignIn: typeof completeSignIn
  readonly completePage: typeof completePage
  readonly completeForeign: typeof completeForeign
}

export interface SignInParts extends SignInContext {
  readonly session: SignInContext['session'] & Pick<Session, 'fail'>
  readonly loadSteps: () => Promise<SignInSteps>
}

/** What must happen at once: opening the popup inside the click, recognizing the client's callback, cleaning the address bar. */
export class SignIn {
  readonly #parts: SignInParts

  constructor(parts: SignInParts) {
    this.#parts = parts
  }

  /** Runs synchronously until the popup is open, so that the browser still counts the click. */
  async login(options: LoginOptions): Promise<LoginResult | undefined> {
    const { session, config, loadSteps } = this.#parts
    const returnTo = options.returnTo ?? currentPath(config)
    let begun: BegunTrip | undefined
    try {
      begun = beginTrip(config, options)
      session.dispatch({ type: 'login_started' })
      const { startSignIn } = await loadSteps()
      const result = await startSignIn(this.#parts, begun, { options, returnTo })
      if (!result && session.state.activity === 'signing-in') session.dispatch({ type: 'login_abandoned' })
      return result
    } catch (cause) {
      begun?.trip.cancel()
      return this.#fail(cause)
    }
  }

  /** @see OAuthClient.isCallback */
  isCallback(url: URL): boolean {
    return isOwnCallback(this.#parts.config, url)
  }

  /** The response on the page's own URL: the address bar is cleaned before anything else happens. */
  async handlePage(url: URL): Promise<LoginResult | undefined> {
    if (!this.isCallback(url)) return this.handleCallback(url)
    const page = this.#parts.config.environment.window
    const kind = parseState(readResponse(url)?.state)?.kind
    if (page && (kind === 'p' || kind === 'i')) {
      const { relayCallback } = await import('./transports/relay-callback.js')
      // The window closes, the frame is removed: nothing is left to do here. A popup that no page waits for continues by itself.
      if ((await relayCallback(page)) || kind === 'i') return new Promise(() => undefined)
    }
    page?.history.replaceState(page.history.state, '', withoutResponse(url))
    return this.#complete(({ completePage }) => completePage(this.#parts, url))
  }

  /** @returns undefined for a response that is not this client's, or that no request waits for any more */
  async handleCallback(url: URL): Promise<LoginResult | undefined> {
    if (!readResponse(url)) return undefined
    return this.#complete(({ completeSignIn, completeForeign }) =>
      this.isCallback(url) ? completeSignIn(this.#parts, url) : completeForeign(this.#parts, url),
    )
  }

  async #complete(step: (steps: SignInSteps) => Promise<LoginResult | undefined>): Promise<LoginResult | undefined> {
    try {
      return await step(await this.#parts.loadSteps())
    } catch (cause) {
      return this.#fail(cause)
    }
  }

  #fail(cause: unknown): never {
    const error = asClientError(cause)
    this.#parts.session.fail(error)
    throw error
  }
}
