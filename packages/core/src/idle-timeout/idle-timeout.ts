import { createError } from '../errors/create-error.js'
import type { ConfigurationError } from '../errors/errors.js'
import { clientKey } from '../client/client-key.js'
import { currentEnvironment, type Environment } from '../platform/environment.js'
import type { OAuthClient } from '../client/client.js'
import type { LogoutOptions } from '../sign-out/logout-options.js'
import { SharedActivity } from './shared-activity.js'

export interface IdleTimeoutOptions {
  /** Seconds without activity in any tab after which the session is ended. */
  readonly timeoutSeconds: number
  /** Seconds before the end at which the countdown begins. Default 60, or the whole timeout where that is shorter. 0: none. */
  readonly warnSeconds?: number
  /**
   * Called in every tab, once a second while the countdown runs.
   *
   * @param secondsLeft whole seconds; 0 when time is up; undefined when somebody came back or the session is over
   */
  readonly onCountdown?: (secondsLeft: number | undefined) => void
  /**
   * How the session is ended; a function is asked when it is. Default: as `logout()` does, at the authorization server too.
   * `{ local: true }`: here alone.
   */
  readonly logout?: LogoutOptions | (() => LogoutOptions | undefined)
}

export interface IdleTimeout {
  /** Counts as activity that no event shows: a film that plays, a button "stay signed in". */
  keepAlive(): void
  stop(): void
}

const ACTIVITY = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'scroll', 'touchstart'] as const
const WAKING = ['pageshow', 'focus', 'resume', 'visibilitychange'] as const
const LONGEST_TIMER_MS = 2 ** 31 - 1
/** How long a tab that ended the session gets until the others see it. */
const NEWS_PATIENCE_MS = 5000

/**
 * Ends the session when nobody was active in any tab for a time. All tabs share one last activity, so they count down together, and
 * activity in one keeps all alive. Time is read off the clock and not counted by timers: a device that slept through the end signs
 * out when it wakes, before a movement of the mouse could count. The time in which no tab was open counts too.
 *
 * @returns a way to keep the session alive, and to stop
 * @throws ConfigurationError for durations that make no sense, and where there is no page
 * @example
 * import { startIdleTimeout } from '@latchkey/core/idle-timeout'
 * const idle = startIdleTimeout(client, { timeoutSeconds: 900, onCountdown: (secondsLeft) => showWarning(secondsLeft) })
 */
export function startIdleTimeout(client: OAuthClient<unknown>, options: IdleTimeoutOptions): IdleTimeout {
  const environment = environmentOf(client)
  const page = environment.window
  if (!page) throw misused('there is no page here whose activity could be seen', 'unsupported')
  const { timeoutSeconds, warnSeconds = Math.min(60, timeoutSeconds) } = options
  if (!(timeoutSeconds > 0 && warnSeconds >= 0 && warnSeconds <= timeoutSeconds)) {
    throw misused('"timeoutSeconds" must be positive and "warnSeconds" between 0 and "timeoutSeconds"', 'configuration')
  }
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
  #own = 0
  #shown: number | undefined
  #isEnding = false
  #timer: ReturnType<typeof setTimeout> | undefined
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
    const look = (): void => this.#look()
    for (const type of ACTIVITY) page.addEventListener(type, () => this.noteActivity(), { signal, passive: true, capture: true })
    for (const type of WAKING) page.addEventListener(type, look, { signal, capture: true })
    this.#shared.onChange(() => this.#shown !== undefined && this.#look(), signal)
    signal.addEventListener('abort', client.subscribe(look))
    look()
  }

  stop(): void {
    this.#stopped.abort()
    clearTimeout(this.#timer)
  }

  noteActivity(): void {
    if (!this.#isSignedIn || this.#stopped.signal.aborted) return
    // Too late: whoever moves the mouse of a device that slept is not known to be the one who signed in.
    if (this.#leftMs() <= 0) return this.#look()
    this.#own = this.#parts.environment.now()
    this.#shared.note(this.#own)
    if (this.#shown !== undefined) this.#look()
  }

  get #isSignedIn(): boolean {
    return this.#parts.client.getSnapshot().status === 'signed-in'
  }

  #leftMs(): number {
    const now = this.#parts.environment.now()
    return this.#lastActivity(now) + this.#parts.options.timeoutSeconds * 1000 - now
  }

  /** A time in the future means that the clock was set back since: that is now at most. */
  #lastActivity(now: number): number {
    const { tokenSet } = this.#parts.client.getSnapshot()
    // Signing in is activity. It counts even where no tab noted any, and where what was noted belongs to a session before this one.
    const signedInAt = tokenSet && (tokenSet.signedInAt ?? tokenSet.receivedAt) - (tokenSet.clockOffsetSeconds ?? 0)
    return Math.min(now, Math.max(this.#own, this.#shared.at ?? 0, (signedInAt ?? 0) * 1000))
  }

  /** Tells, sets the timer for the next moment that matters, or ends the session. */
  #look(): void {
    clearTimeout(this.#timer)
    if (this.#stopped.signal.aborted) return
    if (!this.#isSignedIn) return this.#tell(undefined)
    const leftMs = this.#leftMs()
    const untilWarningMs = leftMs - this.#parts.options.warnSeconds * 1000
    if (leftMs <= 0) return void this.#end()
    this.#tell(untilWarningMs <= 0 ? Math.ceil(leftMs / 1000) : undefined)
    const wait = untilWarningMs > 0 ? untilWarningMs : leftMs % 1000 || 1000
    this.#timer = setTimeout(() => this.#look(), Math.min(wait, LONGEST_TIMER_MS))
  }

  #tell(secondsLeft: number | undefined): void {
    if (secondsLeft === this.#shown) return
    this.#shown = secondsLeft
    this.#parts.options.onCountdown?.(secondsLeft)
  }

  async #end(): Promise<void> {
    this.#tell(0)
    if (this.#isEnding) return
    this.#isEnding = true
    const { locks } = this.#parts.environment
    try {
      await (locks ? locks.request(this.#lockName, () => this.#endInTurn()) : this.#endInTurn())
    } finally {
      this.#isEnding = false
    }
  }

  /** All tabs get here at the same time: one of them makes the trip to the authorization server, the others hear of it. */
  async #endInTurn(): Promise<void> {
    const { client, environment, options } = this.#parts
    if (!this.#isSignedIn || this.#leftMs() > 0) return this.#look()
    const now = environment.now()
    const isEndedElsewhere = now - (this.#shared.endedAt ?? 0) < NEWS_PATIENCE_MS
    if (isEndedElsewhere) this.#timer = setTimeout(() => this.#look(), NEWS_PATIENCE_MS)
    else {
      this.#shared.noteEnd(now)
      await client.logout(typeof options.logout === 'function' ? options.logout() : options.logout)
    }
  }
}

function environmentOf({ options }: Pick<OAuthClient<unknown>, 'options'>): Environment {
  return currentEnvironment({ ...(options.now && { now: options.now }), ...options.environment })
}

function misused(message: string, code: 'configuration' | 'unsupported'): ConfigurationError {
  return createError(code, message, { hint: 'Call startIdleTimeout() in a page, with durations in seconds.' })
}
