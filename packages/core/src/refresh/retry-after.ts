import { createError } from '../errors/create-error.js'
import { OAuthClientError } from '../errors/errors.js'
import type { Environment } from '../platform/environment.js'
import { MAX_RETRY_AFTER_SECONDS } from '../protocol/protocol-errors.js'
import type { Session } from '../session/session.js'
import { pauseKey } from '../session/write-session.js'
import type { RecordStore } from '../storage/record-store.js'

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
  readonly code: 'rate_limited' | 'server_error'
  /** The app has sent one request all the same, perhaps because the user requested it. */
  readonly wasTried: boolean
}

async function readRetryAfter(parts: RetryAfterParts): Promise<RetryAfter | undefined> {
  const record = await parts.records.read(pauseKey(parts.session))
  if (typeof record !== 'object') return undefined
  // Written below, and sealed.
  const stored = record.value as RetryAfter
  const leftMs = stored.until - parts.config.environment.now()
  // If more is left than when it was written, the clock was set back.
  return leftMs > 0 && leftMs <= Math.min(stored.until - record.at, MAX_RETRY_AFTER_SECONDS * 1000) ? stored : undefined
}

/** Stores the `Retry-After` of a failed request, if it has one. */
export async function saveRetryAfter(parts: RetryAfterParts, cause: unknown): Promise<void> {
  if (!(cause instanceof OAuthClientError) || !cause.retryAfterSeconds) return
  const code = cause.code === 'rate_limited' ? 'rate_limited' : 'server_error'
  const until = parts.config.environment.now() + cause.retryAfterSeconds * 1000
  const wasTried = (await readRetryAfter(parts)) !== undefined
  await parts.records.write(pauseKey(parts.session), { until, code, wasTried } satisfies RetryAfter)
}

/** Call it after a successful response. */
export async function clearRetryAfter(parts: RetryAfterParts): Promise<void> {
  if (await readRetryAfter(parts)) await parts.records.take(pauseKey(parts.session))
}

/**
 * Throws while the server's `Retry-After` lasts, without sending a request. One request that the app makes itself is let through.
 *
 * @throws NetworkError rate_limited, server_error
 */
export async function throwIfRateLimited(parts: RetryAfterParts, caller: 'app' | 'client'): Promise<void> {
  const stored = await readRetryAfter(parts)
  if (!stored) return
  if (caller === 'app' && !stored.wasTried) {
    await parts.records.write(pauseKey(parts.session), { ...stored, wasTried: true } satisfies RetryAfter)
    return
  }
  const retryAfterSeconds = Math.ceil((stored.until - parts.config.environment.now()) / 1000)
  throw createError(stored.code, `Authorization server is rate limiting. Retry in ${retryAfterSeconds} s.`, {
    hint: 'Retry then; the session is kept.',
    spec: 'RFC 9110, section 10.2.3',
    retryable: true,
    retryAfterSeconds,
  })
}
