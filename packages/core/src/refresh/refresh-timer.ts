import type { ClientParts } from '../client/client-parts.js'
import { OAuthClientError } from '../errors/errors.js'
import { suspendWhenOfflineTooLong } from './offline.js'
import { respectPause } from './retry-after.js'
import { usefulLeeway } from '../protocol/token-set.js'

const LONGEST_TIMER_MS = 2 ** 31 - 1
const FIRST_DELAY_MS = 2000
const LONGEST_DELAY_MS = 5 * 60 * 1000

/**
 * Renews the token before it expires, while the page is visible and online; looks again on wake from sleep, on `online` and when
 * the page comes back. A refusal for now (network, 429, 5xx) is followed by a longer and longer pause with jitter, or the one the
 * server asked for.
 */
export class Renewal {
  #timer: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  #pausedUntil = 0
  readonly #parts: ClientParts
  readonly #stopped = new AbortController()

  constructor(parts: ClientParts) {
    this.#parts = parts
    const { window: page } = parts.config.environment
    if (!page) return
    const { signal } = this.#stopped
    const look = (): void => this.#look()
    signal.addEventListener(
      'abort',
      parts.events.on('token-set', () => this.#renewed()),
    )
    signal.addEventListener(
      'abort',
      parts.events.on('signed-out', () => clearTimeout(this.#timer)),
    )
    page.document.addEventListener('visibilitychange', look, { signal })
    page.addEventListener('pageshow', look, { signal })
    page.addEventListener('online', () => this.#renewed(), { signal })
    page.addEventListener('offline', look, { signal })
    look()
  }

  stop(): void {
    this.#stopped.abort()
    clearTimeout(this.#timer)
  }

  #renewed(): void {
    this.#failures = 0
    this.#pausedUntil = 0
    this.#look()
  }

  /** Renews now, or sets the timer for when it is time. */
  #look(): void {
    clearTimeout(this.#timer)
    const { session, config, context } = this.#parts
    if (this.#stopped.signal.aborted) return
    const shownFor = suspendWhenOfflineTooLong(this.#parts)
    if (shownFor !== undefined) return this.#lookIn(shownFor + 1)
    const { tokenSet } = session.state
    const { window: page, now } = config.environment
    const isAwake = page?.document.visibilityState === 'visible' && page.navigator.onLine
    if (!isAwake || !tokenSet?.refreshToken || tokenSet.expiresAt === undefined) return
    const dueAt = (tokenSet.expiresAt - context.clockOffsetSeconds() - usefulLeeway(tokenSet, config.leewaySeconds)) * 1000
    const wait = Math.max(dueAt, this.#pausedUntil) - now()
    if (wait <= 0) void this.#renew()
    else this.#lookIn(wait)
  }

  #lookIn(ms: number): void {
    this.#timer = setTimeout(() => this.#look(), Math.min(ms, LONGEST_TIMER_MS))
  }

  async #renew(): Promise<void> {
    const { refresher, session, config } = this.#parts
    try {
      await session.adopt()
      await respectPause(this.#parts, 'client')
      await refresher.accessToken({})
    } catch (cause) {
      if (!(cause instanceof OAuthClientError) || !cause.retryable) return
      this.#pausedUntil = config.environment.now() + this.#delay(cause.retryAfterSeconds)
      this.#look()
    }
  }

  #delay(askedSeconds: number | undefined): number {
    const backoff = Math.min(FIRST_DELAY_MS * 2 ** this.#failures, LONGEST_DELAY_MS)
    this.#failures += 1
    return Math.max((askedSeconds ?? 0) * 1000, backoff * (0.5 + Math.random() / 2))
  }
}
