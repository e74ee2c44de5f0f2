import { createError } from '../errors/create-error.js'
import { type OptionNames, refuseOtherKind, refuseUnknownOptions } from '../errors/unknown-options.js'
import type { ConfigurationError } from '../errors/errors.js'
import { clientKey } from '../client/resolve-options.js'
import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { type Environment, environmentOf } from '../platform/environment.js'
import { type Logger, warningLogger } from '../platform/logger.js'
import { notifyApp } from '../platform/notify-app.js'
import { watchPage } from '../platform/page-activity.js'
import { startTimer, timeoutSignal, type Timer } from '../platform/timer.js'
import type { OAuthClient } from '../client/client.js'
import type { LogoutOptions } from '../sign-out/logout-options.js'
import { SharedActivity } from './shared-activity.js'

/** Options of {@link startIdleTimeout}. */
export interface IdleTimeoutOptions {
  /** Seconds without activity in any tab after which the session ends. */
  readonly timeoutSeconds: number
  /** Length of the countdown before the end, in seconds. Default: 60, or the timeout if that is shorter. 0 turns it off. */
  readonly warnSeconds?: number | undefined
  /**
   * Called in every tab, once a second during the countdown.
   *
   * @param secondsLeft whole seconds; 0 when the time is up; undefined when the user is active again or the session has ended
   */
  readonly onCountdown?: ((secondsLeft: number | undefined) => void) | undefined
  /**
   * Options of the sign-out, or a function that returns them at that moment. Default: as for `logout()`, so the user is signed out at the
   * authorization server too. `{ local: true }` ends the session in this browser only.
   */
  readonly logout?: LogoutOptions | (() => LogoutOptions | undefined) | undefined
}

const OPTIONS: OptionNames<IdleTimeoutOptions> = {
  timeoutSeconds: 'number',
  warnSeconds: 'number',
  onCountdown: 'function',
  logout: 'object | function',
}

/** A running idle timeout. */
export interface IdleTimeout {
  /** Reports activity that raises no event, such as a playing video or a button "stay signed in". */
  keepAlive(): void
  /** Stops the timeout. The session continues. */
  stop(): void
}

const ACTIVITY = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'scroll', 'touchstart'] as const
const WAKING = ['focus', 'resume'] as const
/** How long the other tabs wait for the sign-out of the tab that ends the session. */
const SIGN_OUT_TIMEOUT_MS = 5000

/**
 * Ends the session after a time without activity in any tab. All tabs share the time of the last activity: they count down together, and
 * activity in one keeps the session of all. The clock decides, not timers: a device that was asleep at the end signs out when it wakes,
 * before a mouse movement can extend the session. Time in which no tab was open is included.
 *
 * @throws ConfigurationError for invalid durations, and outside a page
 * @example
 * import { startIdleTimeout } from '@latchkey/core/idle-timeout'
 * const idle = startIdleTimeout(client, { timeoutSeconds: 900, onCountdown: (secondsLeft) => showWarning(secondsLeft) })
 */
export function startIdleTimeout(client: OAuthClient<unknown>, options: IdleTimeoutOptions): IdleTimeout {
  if (IS_DEVELOPMENT) {
    refuseOtherKind('startIdleTimeout()', 'client', [
      (client as Partial<OAuthClient<unknown>> | undefined)?.getSnapshot,
      'function',
      'required',
    ])
    refuseUnknownOptions('startIdleTimeout()', options, OPTIONS, 'required')
  }
  requireKind('startIdleTimeout()', 'object', client, options)
  const { getSnapshot } = client as { readonly getSnapshot: unknown }
  requireKind('startIdleTimeout()', 'function', getSnapshot)
  const environment = environmentOf(client.options)
  const page = environment.window
  if (!page) throw misused('The idle timeout needs a page.', 'unsupported')
  const { timeoutSeconds, warnSeconds = Math.min(60, timeoutSeconds) } = options
  if (!(timeoutSeconds > 0 && warnSeconds >= 0 && warnSeconds <= timeoutSeconds))
    throw misused('"timeoutSeconds" must be positive and "warnSeconds" between 0 and "timeoutSeconds".', 'configuration')

  const countdown = new Countdown({ client, environment, page, options: { ...options, warnSeconds } })
  return { keepAlive: () => countdown.noteActivity(), stop: () => countdown.stop() }
}

interface CountdownParts {
  readonly client: OAuthClient<unknown>
  readonly environment: Environment
  readonly page: Window & typeof globalThis
  readonly options: IdleTimeoutOptions & { readonly warnSeconds: number }
}

class Countdown {
  #ownActivity: number | undefined
  /** When this tab first saw a time that cannot be right, by that time. */
  readonly #firstSeen = new Map<number, number>()
  #firstReceivedAt: number | undefined
  #shown: number | undefined
  #isEnding = false
  #timer: Timer | undefined
  readonly #parts: CountdownParts
  readonly #lockName: string
  readonly #shared: SharedActivity
  readonly #stopped = new AbortController()

  constructor(parts: CountdownParts) {
    const { client, page } = parts
    const { issuer, server, clientId, name } = client.options
    const key = clientKey(issuer ?? server?.issuer ?? '', clientId, name)
    this.#parts = parts
    this.#lockName = `latchkey/${key}/idle`
    this.#shared = new SharedActivity(page, key)
    const { signal } = this.#stopped
    const update = (): void => this.#update()
    for (const type of ACTIVITY) page.addEventListener(type, () => this.noteActivity(), { signal, passive: true, capture: true })
    for (const type of WAKING) page.addEventListener(type, update, { signal, capture: true })
    watchPage(page, update, signal)
    this.#shared.onChange(() => this.#shown !== undefined && this.#update(), signal)
    signal.addEventListener('abort', client.subscribe(update))
    update()
  }

  stop(): void {
    this.#stopped.abort()
    clearTimeout(this.#timer)
  }

  noteActivity(): void {
    if (!this.#isSignedIn || this.#stopped.signal.aborted) return
    // Too late: someone else may use a device that was asleep.
    if (this.#leftMs() <= 0) return this.#update()
    this.#ownActivity = this.#parts.environment.now()
    this.#shared.note(this.#ownActivity)
    if (this.#shown !== undefined) this.#update()
  }

  get #isSignedIn(): boolean {
    return this.#parts.client.getSnapshot().status === 'signed-in'
  }

  #leftMs(): number {
    const now = this.#parts.environment.now()
    return this.#lastActivity(now) + this.#parts.options.timeoutSeconds * 1000 - now
  }

  /** The sign-in is activity, even if no tab has recorded any, or only in an earlier session. */
  #lastActivity(now: number): number {
    const { tokenSet } = this.#parts.client.getSnapshot()
    // A session that does not say when it began has begun before this tab saw it. What it receives later is no activity.
    this.#firstReceivedAt ??= tokenSet?.receivedAt
    const startedAt = tokenSet?.signedInAt ?? this.#firstReceivedAt
    const signedInAt = tokenSet && startedAt !== undefined ? startedAt - (tokenSet.clockOffsetSeconds ?? 0) : undefined
    const times = [this.#ownActivity, this.#shared.at, (signedInAt ?? 0) * 1000].filter((time) => time !== undefined)
    return Math.max(...times.map((time) => this.#possible(time, now)))
  }

  /**
   * A time in the future was recorded by a clock that was wrong, and must not extend the session until then. A sign-in without a time, as
   * in tests, was not in 1970. Both are activity at the moment at which this tab first sees them.
   */
  #possible(time: number, now: number): number {
    if (time > 0 && time <= now) return time
    const seenAt = Math.min(this.#firstSeen.get(time) ?? now, now)
    this.#firstSeen.set(time, seenAt)
    return seenAt
  }

  /** Updates the countdown and sets the next timer, or ends the session. */
  #update(): void {
    clearTimeout(this.#timer)
    if (this.#stopped.signal.aborted) return
    if (!this.#isSignedIn) {
      this.#firstSeen.clear()
      this.#firstReceivedAt = undefined
      return this.#report(undefined)
    }
    const leftMs = this.#leftMs()
    const untilWarningMs = leftMs - this.#parts.options.warnSeconds * 1000
    if (leftMs <= 0) return void this.#end()
    this.#report(untilWarningMs <= 0 ? Math.ceil(leftMs / 1000) : undefined)
    const wait = untilWarningMs > 0 ? untilWarningMs : leftMs % 1000 || 1000
    this.#timer = startTimer(() => this.#update(), wait)
  }

  #report(secondsLeft: number | undefined): void {
    if (secondsLeft === this.#shown) return
    this.#shown = secondsLeft
    notifyApp(() => this.#parts.options.onCountdown?.(secondsLeft), this.#logger, 'idle timeout: onCountdown()')
  }

  async #end(): Promise<void> {
    this.#report(0)
    if (this.#isEnding) return
    this.#isEnding = true
    await this.#inTurn(() => this.#endInTurn()).catch((cause: unknown) => this.#warn('the sign-out failed', cause))
    this.#isEnding = false
    if (!this.#isSignedIn || this.#stopped.signal.aborted) return
    if (this.#leftMs() > 0) return this.#update()
    // Whatever went wrong, in this tab or in the one that signs out: the session must not continue.
    clearTimeout(this.#timer)
    this.#timer = startTimer(() => this.#update(), SIGN_OUT_TIMEOUT_MS)
  }

  /** A lock that the browser refuses, or that a frozen tab holds, does not keep the session alive. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const { locks } = this.#parts.environment
    let isGranted = false
    const granted = (): Promise<void> => {
      isGranted = true
      return work()
    }
    try {
      if (locks) return await locks.request(this.#lockName, { signal: timeoutSignal(SIGN_OUT_TIMEOUT_MS) }, granted)
    } catch (cause) {
      if (isGranted) throw cause
    }
    await work()
  }

  /** All tabs get here at the same time. One signs out at the authorization server; the others receive its message. */
  async #endInTurn(): Promise<void> {
    if (!this.#isSignedIn || this.#leftMs() > 0) return
    const now = this.#parts.environment.now()
    const sinceEnd = now - (this.#shared.endedAt ?? 0)
    if (sinceEnd >= 0 && sinceEnd < SIGN_OUT_TIMEOUT_MS) return
    this.#shared.noteEnd(now)
    await this.#signOut()
  }

  /** If the sign-out fails or does not end, the session ends in this browser at least. */
  async #signOut(): Promise<void> {
    const { client } = this.#parts
    const timedOut = new Promise<void>((resolve) => startTimer(resolve, SIGN_OUT_TIMEOUT_MS))
    const signOut = async (options: LogoutOptions | undefined): Promise<void> => void (await client.logout(options))
    const ended = signOut(this.#logoutOptions()).catch((cause: unknown) => this.#warn('logout() failed', cause))
    await Promise.race([ended, timedOut])
    if (this.#isSignedIn) await Promise.race([signOut({ local: true, revoke: false }), timedOut])
  }

  #logoutOptions(): LogoutOptions | undefined {
    const { logout } = this.#parts.options
    if (typeof logout !== 'function') return logout
    try {
      return logout()
    } catch (cause) {
      this.#warn('the option "logout" threw', cause)
      return undefined
    }
  }

  get #logger(): Logger {
    return this.#parts.client.options.logger ?? warningLogger
  }

  #warn(what: string, cause: unknown): void {
    this.#logger.warn(`idle timeout: ${what}`, { error: cause instanceof Error ? cause.name : typeof cause })
  }
}

function misused(message: string, code: 'configuration' | 'unsupported'): ConfigurationError {
  return createError(code, message, { hint: 'Call startIdleTimeout() in a page, with durations in seconds.' })
}
