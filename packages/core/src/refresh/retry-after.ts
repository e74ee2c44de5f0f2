import type { Environment } from '../platform/environment.js'
import type { Session } from '../session/session.js'
import { pauseKey } from '../session/write-session.js'
import type { RecordStore } from '../storage/record-store.js'
import { type Pause, type Pauses, pausesAfterFailure, pausesAfterSuccess, pausesAtRequest } from './request-pause.js'

// The pauses of a session are shared by all tabs.

/** What the functions of this file need of a client. */
export interface RetryAfterParts {
  readonly config: { readonly environment: Pick<Environment, 'now'> }
  readonly records: RecordStore
  readonly session: Session
}

async function readPauses({ records, session }: RetryAfterParts): Promise<Pauses> {
  const record = await records.read(pauseKey(session))
  // Written below, and sealed.
  return typeof record === 'object' ? (record.value as Pauses) : {}
}

async function writePauses({ records, session }: RetryAfterParts, former: Pauses, next: Pauses): Promise<void> {
  if (next === former) return
  if (Object.keys(next).length > 0) await records.write(pauseKey(session), next)
  else await records.take(pauseKey(session))
}

/** The pauses when a request was sent, under the lock that all tabs share, and of which token it was. */
export interface PausesOfRequest {
  readonly pauses: Pauses
  /** Of a narrower token than the session's own. */
  readonly key?: string | undefined
}

/** Stores the pause that follows a failed request, if it says that the server is busy or fails. */
export async function saveRetryAfter(parts: RetryAfterParts, cause: unknown, { key }: PausesOfRequest): Promise<void> {
  const pauses = await readPauses(parts)
  await writePauses(parts, pauses, pausesAfterFailure(pauses, key, cause, parts.config.environment.now()))
}

/** Call it after a successful response. Nothing is read if no pause concerned the request. */
export async function clearRetryAfter(parts: RetryAfterParts, { pauses: former, key }: PausesOfRequest): Promise<void> {
  if (pausesAfterSuccess(former, key) === former) return
  // The session may have ended during the request: its pauses must not return, least of all in that of the next user.
  const pauses = await readPauses(parts)
  await writePauses(parts, pauses, pausesAfterSuccess(pauses, key))
}

/** Who sends a request: the library itself, a call that needs a token, or the app's `refresh()`. */
export type RequestCaller = 'client' | 'app' | 'refresh'

const MAY_SEND: Readonly<Record<RequestCaller, (pause: Pause) => boolean>> = {
  client: () => false,
  app: ({ wasTried }) => !wasTried,
  // Perhaps the user's "Try again". What the server has requested holds for it as well.
  refresh: ({ isRequested, wasTried }) => !isRequested || !wasTried,
}

/**
 * Throws while the server's `Retry-After`, or the pause after a failure, lasts, without sending a request. One request that the app makes
 * itself is let through.
 *
 * @param key of a narrower token than the session's own
 * @returns the pauses, for what follows the request
 * @throws NetworkError rate_limited, server_error
 */
export async function throwIfRateLimited(parts: RetryAfterParts, caller: RequestCaller, key?: string): Promise<PausesOfRequest> {
  const former = await readPauses(parts)
  const pauses = pausesAtRequest(former, key, parts.config.environment.now(), MAY_SEND[caller])
  await writePauses(parts, former, pauses)
  return { pauses, key }
}
