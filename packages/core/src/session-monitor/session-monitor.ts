import { parseUrl } from '../platform/parse-url.js'
import { createError } from '../errors/create-error.js'
import { type OptionNames, refuseUnknownOptions } from '../errors/unknown-options.js'
import type { OAuthClientError } from '../errors/errors.js'
import { type ClientInternals, internalsOf } from '../client/internals.js'
import { loadRareCalls } from '../client/lazy.js'
import type { OAuthClient } from '../client/client.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { isLoopback } from '../platform/is-loopback.js'
import { notifyApp } from '../platform/notify-app.js'
import { isPageActive, watchPage } from '../platform/page-activity.js'
import { startTimer, type Timer } from '../platform/timer.js'
import { errorStatus, noResponse, noSessionState } from './monitor-errors.js'
import { type FrameStatus, ServerFrame } from './server-frame.js'
import { inconclusive, type Verdict, verifySession } from './verify-session.js'

/** Options of {@link monitorSession}. */
export interface SessionMonitorOptions {
  /** Seconds between two messages to the server's frame. Default 2. */
  readonly intervalSeconds?: number | undefined
  /** Redirect URI of the silent sign-in. Default: the client's. A page with `relayCallback` is faster. */
  readonly redirectUri?: string | undefined
  /**
   * Called when this session cannot be monitored, with the reason: no `check_session_iframe`, no `session_state`, a frame that does not
   * respond or responds `error`, blocked third-party cookies. The session continues, and the next one is monitored again. A frame that does
   * not respond, or metadata that cannot be read, is loaded again after a while, ever more rarely.
   */
  readonly onStopped?: ((error: OAuthClientError) => void) | undefined
}

const OPTIONS: OptionNames<SessionMonitorOptions> = { intervalSeconds: 'number', redirectUri: 'string', onStopped: 'function' }

/** A running session monitor. */
export interface SessionMonitor {
  /** Stops the monitor. The session continues. */
  stop(): void
}

type Page = Window & typeof globalThis

/** Consecutive messages without a response after which the frame is treated as blocked. */
const MAX_UNANSWERED = 5
const LONGEST_DELAY_MS = 5 * 60 * 1000

/**
 * Ends the session when the user signs out, or another user signs in, at the authorization server. A hidden frame of the server is polled
 * while the page is visible. One tab verifies a `changed` by a silent sign-in before anything ends, so that network failures, a slow
 * server and blocked cookies end no session.
 *
 * The frame needs the server's cookies. If the browser blocks third-party cookies, the monitor works only for a server on the app's own
 * site; otherwise `onStopped` is called. With a Content Security Policy, `frame-src` must allow the server.
 *
 * @throws ConfigurationError outside a page, and for a client that `createOAuthClient` did not create
 * @see OpenID Connect Session Management 1.0
 * @example
 * import { monitorSession } from '@latchkey/core/session-monitor'
 * const monitor = monitorSession(client, { onStopped: (error) => console.info(error.message) })
 */
export function monitorSession(client: OAuthClient<unknown>, options: SessionMonitorOptions = {}): SessionMonitor {
  if (IS_DEVELOPMENT) refuseUnknownOptions('monitorSession()', options, OPTIONS)
  const parts = internalsOf(client)
  const page = parts.config.environment.window
  const hint = 'Start it in the page, not in a worker or on a server.'
  if (!page) throw createError('unsupported', 'The session monitor needs a page for its frame.', { hint })
  const { intervalSeconds = 2 } = options
  if (!(intervalSeconds > 0))
    throw createError('configuration', '"intervalSeconds" must be positive.', { hint: 'Omit it to use the default.' })
  const monitor = new Monitor(parts, page, { ...options, intervalSeconds })
  return { stop: () => monitor.stop() }
}

class Monitor {
  /** The monitored `session_state`. */
  #watched: string | undefined
  /** The `session_state` that `onStopped` was called for. */
  #reported: string | undefined
  /** The `session_state` that cannot be monitored. */
  #abandoned: string | undefined
  /** The `session_state` that the frame has called unchanged. */
  #proven: string | undefined
  #frame: ServerFrame | undefined
  #timer: Timer | undefined
  #unanswered = 0
  /** Verifications in a row, whatever their result. */
  #doubts = 0
  /** When the frame began to say `unchanged`, as `performance.now()` has it. */
  #unchangedSince: number | undefined
  /** When the next verification may begin, likewise. */
  #nextVerification = 0
  #failedStarts = 0
  #isVerifying = false
  readonly #parts: ClientInternals
  readonly #page: Page
  readonly #options: SessionMonitorOptions & { readonly intervalSeconds: number }
  readonly #stopped = new AbortController()

  constructor(parts: ClientInternals, page: Page, options: SessionMonitorOptions & { readonly intervalSeconds: number }) {
    this.#parts = parts
    this.#page = page
    this.#options = options
    const { signal } = this.#stopped
    watchPage(page, (change) => change !== 'offline' && this.#resume(), signal)
    signal.addEventListener(
      'abort',
      parts.session.subscribe(() => this.#look()),
    )
    this.#look()
  }

  stop(): void {
    this.#stopped.abort()
    this.#pause()
  }

  get #sessionState(): string | undefined {
    return this.#parts.session.state.tokenSet?.sessionState
  }

  get #mayAsk(): boolean {
    return !this.#stopped.signal.aborted && isPageActive(this.#page)
  }

  /** Monitors the current session. Called whenever the session has changed. */
  #look(): void {
    const { status, tokenSet } = this.#parts.session.state
    if (status === 'signed-in' && !tokenSet.sessionState) this.#giveUp(noSessionState())
    if (this.#sessionState === this.#watched) return
    this.#pause()
    this.#watched = this.#sessionState
    this.#failedStarts = 0
    if (this.#watched === undefined) void this.#parts.records.take(this.#provenKey)
    else void this.#start(this.#watched)
  }

  #resume(): void {
    if (!this.#mayAsk) return this.#pause()
    if (this.#watched !== undefined && !this.#frame) void this.#start(this.#watched)
  }

  async #start(sessionState: string): Promise<void> {
    try {
      await this.#begin(sessionState)
    } catch (cause) {
      const error = await this.#parts.context.explain(cause)
      if (this.#watched !== sessionState || this.#frame) return
      // A captive portal responds with a page of its own until the user has agreed to its terms.
      const isOdd = error.code === 'invalid_metadata'
      if (isOdd) this.#report(error)
      if (isOdd || error.retryable) this.#startAgain(this.#failedStarts, error.retryAfterSeconds)
      else this.#giveUp(error)
    }
  }

  /** A transient failure, such as a status of 503 for the metadata or for the frame, is not final. */
  #startAgain(failures: number, retryAfterSeconds = 0): void {
    clearTimeout(this.#timer)
    this.#failedStarts += 1
    const delayMs = Math.max(this.#backoffMs(failures), retryAfterSeconds * 1000)
    this.#timer = startTimer(() => this.#resume(), Math.min(delayMs, LONGEST_DELAY_MS))
  }

  #pause(): void {
    clearTimeout(this.#timer)
    this.#frame?.remove()
    this.#frame = undefined
  }

  /** Stops until the next session. */
  #giveUp(error: OAuthClientError): void {
    this.#abandoned = this.#sessionState ?? 'none'
    this.#report(error)
  }

  #report(error: OAuthClientError): void {
    this.#pause()
    const sessionState = this.#sessionState ?? 'none'
    if (this.#reported === sessionState || this.#stopped.signal.aborted) return
    this.#reported = sessionState
    notifyApp(() => this.#options.onStopped?.(error), this.#parts.context.logger, 'session monitor: onStopped()')
  }

  async #begin(sessionState: string): Promise<void> {
    if (!this.#mayAsk || this.#abandoned === sessionState) return
    const { loadServer } = await loadRareCalls()
    const { metadata } = await loadServer(this.#parts.context, { keys: false })
    const url = frameUrl(metadata.check_session_iframe)
    const record = await this.#parts.records.read(this.#provenKey)
    if (typeof record === 'object' && record.value === sessionState) this.#proven = sessionState
    if (this.#watched !== sessionState || this.#frame || !this.#mayAsk) return
    this.#unanswered = 0
    const onStatus = (status: FrameStatus): void => this.#handleStatus(status, sessionState)
    this.#frame = new ServerFrame(this.#page, url, { ready: () => this.#ask(sessionState), status: onStatus })
  }

  /** Asks now, and again after the interval even without a response: a message is lost while the frame is still loading. */
  #ask(sessionState: string): void {
    clearTimeout(this.#timer)
    if (this.#unanswered >= MAX_UNANSWERED) {
      this.#report(noResponse(MAX_UNANSWERED))
      return this.#startAgain(MAX_UNANSWERED + this.#failedStarts)
    }
    this.#unanswered += 1
    this.#frame?.ask(this.#parts.config.options.clientId, sessionState)
    this.#askIn(this.#options.intervalSeconds * 1000, sessionState)
  }

  #askIn(delayMs: number, sessionState: string): void {
    clearTimeout(this.#timer)
    this.#timer = startTimer(() => this.#ask(sessionState), delayMs)
  }

  #handleStatus(status: FrameStatus, sessionState: string): void {
    this.#unanswered = 0
    this.#failedStarts = 0
    this.#noteStability(status)
    if (status === 'changed') void this.#verify(sessionState)
    else if (status === 'error') this.#giveUp(errorStatus())
    else if (this.#proven !== sessionState) {
      this.#proven = sessionState
      // Kept across reloads, so that a sign-out while no page was open is recognized.
      void this.#parts.records.write(this.#provenKey, sessionState)
    }
  }

  /** The delay is short again after the session was unchanged for as long as it is. */
  #noteStability(status: FrameStatus): void {
    const now = performance.now()
    this.#unchangedSince = status === 'unchanged' ? (this.#unchangedSince ?? now) : undefined
    if (this.#unchangedSince !== undefined && now - this.#unchangedSince > this.#backoffMs(this.#doubts)) this.#doubts = 0
  }

  async #verify(sessionState: string): Promise<void> {
    if (this.#isVerifying) return
    const waitMs = this.#nextVerification - performance.now()
    if (waitMs > 0) return this.#askIn(waitMs, sessionState)
    this.#isVerifying = true
    clearTimeout(this.#timer)
    const { redirectUri } = this.#options
    const { signal } = this.#stopped
    const isProven = this.#proven === sessionState
    // A stolen lock or a failed storage says nothing about the session.
    const verdict = await verifySession(this.#parts, { sessionState, isProven, redirectUri, signal }).catch(() => inconclusive)
    this.#isVerifying = false
    const delayMs = this.#backOff(verdict)
    if (verdict.type === 'unverifiable') this.#giveUp(verdict.error)
    else if (this.#frame && this.#watched === sessionState) this.#askIn(delayMs, sessionState)
  }

  /**
   * Delays the next verification. A server whose frame always says `changed` would otherwise get a silent sign-in for each message, also
   * if each one succeeds and leads to another `session_state`.
   */
  #backOff(verdict: Verdict): number {
    const retryAfterMs = (verdict.type === 'later' ? (verdict.retryAfterSeconds ?? 0) : 0) * 1000
    const delayMs = Math.min(Math.max(this.#backoffMs(this.#doubts), retryAfterMs), LONGEST_DELAY_MS)
    this.#doubts += 1
    this.#nextVerification = performance.now() + delayMs
    return delayMs
  }

  #backoffMs(failures: number): number {
    return Math.min(this.#options.intervalSeconds * 1000 * 2 ** failures, LONGEST_DELAY_MS)
  }

  get #provenKey(): string {
    return `latchkey/${this.#parts.config.key}/monitor`
  }
}

function frameUrl(address: string | undefined): URL {
  if (address === undefined) {
    throw createError('unsupported', 'The authorization server has no "check_session_iframe".', {
      hint: 'It does not support session management: remove the monitor.',
      spec: 'OpenID Connect Session Management 1.0, section 3.3',
    })
  }
  // The parser of Node 20 is slow for long hosts.
  const url = address.length <= 2048 ? parseUrl(address) : undefined
  if (url?.protocol === 'https:' || (url && isLoopback(url))) return url
  throw createError('invalid_metadata', '"check_session_iframe" in the server metadata is not an https URL.', {
    hint: 'Serve it over https. Plain http is allowed on localhost only.',
    spec: 'OpenID Connect Session Management 1.0, section 3.3',
  })
}
