import { isRedirectAwaited } from './awaited-redirect.js'
import { asClientError } from './client-error.js'
import type { ClientParts } from './client-parts.js'
import { OAuthClientError } from './errors.js'
import { loadFlows } from './load-flows.js'
import type { LoginOptions, LoginResult } from './oauth-client.js'
import { pageStorage } from './page-storage.js'
import { parseState, readResponse, withoutResponse } from './response-url.js'
import { selectTransport } from './transport/select-transport.js'
import type { Transport, TransportTrip } from './transport/transport.js'

export type SignInParts = Pick<ClientParts, 'config' | 'session' | 'context' | 'records' | 'storage' | 'events'>

/** A transport and the trip that was begun inside the click. */
export interface BegunTrip {
  readonly transport: Transport
  readonly trip: TransportTrip
}

/** What must happen at once: opening the popup inside the click, knowing one's own callback, cleaning the address bar. */
export class SignIn {
  readonly #parts: SignInParts

  constructor(parts: SignInParts) {
    this.#parts = parts
  }

  /** Runs synchronously until the popup is open, so that the click still counts. */
  async login(options: LoginOptions): Promise<LoginResult | undefined> {
    const { session, config } = this.#parts
    const page = config.environment.window
    const returnTo = options.returnTo ?? (page && currentPath(page))
    let begun: BegunTrip | undefined
    try {
      begun = this.#prepare(options)
      session.dispatch({ type: 'login_started' })
      const { travel } = await loadFlows()
      const result = await travel(this.#parts, begun, { options, returnTo })
      if (!result) session.dispatch({ type: 'login_abandoned' })
      return result
    } catch (cause) {
      begun?.trip.cancel()
      return this.#fail(cause)
    }
  }

  #prepare({ transport: asked, fallback }: LoginOptions): BegunTrip {
    const { options, environment } = this.#parts.config
    const transport = selectTransport(asked ?? options.transport ?? 'redirect', environment)
    try {
      return { transport, trip: transport.prepare() }
    } catch (cause) {
      const isBlocked = cause instanceof OAuthClientError && cause.code === 'popup_blocked'
      if (!isBlocked || fallback !== 'redirect') throw cause
      const redirect = selectTransport('redirect', environment)
      return { transport: redirect, trip: redirect.prepare() }
    }
  }

  /** @see OAuthClient.isCallback */
  isCallback(url: URL): boolean {
    const { environment, key, redirectUri } = this.#parts.config
    const response = readResponse(url)
    if (!response) return false
    const parts = parseState(response.state)
    if (parts) return parts.clientKey === key
    // A response without a state of ours is another library's, unless this tab waits for one at this address: then it was tampered with.
    return response.isAuthorizationResponse && isAt(url, redirectUri) && isRedirectAwaited(pageStorage(environment.window), key)
  }

  /** The response on the page's own URL: the address bar is cleaned before anything else happens. */
  async handlePage(url: URL): Promise<LoginResult | undefined> {
    const page = this.#parts.config.environment.window
    const kind = parseState(readResponse(url)?.state)?.kind
    if (page && (kind === 'p' || kind === 'i')) {
      const { relayCallback } = await import('./callback.js')
      // The window closes, the frame is taken away: nothing is left to do here. A popup that nobody waits for any more goes on by itself.
      if ((await relayCallback(page)) || kind === 'i') return new Promise(() => undefined)
    }
    page?.history.replaceState(page.history.state, '', withoutResponse(url))
    try {
      const { handlePageResponse } = await loadFlows()
      return await handlePageResponse(this.#parts, url)
    } catch (cause) {
      return this.#fail(cause)
    }
  }

  /** @returns undefined for a response that is not this client's, or that nobody waits for any more */
  async handleCallback(url: URL): Promise<LoginResult | undefined> {
    if (!this.isCallback(url)) return undefined
    try {
      const { completeResponse } = await loadFlows()
      return await completeResponse(this.#parts, url)
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

function currentPath({ location }: Window): string {
  const { pathname, search, hash } = withoutResponse(new URL(location.href))
  return pathname.replace(/^\/{2,}/, '/') + search + hash
}

function isAt(url: URL, redirectUri: string | undefined): boolean {
  const target = redirectUri === undefined ? undefined : new URL(redirectUri)
  return target?.origin === url.origin && target.pathname === url.pathname
}
