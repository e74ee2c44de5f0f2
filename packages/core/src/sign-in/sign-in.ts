import { parseUrl } from '../platform/parse-url.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import type { Session } from '../session/session.js'
import { currentPath, isForOpener, isOwnCallback, readResponse, withoutResponse } from './response-url.js'
import type { LoginOptions, LoginResult, SignInConfig } from './sign-in-options.js'
import type { Opened } from './transports/transport.js'
import { isSignInFrame, openInClick } from './windows.js'

/** One sign-in, as the client starts it. */
export interface SignInRequest {
  readonly options: LoginOptions
  readonly returnTo: string | undefined
  /** Without user interaction. Default false. */
  readonly isSilent?: boolean | undefined
  /** What the page handled when the sign-in was requested. */
  readonly event?: Event | undefined
}

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

/** What `SignIn` needs of its client. */
export interface SignInParts {
  readonly config: SignInConfig
  readonly session: Pick<Session, 'state' | 'dispatch' | 'fail' | 'signal'>
  readonly explain: ProtocolContext['explain']
  readonly loadSteps: () => Promise<SignInSteps>
  /** Loads what sends the response of a popup or frame to the page that waits for it. */
  readonly loadRareCalls: () => Promise<Pick<typeof import('./transports/send-response.js'), 'sendResponse'>>
}

/** What must happen at once: opening the popup inside the click, recognizing a callback, cleaning the address bar. */
export class SignIn {
  readonly #parts: SignInParts

  constructor(parts: SignInParts) {
    this.#parts = parts
  }

  /** Runs synchronously until the popup is open, so that the browser allows it. */
  async login(options: LoginOptions): Promise<LoginResult | undefined> {
    const { session, config, loadSteps } = this.#parts
    const { signal } = session
    let opened: Opened = {}
    try {
      opened = openInClick(config, options)
      const returnTo = options.returnTo ?? currentPath(config)
      // Read now: it is gone when the code is loaded. Deprecated for shadow trees, where it is absent, but every browser has it.
      const event = config.environment.window?.event
      session.dispatch({ type: 'login_started' })
      const steps = await loadSteps()
      const result = await steps.startSignIn({ signal, options, returnTo, event, opened })
      if (!result && session.state.activity === 'signing-in') session.dispatch({ type: 'login_abandoned' })
      return result
    } catch (cause) {
      try {
        opened.navigation?.cancel()
        opened.popup?.close()
      } catch {
        // What a custom transport breaks here must not hide why the sign-in failed.
      }
      return this.#fail(cause)
    }
  }

  /** @see OAuthClient.isCallback */
  isCallback(address: string | URL = this.#pageUrl): boolean {
    const base = this.#pageUrl
    const url = parseUrl(address, base)
    return url !== undefined && isOwnCallback(this.#parts.config, url)
  }

  /** Handles the response in the page's own URL. The address bar is cleaned before anything else happens. */
  async handlePage(): Promise<LoginResult | undefined> {
    const url = new URL(this.#pageUrl)
    if (!this.isCallback()) return readResponse(url) && this.handleCallback(url)
    const page = this.#parts.config.environment.window
    const state = readResponse(url)?.state
    if (page && state && isForOpener(state)) {
      const { sendResponse } = await this.#parts.loadRareCalls()
      // The window closes or the frame is removed, so nothing is left to do. A popup whose opener is gone continues by itself.
      if ((await sendResponse(page, state)) || isSignInFrame(page)) return new Promise(() => undefined)
    }
    page?.history.replaceState(page.history.state, '', withoutResponse(url))
    return this.#complete((steps) => steps.completePage(url))
  }

  /** @returns undefined for a response that is not this client's, or that no request waits for */
  handleCallback(address: string | URL): Promise<LoginResult | undefined> {
    return this.#complete((steps) => steps.completeCallback(address))
  }

  get #pageUrl(): string {
    const { environment, redirectUri } = this.#parts.config
    return environment.window?.location.href ?? redirectUri ?? 'about:blank'
  }

  async #complete(complete: (steps: SignInSteps) => Promise<LoginResult | undefined>): Promise<LoginResult | undefined> {
    try {
      return await complete(await this.#parts.loadSteps())
    } catch (cause) {
      return this.#fail(cause)
    }
  }

  async #fail(cause: unknown): Promise<never> {
    const error = await this.#parts.explain(cause)
    this.#parts.session.fail(error)
    throw error
  }
}
