import { createError } from '../errors/create-error.js'
import type { TabStorage } from '../storage/tab-storage.js'
import { AWAITED_STATE } from './response-url.js'

const WINDOW_MS = 60_000
/** So many redirects may precede another one within a minute: a loop needs no user. */
const MAX_REDIRECTS = 2
/** As above, with those that the user may have cancelled: an app may repeat a sign-in whenever the server denies one. */
const MAX_ATTEMPTS = 9
const REDIRECTS = 'departures'

/** Who started a redirect: the user by a click, the app in a page that the user has not touched, or one of the two. */
export type RedirectCause = 'user' | 'app' | 'any'

interface Redirect {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** `user` also if the user has cancelled it. */
  readonly by: RedirectCause
}

/**
 * Remembers the redirects of this tab: the `state` that it waits for, and how many there were lately. Without `sessionStorage` redirects
 * work, only loops are not noticed.
 */
export class RedirectGuard {
  readonly #tab: TabStorage
  readonly #now: () => number

  /** @param now milliseconds since the epoch */
  constructor(tab: TabStorage, now: () => number) {
    this.#tab = tab
    this.#now = now
  }

  /**
   * @param by that of the user is never part of a loop
   * @param redirectUri of the request. Default: that of the client
   * @throws InteractionError redirect_loop if several sign-ins within a minute led to no session
   */
  beforeRedirect(state: string, by: RedirectCause = 'any', redirectUri?: string): void {
    const recent = this.#recentRedirects()
    const automatic = recent.filter((redirect) => redirect.by !== 'user').length
    const isLoop = automatic > MAX_REDIRECTS || recent.length > MAX_ATTEMPTS
    if (isLoop && by !== 'user') throw createError('redirect_loop', ['redirectLoop', recent.length])
    this.#tab.set(REDIRECTS, [...recent, { at: this.#now(), by }])
    this.expectResponse(state, redirectUri)
  }

  /**
   * The last sign-in was cancelled: it is not part of a loop.
   *
   * @param isByUser false: the server says so, which it may do by itself
   */
  noteCancelled(isByUser: boolean): void {
    const recent = [...this.#recentRedirects()]
    const last = recent.pop()
    if (last && (isByUser || last.by !== 'app')) this.#tab.set(REDIRECTS, [...recent, { ...last, by: 'user' }])
  }

  /** A response with this `state` will come to this tab, by whatever transport. The latest call wins. */
  expectResponse(state: string, redirectUri?: string): void {
    this.#tab.set(AWAITED_STATE, [state, this.#now(), redirectUri])
  }

  /** The tab waits for no response any more. */
  stopWaiting(): void {
    this.#tab.remove(AWAITED_STATE)
  }

  /** There is a session, so the redirects before were not a loop. */
  reset(): void {
    this.#tab.remove(REDIRECTS)
  }

  #recentRedirects(): readonly Redirect[] {
    const stored = (this.#tab.get(REDIRECTS) ?? []) as readonly Redirect[]
    // A time in the future is that of a clock that was corrected since.
    return stored.filter(({ at }) => Math.abs(this.#now() - at) < WINDOW_MS)
  }
}

/** Why this tab does not sign in silently. See `block-silent-sign-in.ts`. */
export const SILENT_SIGN_IN = 'block-silent-sign-in'

/** Allows silent sign-in in this tab again. */
export function allowSilentSignIn(tab: TabStorage): void {
  tab.remove(SILENT_SIGN_IN)
}
