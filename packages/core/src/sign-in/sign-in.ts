import { asClientError } from '../errors/client-error.js'
import type { ClientParts } from '../client/client-parts.js'
import { loadFlows } from '../client/lazy.js'
import type { LoginOptions, LoginResult } from './sign-in-options.js'
import { parseState, readResponse, withoutResponse } from './response-url.js'
import { beginTrip, type BegunTrip, currentPath, isOwnCallback } from './start.js'

export type SignInParts = Pick<ClientParts, 'config' | 'session' | 'context' | 'records' | 'storage' | 'events'>

/** What must happen at once: opening the popup inside the click, knowing one's own callback, cleaning the address bar. */
export class SignIn {
  readonly #parts: SignInParts

  constructor(parts: SignInParts) {
    this.#parts = parts
  }

  /** Runs synchronously until the popup is open, so that the click still counts. */
  async login(options: LoginOptions): Promise<LoginResult | undefined> {
    const { session, config } = this.#parts
    const returnTo = options.returnTo ?? currentPath(config)
    let begun: BegunTrip | undefined
    try {
      begun = beginTrip(config, options)
      session.dispatch({ type: 'login_started' })
      const { travel } = await loadFlows()
      const result = await travel(this.#parts, begun, { options, returnTo })
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
      // The window closes, the frame is taken away: nothing is left to do here. A popup that nobody waits for any more goes on by itself.
      if ((await relayCallback(page)) || kind === 'i') return new Promise(() => undefined)
    }
    page?.history.replaceState(page.history.state, '', withoutResponse(url))
    return this.#complete('handlePageResponse', url)
  }

  /** @returns undefined for a response that is not this client's, or that nobody waits for any more */
  async handleCallback(url: URL): Promise<LoginResult | undefined> {
    return readResponse(url) && this.#complete(this.isCallback(url) ? 'completeResponse' : 'handleForeignResponse', url)
  }

  async #complete(
    how: 'completeResponse' | 'handlePageResponse' | 'handleForeignResponse',
    url: URL,
  ): Promise<LoginResult | undefined> {
    try {
      return await (await loadFlows())[how](this.#parts, url)
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
