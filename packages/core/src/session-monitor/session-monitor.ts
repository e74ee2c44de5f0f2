import { createError } from '../errors/create-error.js'
import type { ConfigurationError, ValidationError, InteractionError, OAuthClientError } from '../errors/errors.js'
import { asClientError } from '../errors/client-error.js'
import { type ClientInternals, internalsOf } from '../client/internals.js'
import { loadServerCalls } from '../client/lazy.js'
import type { OAuthClient } from '../client/client.js'
import { isLoopback } from '../platform/loopback.js'
import { type FrameAnswer, ServerFrame } from './server-frame.js'
import { nothingLearned, type Verdict, verifySession } from './verify-session.js'

export interface SessionMonitorOptions {
  /** Seconds between two questions to the server's frame. Default 2. */
  readonly intervalSeconds?: number
  /** Where the silent sign-in comes back to. Default: the client's; a page with `relayCallback` is faster. */
  readonly redirectUri?: string
  /**
   * Told when this session cannot be watched, and why: no `check_session_iframe`, no `session_state`, a frame that does not answer or
   * says `error`, blocked third-party cookies. The session goes on; the next one is watched again.
   */
  readonly onStopped?: (error: OAuthClientError) => void
}

export interface SessionMonitor {
  stop(): void
}

type Page = Window & typeof globalThis

const SPEC = 'OpenID Connect Session Management 1.0, section 3'
/** Questions in a row without an answer, before the frame counts as blocked. */
const MOST_UNANSWERED = 5
const LONGEST_DELAY_MS = 5 * 60 * 1000

/**
 * Notices when the person signs out (or another one signs in) at the authorization server, and ends the session then: the server's
 * own frame is asked every few seconds while the page is visible. A `changed` is verified by a silent sign-in first, by one tab for
 * all: network trouble, a slow server and blocked cookies end no session.
 *
 * The frame needs the server's cookies. Where the browser blocks third-party cookies this works only for a server on the app's own
 * site; `onStopped` tells. With a Content Security Policy, `frame-src` must allow the server.
 *
 * @throws ConfigurationError where there is no page, and for a client that `createOAuthClient` did not make
 * @see OpenID Connect Session Management 1.0
 * @example
 * import { monitorSession } from '@latchkey/core/session-monitor'
 * const monitor = monitorSession(client, { onStopped: (error) => console.info(error.message) })
 */
export function monitorSession(client: OAuthClient<unknown>, options: SessionMonitorOptions = {}): SessionMonitor {
  const parts = internalsOf(client)
  const page = parts.config.environment.window
  if (!page)
    throw createError('unsupported', 'the session monitor needs a page: its frame has no place here', {
      hint: 'Start it in the page, not in a worker or on a server.',
    })
  const { intervalSeconds = 2 } = options
  if (!(intervalSeconds > 0))
    throw createError('configuration', '"intervalSeconds" must be positive', {
      hint: 'Leave it out for the default.',
    })
  const monitor = new Monitor(parts, page, { ...options, intervalSeconds })
  return { stop: () => monitor.stop() }
}

class Monitor {
  /** The `session_state` that is watched. */
  #watched: string | undefined
  /** The one that cannot be watched, for a reason that was told. */
  #given: string | undefined
  /** The one that the frame called unchanged. */
  #proven: string | undefined
  #frame: ServerFrame | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #unanswered = 0
  #doubts = 0
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
    const comeBack = (): void => this.#comeBack()
    page.document.addEventListener('visibilitychange', comeBack, { signal })
    page.addEventListener('online', comeBack, { signal })
    page.addEventListener('pageshow', comeBack, { signal })
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
    return !this.#stopped.signal.aborted && this.#page.document.visibilityState === 'visible' && this.#page.navigator.onLine
  }

  /** Watches what there is to watch. Called whenever the session or the page changed. */
  #look(): void {
    const { status, tokenSet } = this.#parts.session.state
    if (status === 'signed-in' && !tokenSet.sessionState) this.#giveUp(noSessionState())
    if (this.#sessionState === this.#watched) return
    this.#pause()
    this.#watched = this.#sessionState
    this.#doubts = 0
    if (this.#watched === undefined) void this.#parts.records.take(this.#provenKey)
    else void this.#begin(this.#watched).catch((cause: unknown) => this.#giveUp(asClientError(cause)))
  }

  #comeBack(): void {
    if (!this.#mayAsk) return this.#pause()
    if (this.#watched !== undefined && !this.#frame) void this.#begin(this.#watched).catch(() => undefined)
  }

  #pause(): void {
    clearTimeout(this.#timer)
    this.#frame?.remove()
    this.#frame = undefined
  }

  /** Not before the next session. */
  #giveUp(error: OAuthClientError): void {
    this.#pause()
    const given = this.#sessionState ?? 'none'
    if (this.#given === given || this.#stopped.signal.aborted) return
    this.#given = given
    this.#options.onStopped?.(error)
  }

  async #begin(sessionState: string): Promise<void> {
    if (!this.#mayAsk || this.#given === sessionState) return
    const { loadServer } = await loadServerCalls()
    const { metadata } = await loadServer(this.#parts.context, { keys: false })
    const url = frameUrl(metadata.check_session_iframe)
    const record = await this.#parts.records.read(this.#provenKey)
    if (record !== 'unreadable' && record?.value === sessionState) this.#proven = sessionState
    if (this.#watched !== sessionState || this.#frame || !this.#mayAsk) return
    this.#unanswered = 0
    const answer = (said: FrameAnswer): void => this.#hear(said, sessionState)
    this.#frame = new ServerFrame(this.#page, url, { ready: () => this.#ask(sessionState), answer })
  }

  /** Asks now, and again after the interval, whether or not there is an answer: a message may be lost while the frame still loads. */
  #ask(sessionState: string): void {
    clearTimeout(this.#timer)
    if (this.#unanswered >= MOST_UNANSWERED) return this.#giveUp(noAnswer())
    this.#unanswered += 1
    this.#frame?.ask(this.#parts.config.options.clientId, sessionState)
    this.#timer = setTimeout(() => this.#ask(sessionState), this.#options.intervalSeconds * 1000)
  }

  #hear(answer: FrameAnswer, sessionState: string): void {
    this.#unanswered = 0
    if (answer === 'unchanged') this.#doubts = 0
    if (answer === 'changed') void this.#verify(sessionState)
    else if (answer === 'error') this.#giveUp(saidError())
    else if (this.#proven !== sessionState) {
      this.#proven = sessionState
      // Remembered over a reload: a sign-out while no page was open is known as one then.
      void this.#parts.records.write(this.#provenKey, sessionState)
    }
  }

  async #verify(sessionState: string): Promise<void> {
    if (this.#isVerifying) return
    this.#isVerifying = true
    clearTimeout(this.#timer)
    const { redirectUri } = this.#options
    const { signal } = this.#stopped
    const isProven = this.#proven === sessionState
    // A lock that was stolen, a storage that broke: nothing was learned.
    const verdict = await verifySession(this.#parts, { sessionState, isProven, redirectUri, signal }).catch(() => nothingLearned)
    this.#isVerifying = false
    if (verdict.type === 'unknowable') this.#giveUp(verdict.error)
    else if (this.#frame && this.#watched === sessionState) this.#askLater(sessionState, verdict)
  }

  #askLater(sessionState: string, verdict: Verdict): void {
    const backoff = Math.min(this.#options.intervalSeconds * 1000 * 2 ** this.#doubts, LONGEST_DELAY_MS)
    this.#doubts += 1
    const delay = Math.max(backoff, (verdict.type === 'later' ? (verdict.retryAfterSeconds ?? 0) : 0) * 1000)
    this.#timer = setTimeout(() => this.#ask(sessionState), delay)
  }

  get #provenKey(): string {
    return `latchkey/${this.#parts.config.key}/monitor`
  }
}

function frameUrl(address: string | undefined): URL {
  if (address === undefined) {
    throw createError('unsupported', 'the authorization server has no "check_session_iframe"', {
      hint: 'It does not support session management: leave the monitor out.',
      spec: 'OpenID Connect Session Management 1.0, section 3.3',
    })
  }
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol === 'https:' || (url && isLoopback(url))) return url
  throw createError('invalid_metadata', '"check_session_iframe" in the server metadata is not an https URL', {
    hint: 'Serve it over https; plain http is for localhost alone.',
    spec: 'OpenID Connect Session Management 1.0, section 3.3',
  })
}

function noSessionState(): ConfigurationError {
  return createError('unsupported', 'the authorization response had no "session_state": there is nothing to watch', {
    hint: 'Turn session management on for this client at the server, then sign in again.',
    spec: 'OpenID Connect Session Management 1.0, section 2',
  })
}

function noAnswer(): InteractionError {
  return createError('iframe_blocked', `the server's session frame did not answer ${MOST_UNANSWERED} questions in a row`, {
    hint: 'Allow the server in "frame-src" of the app’s Content Security Policy, and the app in "frame-ancestors" of the server’s.',
    spec: SPEC,
  })
}

function saidError(): ValidationError {
  return createError('invalid_response', 'the server’s session frame answered "error"', {
    hint: 'It does not know this client id, origin or session_state: check the client’s registration.',
    spec: 'OpenID Connect Session Management 1.0, section 3.2',
  })
}
