import { OAuthClientError } from '../errors/errors.js'
import type { Environment } from '../platform/environment.js'
import { MAX_RETRY_AFTER_SECONDS } from '../protocol/protocol-errors.js'
import type { Session } from '../session/session.js'
import { pauseKey } from '../session/write-session.js'
import type { RecordStore } from '../storage/record-store.js'
import { type PauseCode, pauseError, pauseSeconds } from './request-pause.js'

/** What the functions of this file need of a client. */
export interface RetryAfterParts {
  readonly config: { readonly environment: Pick<Environment, 'now'> }
  readonly records: RecordStore
  readonly session: Session
}

/** The server's `Retry-After`, shared by all tabs. @see RFC 9110, section 10.2.3 */
interface RetryAfter {
  /** Milliseconds since the epoch. */
  readonly until: number
  readonly code: PauseCode
  /** The app has sent one request all the same, perhaps because the user requested it. */
  readonly wasTried: boolean
  /** In a row, this one included. */
  readonly failures: number
}

interface StoredPause extends RetryAfter {
  readonly isOver: boolean
}

async function readPause(parts: RetryAfterParts): Promise<StoredPause | undefined> {
  const record = await parts.records.read(pauseKey(parts.session))
  if (typeof record !== 'object') return undefined
  // Written below, and sealed.
  const stored = record.value as RetryAfter
  const leftMs = stored.until - parts.config.environment.now()
  // If more is left than when it was written, the clock was set back.
  const isOver = leftMs <= 0 || leftMs > Math.min(stored.until - record.at, MAX_RETRY_AFTER_SECONDS * 1000)
  return { ...stored, isOver }
}

/** Stores the pause that follows a failed request, if it says that the server is busy or fails. */
export async function saveRetryAfter(parts: RetryAfterParts, cause: unknown): Promise<void> {
  if (!(cause instanceof OAuthClientError) || !pauseSeconds(cause, 0)) return
  const former = await readPause(parts)
  const failures = former?.failures ?? 0
  const code = cause.code === 'rate_limited' ? 'rate_limited' : 'server_error'
  const until = parts.config.environment.now() + pauseSeconds(cause, failures) * 1000
  const wasTried = former?.isOver === false
  await parts.records.write(pauseKey(parts.session), { until, code, wasTried, failures: failures + 1 } satisfies RetryAfter)
}

/** Call it after a successful response. */
export async function clearRetryAfter(parts: RetryAfterParts): Promise<void> {
  if (await readPause(parts)) await parts.records.take(pauseKey(parts.session))
}

/**
 * Throws while the server's `Retry-After`, or the pause after a failure, lasts, without sending a request. One request that the app makes
 * itself is let through.
 *
 * @throws NetworkError rate_limited, server_error
 */
export async function throwIfRateLimited(parts: RetryAfterParts, caller: 'app' | 'client'): Promise<void> {
  const stored = await readPause(parts)
  if (!stored || stored.isOver) return
  const { isOver: _, ...pause } = stored
  if (caller === 'client' || pause.wasTried) throw pauseError(pause.code, pause.until - parts.config.environment.now())
  await parts.records.write(pauseKey(parts.session), { ...pause, wasTried: true } satisfies RetryAfter)
}
