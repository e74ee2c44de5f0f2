import type { ClientParts } from '../client/client-parts.js'
import { OAuthClientError } from '../errors/errors.js'
import { suspendWhenOfflineTooLong } from './offline.js'
import { respectPause } from './retry-after.js'
import { type TokenSet, usefulLeeway } from '../protocol/token-set.js'
import type { ClientEvents } from '../client/events.js'
import type { Emitter } from '../platform/emitter.js'
import type { Environment } from '../platform/environment.js'

const LONGEST_TIMER_MS = 2 ** 31 - 1
const FIRST_DELAY_MS = 2000
const LONGEST_DELAY_MS = 5 * 60 * 1000

/** What the timer needs. The worker client implements it by calls to its worker. */
export interface RenewalParts {
  readonly environment: Environment
  readonly events: Pick<Emitter<ClientEvents>, 'on'>
  /** @returns milliseconds since the epoch; undefined if there is nothing to refresh */
  readonly dueAt: () => number | undefined
  readonly refresh: () => Promise<unknown>
  /** @returns milliseconds until the session has to be hidden */
  readonly suspendWhenOffline?: () => number | undefined
}

export function createRenewal(parts: ClientParts): Renewal {
  const { config, session, events } = parts
  return new Renewal({
    environment: config.environment,
    events,
    dueAt: () => (session.state.tokenSet?.refreshToken ? dueAt(session.state.tokenSet, config.leewaySeconds) : undefined),
    refresh: () => refreshInAdvance(parts),
    suspendWhenOffline: () => suspendWhenOfflineTooLong(parts),
  })
}

/** @returns when to refresh, in milliseconds since the epoch on the device's clock; undefined for a token without expiry */
export function dueAt(tokenSet: TokenSet, leewaySeconds: number): number | undefined {
  if (tokenSet.expiresAt === undefined) return undefined
  return (tokenSet.expiresAt - (tokenSet.clockOffsetSeconds ?? 0) - usefulLeeway(tokenSet, leewaySeconds)) * 1000
}

/** Refreshes without a request of the app: not before the server's `Retry-After` is over. */
export async function refreshInAdvance(parts: Pick<ClientParts, 'config' | 'records' | 'session' | 'refresher'>): Promise<void> {
  await parts.session.adopt()
  await respectPause(parts, 'client')
  await parts.refresher.accessToken({})
}

/**
 * Renews the token before it expires, while the page is visible and online; looks again on wake from sleep, on `online` and when
 * the page comes back. A refusal for now (network, 429, 5xx) is followed by a longer and longer pause with jitter, or the one the
 * server asked for.
 */
export class Renewal {
  #timer: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  #pausedUntil = 0
  readonly #parts: RenewalParts
  readonly #stopped = new AbortController()

  constructor(parts: RenewalParts) {
    this.#parts = parts
    const { window: page } = parts.environment
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
    if (this.#stopped.signal.aborted) return
    const shownFor = this.#parts.suspendWhenOffline?.()
    if (shownFor !== undefined) return this.#lookIn(shownFor + 1)
    const { window: page, now } = this.#parts.environment
    const isAwake = page?.document.visibilityState === 'visible' && page.navigator.onLine
    const dueAt = isAwake ? this.#parts.dueAt() : undefined
    if (dueAt === undefined) return
    const wait = Math.max(dueAt, this.#pausedUntil) - now()
    if (wait <= 0) void this.#renew()
    else this.#lookIn(wait)
  }

  #lookIn(ms: number): void {
    this.#timer = setTimeout(() => this.#look(), Math.min(ms, LONGEST_TIMER_MS))
  }

  async #renew(): Promise<void> {
    try {
      await this.#parts.refresh()
    } catch (cause) {
      if (!(cause instanceof OAuthClientError) || !cause.retryable) return
      this.#pausedUntil = this.#parts.environment.now() + this.#delay(cause.retryAfterSeconds)
      this.#look()
    }
  }

  #delay(askedSeconds: number | undefined): number {
    const backoff = Math.min(FIRST_DELAY_MS * 2 ** this.#failures, LONGEST_DELAY_MS)
    this.#failures += 1
    return Math.max((askedSeconds ?? 0) * 1000, backoff * (0.5 + Math.random() / 2))
  }
}
