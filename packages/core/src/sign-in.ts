import type { ClientConfig } from './client-config.js'
import type { ClientEvents } from './client-events.js'
import type { Emitter } from './emitter.js'
import { InteractionError, OAuthClientError, ValidationError } from './errors.js'
import { loadProtocol } from './load-protocol.js'
import type { LoginOptions, LoginResult } from './oauth-client.js'
import type { ProtocolContext } from './protocol/protocol.js'
import type { RedirectMemory } from './redirect-memory.js'
import { asClientError } from './refresher.js'
import { createState, parseState, readResponse, type StateKind, withoutResponse } from './response-url.js'
import { checkReturnTo } from './return-to.js'
import type { Session } from './session.js'
import type { TransactionStore } from './transaction-store.js'
import { selectTransport } from './transport/select-transport.js'
import type { Transport, TransportTrip } from './transport/transport.js'

export interface SignInParts {
  readonly config: ClientConfig
  readonly session: Session
  readonly context: ProtocolContext
  readonly transactions: TransactionStore
  readonly redirects: RedirectMemory
  readonly events: Emitter<ClientEvents>
}

const KINDS: Readonly<Record<string, StateKind>> = { redirect: 'r', popup: 'p', iframe: 'i' }

/** From the click to the session: the authorization request, the trip, and the response. */
export class SignIn {
  readonly #parts: SignInParts

  constructor(parts: SignInParts) {
    this.#parts = parts
  }

  /** Runs synchronously until the popup is open, so that the click still counts. */
  async login(options: LoginOptions): Promise<LoginResult | undefined> {
    const { session, redirects, config } = this.#parts
    const page = config.environment.window
    let trip: TransportTrip | undefined
    try {
      const returnTo = page && checkReturnTo(options.returnTo ?? currentPath(page), page.location.origin)
      // A person who presses a button is no loop.
      if (page?.navigator.userActivation?.isActive) redirects.reset()
      const { transport, trip: begun } = this.#prepare(options)
      trip = begun
      session.dispatch({ type: 'login_started' })
      const callbackUrl = await this.#travel(options, transport, trip, returnTo)
      if (callbackUrl) return await this.#complete(callbackUrl)
      session.dispatch({ type: 'login_abandoned' })
      return undefined
    } catch (cause) {
      trip?.cancel()
      const error = asClientError(cause)
      session.fail(error)
      throw error
    }
  }

  #prepare(options: LoginOptions): { readonly transport: Transport; readonly trip: TransportTrip } {
    const { options: clientOptions, environment } = this.#parts.config
    const wanted = options.transport ?? clientOptions.transport ?? 'redirect'
    const transport = selectTransport(wanted, environment)
    try {
      return { transport, trip: transport.prepare() }
    } catch (cause) {
      const isBlocked = cause instanceof OAuthClientError && cause.code === 'popup_blocked'
      if (!isBlocked || options.fallback !== 'redirect') throw cause
      const redirect = selectTransport('redirect', environment)
      return { transport: redirect, trip: redirect.prepare() }
    }
  }

  async #travel(
    login: LoginOptions,
    transport: Transport,
    trip: TransportTrip,
    returnTo: string | undefined,
  ): Promise<URL | undefined> {
    const { config, context, transactions, redirects } = this.#parts
    const redirectUri = login.redirectUri ?? config.redirectUri
    if (!redirectUri) throw missingRedirectUri()
    const state = createState(config.key, KINDS[transport.name] ?? 'x')
    const protocol = await loadProtocol()
    const { url, transaction } = await protocol.createAuthorizationRequest(context, {
      login,
      state,
      redirectUri,
      transport: transport.name,
      ...(returnTo === undefined ? {} : { returnTo }),
    })
    await transactions.write(transaction)
    if (transport.name === 'redirect') redirects.leave(state)
    return trip.navigate({ url, state, redirectUri, signal: login.signal })
  }

  /** @see OAuthClient.isCallback */
  isCallback(url: URL): boolean {
    const { config, redirects } = this.#parts
    const response = readResponse(url)
    if (!response) return false
    const parts = parseState(response.state)
    if (parts) return parts.clientKey === config.key
    // A response without a state of ours is another library's, unless this tab waits for one at this address: then it was tampered with.
    return response.isAuthorizationResponse && redirects.isAwaiting() && isAt(url, config.redirectUri)
  }

  /** The response on the page's own URL: the address bar is cleaned before anything else happens. */
  async handlePage(url: URL): Promise<LoginResult | undefined> {
    const { config, redirects } = this.#parts
    const page = config.environment.window
    const kind = parseState(readResponse(url)?.state)?.kind
    if (page && (kind === 'p' || kind === 'i')) {
      const { relayCallback } = await import('./callback.js')
      // The window closes, the frame is taken away: nothing is left to do here. A popup that nobody waits for any more goes on by itself.
      if ((await relayCallback(page)) || kind === 'i') return new Promise(() => undefined)
    }
    page?.history.replaceState(page.history.state, '', withoutResponse(url))
    redirects.back()
    const result = await this.handleCallback(url)
    if (result && page) showReturnTo(page, result.returnTo)
    return result
  }

  /** @returns undefined for a response that is not this client's, or that nobody waits for any more */
  async handleCallback(url: URL): Promise<LoginResult | undefined> {
    if (!this.isCallback(url)) return undefined
    try {
      return await this.#complete(url)
    } catch (cause) {
      const error = asClientError(cause)
      this.#parts.session.fail(error)
      throw error
    }
  }

  async #complete(url: URL): Promise<LoginResult | undefined> {
    const { session, context, transactions, redirects, events } = this.#parts
    const state = readResponse(url)?.state
    const transaction = state === undefined ? undefined : await transactions.take(state)
    if (!transaction) return this.#ignore()
    session.dispatch({ type: 'login_started' })
    const protocol = await loadProtocol()
    const tokenSet = await protocol.processAuthorizationResponse(context, url, transaction)
    await session.establish(tokenSet, transaction.transport === 'iframe' ? 'silent' : 'login')
    redirects.reset()
    const returnTo = transaction.returnTo ?? '/'
    events.emit('signed-in', { tokenSet, returnTo })
    return { tokenSet, returnTo }
  }

  /** A reload, the back button, a second tab, or a forgery. Nothing is changed; who is signed in stays so without an error. */
  async #ignore(): Promise<undefined> {
    const { session, events } = this.#parts
    events.emit('callback-ignored', { reason: 'no authorization request in flight has the "state" of this response' })
    await session.adopt()
    if (session.state.status === 'signed-in') return undefined
    throw new ValidationError(
      'mismatching_state',
      'the authorization response has a "state" that no request of this browser waits for',
      {
        hint: 'It was used before, is older than ten minutes, or was started in another browser. Sign in again.',
        spec: 'RFC 6749, section 10.12',
      },
    )
  }
}

function currentPath({ location }: Window): string {
  const { pathname, search, hash } = withoutResponse(new URL(location.href))
  return pathname.replace(/^\/{2,}/, '/') + search + hash
}

function isAt(url: URL, redirectUri: string | undefined): boolean {
  const target = redirectUri === undefined ? undefined : new URL(redirectUri)
  return target !== undefined && target.origin === url.origin && target.pathname === url.pathname
}

/** Shows where the person was before the sign-in; routers that listen to `popstate` follow. */
function showReturnTo(page: Window & typeof globalThis, returnTo: string): void {
  page.history.replaceState(page.history.state, '', returnTo)
  page.dispatchEvent(new page.PopStateEvent('popstate', { state: page.history.state as unknown }))
}

function missingRedirectUri(): InteractionError {
  return new InteractionError('configuration', 'there is no page here to come back to: "redirectUri" is missing', {
    hint: 'Pass redirectUri in the options of the client or of login().',
    spec: 'RFC 6749, section 3.1.2',
  })
}
