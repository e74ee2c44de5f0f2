import { createError } from '../errors/create-error.js'
import { type NetworkError, OAuthClientError } from '../errors/errors.js'

const MAX_BACKOFF_SECONDS = 60

/**
 * How long a server that has failed, or asks for it, gets no token request. Without `Retry-After` a failure costs twice as long as the one
 * before.
 *
 * @param failures how many came before, one after the other
 * @returns seconds; 0 for errors that say nothing about the next request
 */
export function pauseSeconds(cause: unknown, failures: number): number {
  if (!isServerFailure(cause)) return 0
  return cause.retryAfterSeconds || Math.min(2 ** (failures + 1), MAX_BACKOFF_SECONDS)
}

function isServerFailure(cause: unknown): cause is OAuthClientError & { readonly code: PauseCode } {
  return cause instanceof OAuthClientError && (cause.code === 'rate_limited' || cause.code === 'server_error')
}

/** What the server responded when the pause began. */
export type PauseCode = 'rate_limited' | 'server_error'

/** The error of a call that sends no request, because the pause lasts. */
export function pauseError(code: PauseCode, leftMs: number): NetworkError {
  const retryAfterSeconds = Math.ceil(leftMs / 1000)
  const reason = code === 'rate_limited' ? 'Authorization server is rate limiting' : 'Authorization server has failed'
  return createError(code, `${reason}. Retry in ${retryAfterSeconds} s.`, {
    hint: 'Retry then; the session is kept.',
    spec: 'RFC 9110, section 10.2.3',
    retryable: true,
    retryAfterSeconds,
  })
}

/** The pauses of a client without a session of its own, in memory. `retry-after.ts` has those of a session, which its tabs share. */
export class RequestPause {
  #until = 0
  #ms = 0
  #failures = 0
  #code: PauseCode = 'server_error'
  #maySendOne = false
  readonly #now: () => number

  /** @param now milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now
  }

  /**
   * Sends a token request, unless the server's `Retry-After` lasts. After a failure without one, a single request is let through at once.
   *
   * @throws NetworkError rate_limited, server_error; what `send` throws
   */
  async run<T>(send: () => Promise<T>): Promise<T> {
    const leftMs = this.#until - this.#now()
    // If more is left than when it began, the clock was set back.
    const isOver = leftMs <= 0 || leftMs > this.#ms
    if (!isOver && !this.#maySendOne) throw pauseError(this.#code, leftMs)
    this.#maySendOne = false
    try {
      const result = await send()
      this.#until = this.#failures = 0
      return result
    } catch (cause) {
      this.#note(cause, isOver)
      throw cause
    }
  }

  #note(cause: unknown, wasOver: boolean): void {
    const seconds = pauseSeconds(cause, this.#failures)
    if (seconds === 0 || !isServerFailure(cause)) return
    this.#failures += 1
    this.#ms = seconds * 1000
    this.#until = this.#now() + this.#ms
    this.#code = cause.code
    this.#maySendOne = wasOver && !cause.retryAfterSeconds
  }
}
