import { createError } from '../errors/create-error.js'
import type { InteractionError } from '../errors/errors.js'
import type { TabStorage } from '../storage/tab-storage.js'
import { AWAITED_STATE } from './response-url.js'

const WINDOW_MS = 60_000
const MAX_REDIRECTS = 2
const REDIRECTS = 'departures'

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

  /** @throws InteractionError redirect_loop if several sign-ins within a minute led to no session */
  beforeRedirect(state: string): void {
    const recent = this.#recentRedirects()
    if (recent.length > MAX_REDIRECTS) throw redirectLoop(recent.length)
    this.#tab.set(REDIRECTS, [...recent, this.#now()])
    this.expectResponse(state)
  }

  /** A response with this `state` will come to this tab, by whatever transport. The latest call wins. */
  expectResponse(state: string): void {
    this.#tab.set(AWAITED_STATE, [state, this.#now()])
  }

  /** The tab waits for no response any more. */
  stopWaiting(): void {
    this.#tab.remove(AWAITED_STATE)
  }

  /** There is a session, so the redirects before were not a loop. */
  reset(): void {
    this.#tab.remove(REDIRECTS)
  }

  #recentRedirects(): readonly number[] {
    const stored = (this.#tab.get(REDIRECTS) ?? []) as readonly number[]
    return stored.filter((at) => this.#now() - at < WINDOW_MS)
  }
}

function redirectLoop(count: number): InteractionError {
  return createError('redirect_loop', `Stopped after ${count} sign-ins within a minute that ended without a session.`, {
    hint: 'Likely causes: the redirect URI opens a page that starts a sign-in before the response is handled; storage is blocked so that no transaction survives; or the API refuses every token and the app signs in again. After a minute a sign-in is allowed again.',
  })
}
