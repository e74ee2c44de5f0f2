import { createError } from '../errors/create-error.js'
import { type NetworkError, OAuthClientError } from '../errors/errors.js'
import { MAX_RETRY_AFTER_SECONDS } from '../protocol/server-errors.js'

/** Seconds, by the number of failures before. An outage of half a minute is noticed to be over within eight seconds. */
const BACKOFF_SECONDS = [2, 4, 8, 8, 8, 8, 16, 16, 16, 32, 32]
const MAX_BACKOFF_SECONDS = 60
/** Each failing resource or scope has a pause of its own. */
const MAX_PAUSES = 20

function isServerFailure(cause: unknown): cause is OAuthClientError & { readonly code: PauseCode } {
  return cause instanceof OAuthClientError && (cause.code === 'rate_limited' || cause.code === 'server_error')
}

/** What the server responded when the pause began. */
type PauseCode = 'rate_limited' | 'server_error'

/** A time without token requests, after a failed one. */
export interface Pause {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly until: number
  readonly code: PauseCode
  /** The server has sent `Retry-After`. @see RFC 9110, section 10.2.3 */
  readonly isRequested: boolean
  /** A request was sent all the same, or the failure is not the first one in a row. */
  readonly wasTried: boolean
  /** In a row, this one included. */
  readonly failures: number
}

/** The pauses of a session, by what they concern. */
export type Pauses = Readonly<Record<string, Pause>>

/** Every token request: the server limits the rate of this client. */
const ALL = 'all'

/** @param key of a narrower token than the session's own */
function nameOf(key: string | undefined): string {
  return key === undefined ? 'own' : `for ${key}`
}

/**
 * @param maySend whether a request may be sent although the pause lasts
 * @returns the pauses, of which those that the request ignores are marked
 * @throws NetworkError rate_limited, server_error, while a pause for such requests lasts
 */
export function pausesAtRequest(
  pauses: Pauses,
  key: string | undefined,
  now: number,
  maySend: (pause: Pause) => boolean,
): Pauses {
  let marked = pauses
  for (const name of [ALL, nameOf(key)]) {
    const pause = pauses[name]
    if (!pause) continue
    const leftMs = pause.until - now
    // If more is left than when it began, the clock was set back.
    if (leftMs <= 0 || leftMs > Math.min(pause.until - pause.at, MAX_RETRY_AFTER_SECONDS * 1000)) continue
    if (!maySend(pause)) throw pauseError(pause.code, leftMs)
    marked = { ...marked, [name]: { ...pause, wasTried: true } }
  }
  return marked
}

/**
 * Without `Retry-After`, a failure concerns only requests for the same token: a server may fail for one resource alone. It costs more
 * time than the one before.
 *
 * @returns the same pauses for an error that says nothing about the next request
 */
export function pausesAfterFailure(pauses: Pauses, key: string | undefined, cause: unknown, now: number): Pauses {
  if (!isServerFailure(cause)) return pauses
  const { code, retryAfterSeconds } = cause
  const isRequested = !!retryAfterSeconds
  const name = isRequested && code === 'rate_limited' ? ALL : nameOf(key)
  const { [name]: former, ...others } = pauses
  const failures = former?.failures ?? 0
  const seconds = retryAfterSeconds || (BACKOFF_SECONDS[failures] ?? MAX_BACKOFF_SECONDS)
  const pause = { at: now, until: now + seconds * 1000, code, isRequested, wasTried: !!former, failures: failures + 1 }
  return Object.fromEntries([...Object.entries(others).slice(1 - MAX_PAUSES), [name, pause]])
}

/** @returns the same pauses if none concerned the request */
export function pausesAfterSuccess(pauses: Pauses, key: string | undefined): Pauses {
  const own = nameOf(key)
  if (!pauses[ALL] && !pauses[own]) return pauses
  const { [ALL]: _all, [own]: _own, ...others } = pauses
  return others
}

/** The error of a call that sends no request, because the pause lasts. */
function pauseError(code: PauseCode, leftMs: number): NetworkError {
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
  #pauses: Pauses = {}
  readonly #now: () => number

  /** @param now milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now
  }

  /**
   * Sends a token request, unless the server's `Retry-After` lasts. After a first failure without one, a single request is let through at
   * once.
   *
   * @param key of a narrower token than the client's own
   * @throws NetworkError rate_limited, server_error; what `send` throws
   */
  async run<T>(send: () => Promise<T>, key?: string): Promise<T> {
    this.#pauses = pausesAtRequest(this.#pauses, key, this.#now(), mayBeTried)
    try {
      const result = await send()
      this.#pauses = pausesAfterSuccess(this.#pauses, key)
      return result
    } catch (cause) {
      this.#pauses = pausesAfterFailure(this.#pauses, key, cause, this.#now())
      throw cause
    }
  }
}

/** One call is let through at once, unless the server requested the pause. */
function mayBeTried({ isRequested, wasTried }: Pause): boolean {
  return !isRequested && !wasTried
}
