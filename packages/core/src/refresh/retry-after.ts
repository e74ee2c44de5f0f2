import { createError } from '../errors/create-error.js'
import { OAuthClientError } from '../errors/errors.js'
import type { ClientParts } from '../client/client-parts.js'

type PauseParts = Pick<ClientParts, 'config' | 'records'>

/** The server asked to be left alone for a while: this holds for all tabs. @see RFC 9110, section 10.2.3 (`Retry-After`) */
interface Pause {
  /** Milliseconds since the epoch. */
  readonly until: number
  readonly code: 'rate_limited' | 'server_error'
  /** The app asked once all the same, perhaps because a person did. */
  readonly wasTried: boolean
}

function keyOf({ config }: PauseParts): string {
  return `latchkey/${config.key}/pause`
}

async function readPause(parts: PauseParts): Promise<Pause | undefined> {
  const record = await parts.records.read(keyOf(parts))
  const pause = record && record !== 'unreadable' ? (record.value as Pause) : undefined
  return pause && pause.until > parts.config.environment.now() ? pause : undefined
}

/** Remembers what the server asked for, if it did. */
export async function notePause(parts: PauseParts, cause: unknown): Promise<void> {
  if (!(cause instanceof OAuthClientError) || !cause.retryAfterSeconds) return
  const code = cause.code === 'rate_limited' ? 'rate_limited' : 'server_error'
  const until = parts.config.environment.now() + cause.retryAfterSeconds * 1000
  const wasTried = (await readPause(parts)) !== undefined
  await parts.records.write(keyOf(parts), { until, code, wasTried } satisfies Pause)
}

/** The server answers again. */
export async function forgetPause(parts: PauseParts): Promise<void> {
  if (await readPause(parts)) await parts.records.take(keyOf(parts))
}

/**
 * Lets what the client does by itself wait until the pause is over, and what the app asks for from the second time on.
 *
 * @throws NetworkError rate_limited, server_error, without a request
 */
export async function respectPause(parts: PauseParts, asker: 'app' | 'client'): Promise<void> {
  const pause = await readPause(parts)
  if (!pause) return
  if (asker === 'app' && !pause.wasTried) {
    await parts.records.write(keyOf(parts), { ...pause, wasTried: true } satisfies Pause)
    return
  }
  const retryAfterSeconds = Math.ceil((pause.until - parts.config.environment.now()) / 1000)
  throw createError(pause.code, `the authorization server asked to be left alone for ${retryAfterSeconds} s more`, {
    hint: 'Try again then; the session is kept.',
    spec: 'RFC 9110, section 10.2.3',
    retryable: true,
    retryAfterSeconds,
  })
}
