import { asClientError } from '../errors/client-error.js'
import type { ClientConfig } from '../client/resolve-options.js'
import type { LoginResult } from '../sign-in/sign-in-options.js'
import type { LogoutOptions, LogoutResult } from '../sign-out/logout-options.js'
import { readResponse } from '../sign-in/response-url.js'
import { isOwnCallback } from '../sign-in/start.js'
import { silence } from '../sign-in/silence.js'
import { keepRenewed } from './page-renewal.js'
import type { PageSession } from './page-session.js'
import type { PageTrips } from './page-trips.js'
import type { WorkerLink } from './worker-link.js'

interface PageParts {
  readonly config: ClientConfig
  readonly session: PageSession
  readonly link: WorkerLink
  readonly trips: PageTrips
}

/** From the first question to the worker to the last listener taken away. */
export class PageLife {
  #ready: Promise<void> | undefined
  #detach: (() => void) | undefined
  readonly #parts: PageParts

  constructor(parts: PageParts) {
    this.#parts = parts
  }

  /** Any number of calls, one start. Again: the worker catches up with the other tabs. */
  start(): Promise<void> {
    if (!this.#detach) this.#attach()
    if (this.#ready) void this.#parts.link.call('start', []).catch(() => undefined)
    this.#ready ??= this.#begin()
    return this.#ready
  }

  async close(): Promise<void> {
    this.#detach?.()
    this.#detach = undefined
    await this.#parts.link.call('close', []).catch(() => undefined)
  }

  async handleCallback(given: string | URL | undefined): Promise<LoginResult | undefined> {
    const { config, link, trips } = this.#parts
    const url = pageUrl(config, given)
    if (!readResponse(url)) return undefined
    const page = config.environment.window
    const isOfPage = given === undefined && page && isOwnCallback(config, url)
    return isOfPage ? trips.handlePage(page, url) : link.call('handleResponse', [url.href, false])
  }

  async logout(options: LogoutOptions): Promise<LogoutResult> {
    const { config, link, trips } = this.#parts
    silence(config, 'logout')
    const postLogoutRedirectUri = options.postLogoutRedirectUri ?? config.postLogoutRedirectUri
    const asked = { ...options, ...(postLogoutRedirectUri === undefined ? {} : { postLogoutRedirectUri }) }
    const { url } = await link.call('logout', [asked])
    if (url === undefined) return { local: true, provider: false }
    // A state of the app's own is known by this note alone when the page is back.
    if (options.state !== undefined) trips.redirects.expect(options.state)
    config.environment.window?.location.assign(url)
    return { local: true, provider: true }
  }

  async #begin(): Promise<void> {
    const { config, session, link, trips } = this.#parts
    const page = config.environment.window
    const url = pageUrl(config, undefined)
    try {
      if (page && isOwnCallback(config, url)) {
        session.noteResponse()
        // A failure is in the state, where hooks show it.
        await trips.handlePage(page, url).catch(() => undefined)
      }
      await link.call('start', [])
      if (page && session.state.status !== 'signed-in' && !session.state.error) await trips.loginSilently()
    } catch (cause) {
      session.fail(asClientError(cause))
    }
    session.settle()
  }

  #attach(): void {
    const { config, session, link } = this.#parts
    const detached = new AbortController()
    const page = config.environment.window
    const catchUp = (): void => void link.call('start', []).catch(() => undefined)
    page?.addEventListener('pageshow', (event) => event.persisted && catchUp(), { signal: detached.signal })
    detached.signal.addEventListener(
      'abort',
      keepRenewed(config, session, () => link.call('renew', [])),
    )
    this.#detach = () => detached.abort()
  }
}

export function pageUrl({ environment }: ClientConfig, url: string | URL | undefined): URL {
  return new URL(url ?? environment.window?.location.href ?? 'about:blank')
}

/** A failure of the page itself (a blocked popup, a worker that does not start) is shown; the worker tells its own in its state. */
export function reportOwn(session: PageSession, cause: unknown): void {
  const error = asClientError(cause)
  if (error.code !== 'aborted' && session.state.error?.message !== error.message) session.fail(error)
}
