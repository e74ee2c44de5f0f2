import { abortError } from '../platform/abort.js'
import type { ClientConfig } from '../client/resolve-options.js'
import type { LoginOptions, LoginResult } from '../sign-in/sign-in-options.js'
import { pageStorage } from '../storage/tab-storage.js'
import { createRedirectMemory, type RedirectMemory } from '../sign-in/redirect-guard.js'
import { parseState, readResponse, withoutResponse } from '../sign-in/response-url.js'
import { showReturnTo } from '../sign-in/show-return-to.js'
import { type BegunTrip, beginTrip, currentPath } from '../sign-in/start.js'
import { isSilenced, silence } from '../sign-in/silence.js'
import type { TripRequest } from './messages.js'
import type { WorkerLink } from './worker-link.js'

/** What only a page can do: go to the authorization server and come back. Codes pass through here, tokens and verifiers do not. */
export class PageTrips {
  readonly #config: ClientConfig
  readonly #link: WorkerLink

  constructor(config: ClientConfig, link: WorkerLink) {
    this.#config = config
    this.#link = link
  }

  /** How often this tab left for a sign-in lately; see RedirectMemory. */
  get redirects(): RedirectMemory {
    const { environment, key } = this.#config
    return createRedirectMemory(pageStorage(environment.window), key, environment.now)
  }

  /** Synchronous until the popup is open, so that the click still counts. */
  async login(options: LoginOptions, isSilent = false): Promise<LoginResult | undefined> {
    const begun = beginTrip(this.#config, options)
    const { transport: _transport, fallback: _fallback, signal, ...rest } = options
    const returnTo = options.returnTo ?? currentPath(this.#config)
    const redirectUri = options.redirectUri ?? this.#config.redirectUri
    const asked = {
      ...rest,
      ...(returnTo === undefined ? {} : { returnTo }),
      ...(redirectUri === undefined ? {} : { redirectUri }),
    }
    const travel = (request: TripRequest): Promise<URL | undefined> => this.#travel(begun, request, signal)
    try {
      const input = { options: asked, transport: begun.transport.name, isSilent }
      return await this.#link.call('login', [input], { signal, travel })
    } catch (cause) {
      begun.trip.cancel()
      throw signal?.aborted ? abortError(signal) : cause
    }
  }

  /** At the start of a page without a session: what the option `silent` allows. A failure only means that nobody is signed in. */
  async loginSilently(): Promise<void> {
    for (const way of this.#config.options.silent ?? []) {
      if (isSilenced(this.#config, way)) continue
      if (way === 'redirect') silence(this.#config, 'redirect')
      const result = await this.login({ transport: way, prompt: 'none' }, true).catch(() => undefined)
      if (result) return
    }
  }

  /** The response on the page's own URL: the address bar is cleaned before anything else happens. */
  async handlePage(page: Window & typeof globalThis, url: URL): Promise<LoginResult | undefined> {
    const kind = parseState(readResponse(url)?.state)?.kind
    if (kind === 'p' || kind === 'i') {
      const { relayCallback } = await import('../sign-in/transports/relay-callback.js')
      // The window closes, the frame is taken away: nothing is left to do here.
      if ((await relayCallback(page)) || kind === 'i') return new Promise(() => undefined)
    }
    page.history.replaceState(page.history.state, '', withoutResponse(url))
    this.redirects.back()
    const result = await this.#link.call('handleResponse', [url.href, true])
    if (result) showReturnTo(page, result.returnTo)
    return result
  }

  async #travel({ transport, trip }: BegunTrip, request: TripRequest, signal: AbortSignal | undefined): Promise<URL | undefined> {
    const { url, state, redirectUri } = request
    if (signal?.aborted) return Promise.reject(abortError(signal))
    if (transport.name === 'redirect') this.redirects.leave(state)
    const callbackUrl = await trip.navigate({ url: new URL(url), state, redirectUri, signal })
    // Out of the back/forward cache: the tab is here again, and waits for nothing.
    if (!callbackUrl) this.redirects.back()
    return callbackUrl
  }
}
