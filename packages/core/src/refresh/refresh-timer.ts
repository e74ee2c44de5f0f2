import { createError } from '../errors/create-error.js'
import { OAuthClientError } from '../errors/errors.js'
import type { Emitter } from '../platform/emitter.js'
import type { Environment } from '../platform/environment.js'
import { isPageActive, watchPage } from '../platform/page-activity.js'
import { MAX_TIMEOUT_MS } from '../platform/timeouts.js'
import type { ProtocolContext } from '../protocol/protocol.js'
import { usefulLeeway } from '../protocol/token-set.js'
import type { SessionEvents } from '../session/session-options.js'
import type { Session } from '../session/session.js'
import type { AccessTokenOptions, RefreshPolicy } from './refresh-options.js'
import { type RetryAfterParts, throwIfRateLimited } from './retry-after.js'

/** What the timer needs of a client. */
export interface RefreshTimerParts extends RetryAfterParts {
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

const FIRST_DELAY_MS = 2000
const MAX_DELAY_MS = 5 * 60 * 1000

/**
 * Refreshes the token before it expires, while the page is visible and online. It checks again after sleep, on `online`, and when the
 * page is restored. After a transient failure it backs off exponentially with jitter, or as long as the server's `Retry-After` says.
 *
 * @param signal stops the timer
 */
export class RefreshTimer {
  #timer: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  #notBefore = 0
  readonly #parts: RefreshTimerParts
  readonly #signal: AbortSignal

  constructor(parts: RefreshTimerParts, signal: AbortSignal) {
    this.#parts = parts
    this.#signal = signal
    const { window: page } = parts.config.environment
    if (!page || signal.aborted) return
    const unsubscribe = [
      parts.events.on('token-set', () => this.#restart()),
      parts.events.on('signed-out', () => clearTimeout(this.#timer)),
    ]
    signal.addEventListener('abort', () => {
      for (const stop of unsubscribe) stop()
      clearTimeout(this.#timer)
    })
    watchPage(page, (change) => (change === 'online' ? this.#restart() : this.#check()), signal)
    this.#check()
  }

  #restart(): void {
    this.#failures = 0
    this.#notBefore = 0
    this.#check()
  }

  /** Refreshes now, or sets the timer for when it is time. */
  #check(): void {
    clearTimeout(this.#timer)
    const { session, config, context } = this.#parts
    if (this.#signal.aborted) return
    const msUntilHidden = suspendWhenOfflineTooLong(this.#parts)
    if (msUntilHidden !== undefined) return this.#checkIn(msUntilHidden + 1)
    const { tokenSet } = session.state
    const { window: page, now } = config.environment
    if (!page || !isPageActive(page) || !tokenSet?.refreshToken || tokenSet.expiresAt === undefined) return
    const dueAt = (tokenSet.expiresAt - context.clockOffsetSeconds() - usefulLeeway(tokenSet, config.leewaySeconds)) * 1000
    const wait = Math.max(dueAt, this.#notBefore) - now()
    if (wait <= 0) void this.#refresh()
    else this.#checkIn(wait)
  }

  #checkIn(ms: number): void {
    this.#timer = setTimeout(() => this.#check(), Math.min(ms, MAX_TIMEOUT_MS))
  }

  async #refresh(): Promise<void> {
    const { refresher, session, config } = this.#parts
    try {
      await session.adopt()
      await throwIfRateLimited(this.#parts, 'client')
      await refresher.accessToken({})
    } catch (cause) {
      if (!(cause instanceof OAuthClientError) || !cause.retryable) return
      this.#notBefore = config.environment.now() + this.#delay(cause.retryAfterSeconds)
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
}: Pick<RefreshTimerParts, 'config' | 'session' | 'context'>): number | undefined {
  const { environment, options } = config
  const expiresAt = session.state.tokenSet?.expiresAt
  if (environment.window?.navigator.onLine !== false || options.offlineGrace === undefined || expiresAt === undefined) {
    return undefined
  }
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
