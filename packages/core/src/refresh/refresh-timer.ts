import { createError } from '../errors/create-error.js'
import { OAuthClientError } from '../errors/errors.js'
import type { Emitter } from '../platform/emitter.js'
import type { Environment } from '../platform/environment.js'
import { isPageActive, watchPage } from '../platform/page-activity.js'
import { startTimer, type Timer } from '../platform/timer.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import { CLOCK_JITTER_SECONDS, type TokenSet } from '../protocol/token-set.js'
import type { SessionEvents } from '../session/session-options.js'
import type { Session } from '../session/session.js'
import type { AccessTokenOptions, RefreshPolicy } from './refresh-options.js'
import { type RetryAfterParts, throwIfRateLimited } from './retry-after.js'

/** What the timer needs of a client. The worker client implements it by calls to its worker. */
export interface RefreshTimerParts {
  readonly environment: Environment
  readonly events: Pick<Emitter<SessionEvents>, 'on'>
  /** @returns milliseconds since the epoch, like `now`; undefined if there is nothing to refresh */
  readonly dueAt: (now: number) => number | undefined
  readonly refresh: () => Promise<unknown>
  /** @returns milliseconds until the session has to be hidden */
  readonly suspendWhenOffline?: (() => number | undefined) | undefined
}

/** What the timer of a client in the page needs. */
export interface RefreshInAdvanceParts extends RetryAfterParts {
  readonly config: {
    readonly key: string
    readonly environment: Environment
    readonly options: RefreshPolicy
    readonly leewaySeconds: number
  }
  readonly session: Session
  readonly context: Pick<ProtocolContext, 'clockOffsetSeconds'>
  readonly events: Emitter<SessionEvents>
  readonly refresher: { accessToken(options: AccessTokenOptions): Promise<unknown> }
}

/** A token with a shorter lifetime is refreshed when it is used, and otherwise no more often than this. */
const MIN_INTERVAL_SECONDS = 5
const FIRST_DELAY_MS = 2000
const MAX_DELAY_MS = 5 * 60 * 1000

/** Starts the timer of a client in the page. */
export function createRefreshTimer(client: RefreshInAdvanceParts): RefreshTimer {
  const { config, session, events } = client
  return new RefreshTimer({
    environment: config.environment,
    events,
    dueAt: (now) => (session.state.tokenSet?.refreshToken ? dueAt(session.state.tokenSet, config.leewaySeconds, now) : undefined),
    refresh: () => refreshInAdvance(client),
    suspendWhenOffline: () => suspendWhenOfflineTooLong(client),
  })
}

/**
 * @param now milliseconds since the epoch, device clock
 * @returns when to refresh, on the same clock; undefined for a token without an expiry
 */
export function dueAt(tokenSet: TokenSet, leewaySeconds: number, now: number): number | undefined {
  const { expiresAt, receivedAt, clockOffsetSeconds = 0 } = tokenSet
  if (expiresAt === undefined) return undefined
  // The clock was set back: the token expires earlier than it seems.
  if (now / 1000 < receivedAt - clockOffsetSeconds - CLOCK_JITTER_SECONDS) return now
  // At most half the lifetime, as in `isFresh`.
  const leeway = Math.min(leewaySeconds, (expiresAt - receivedAt) / 2)
  const due = Math.max(expiresAt - leeway, receivedAt + MIN_INTERVAL_SECONDS)
  return (due - clockOffsetSeconds) * 1000
}

/** Refreshes without a request of the app, and not while the server's `Retry-After` lasts. */
export async function refreshInAdvance(client: RefreshInAdvanceParts): Promise<void> {
  await client.session.adopt()
  await throwIfRateLimited(client, 'client')
  await client.refresher.accessToken({})
}

/**
 * Refreshes the token before it expires, while the page is visible and online. It checks again after sleep, on `online`, and when the
 * page is restored. After a transient failure it backs off exponentially with jitter, or as long as the server's `Retry-After` says.
 */
export class RefreshTimer {
  #timer: Timer | undefined
  #failures = 0
  #notBefore = 0
  #pauseMs = 0
  readonly #parts: RefreshTimerParts
  readonly #stopped = new AbortController()

  constructor(parts: RefreshTimerParts) {
    this.#parts = parts
    const { window: page } = parts.environment
    if (!page) return
    const { signal } = this.#stopped
    const onTokenSet = parts.events.on('token-set', () => this.#restart())
    const onSignedOut = parts.events.on('signed-out', () => clearTimeout(this.#timer))
    signal.addEventListener('abort', onTokenSet)
    signal.addEventListener('abort', onSignedOut)
    watchPage(page, (change) => (change === 'online' ? this.#restart() : this.#check()), signal)
    this.#check()
  }

  stop(): void {
    this.#stopped.abort()
    clearTimeout(this.#timer)
  }

  #restart(): void {
    this.#failures = 0
    this.#notBefore = 0
    this.#check()
  }

  /** Refreshes now, or sets the timer for when it is time. */
  #check(): void {
    clearTimeout(this.#timer)
    if (this.#stopped.signal.aborted) return
    const msUntilHidden = this.#parts.suspendWhenOffline?.()
    if (msUntilHidden !== undefined) return this.#checkIn(msUntilHidden + 1)
    const { window: page } = this.#parts.environment
    const now = this.#parts.environment.now()
    const due = page && isPageActive(page) ? this.#parts.dueAt(now) : undefined
    if (due === undefined) return
    // A clock that was set back does not make the pause longer.
    const wait = Math.max(due - now, Math.min(this.#notBefore - now, this.#pauseMs))
    if (wait <= 0) void this.#refresh()
    else this.#checkIn(wait)
  }

  #checkIn(ms: number): void {
    this.#timer = startTimer(() => this.#check(), ms)
  }

  async #refresh(): Promise<void> {
    try {
      await this.#parts.refresh()
    } catch (cause) {
      if (!(cause instanceof OAuthClientError) || !cause.retryable) return
      this.#pauseMs = this.#delay(cause.retryAfterSeconds)
      this.#notBefore = this.#parts.environment.now() + this.#pauseMs
      this.#check()
    }
  }

  #delay(retryAfterSeconds = 0): number {
    const backoff = Math.min(FIRST_DELAY_MS * 2 ** this.#failures, MAX_DELAY_MS)
    this.#failures += 1
    return Math.max(retryAfterSeconds * 1000, backoff * (0.5 + Math.random() / 2))
  }
}

/**
 * Hides the session after `offlineGrace` without a network. It stays stored: `online` shows it again.
 *
 * @returns milliseconds until then; undefined if it is shown without a limit, or hidden already
 */
export function suspendWhenOfflineTooLong({
  config,
  session,
  context,
}: Pick<RefreshInAdvanceParts, 'config' | 'session' | 'context'>): number | undefined {
  const { environment, options } = config
  const expiresAt = session.state.tokenSet?.expiresAt
  if (environment.window?.navigator.onLine !== false || options.offlineGrace === undefined || expiresAt === undefined)
    return undefined

  const left = (expiresAt + options.offlineGrace - context.clockOffsetSeconds()) * 1000 - environment.now()
  if (left >= 0) return left
  session.suspend(
    createError('offline', 'The device has been offline for longer than "offlineGrace" allows, so the session is hidden.', {
      hint: 'Nothing is lost: the session is shown again when the network is back.',
      retryable: true,
    }),
  )
  return undefined
}
