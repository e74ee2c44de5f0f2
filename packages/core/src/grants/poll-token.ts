import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { type OptionNames, refuseUnknownOptions } from '../errors/unknown-options.js'
import { createError } from '../errors/create-error.js'
import { OAuthClientError, type ServerError } from '../errors/errors.js'
import { startTimer } from '../platform/timer.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import type { TokenSet } from '../protocol/token-set.js'
import { GRANT_OPTIONS, type GrantRequest, requestGrant } from './request-grant.js'

/** Why the polling continues, and when the next request is sent. */
export interface PollProgress {
  /** The user has not decided, the server requested a longer interval, or it could not be reached. */
  readonly reason: 'pending' | 'slow_down' | 'unreachable'
  /** Seconds until the next request. */
  readonly intervalSeconds: number
}

/** Options of `poll()`. */
export interface PollOptions {
  /** Stops the polling. */
  readonly signal?: AbortSignal | undefined
  /** Called after each request that did not settle the matter. */
  readonly onProgress?: ((progress: PollProgress) => void) | undefined
  /** Replaces the timer, for tests and for hosts that have their own. */
  readonly wait?: ((milliseconds: number, signal: AbortSignal | undefined) => Promise<void>) | undefined
}

/** The names of the options of `poll()`. */
export const POLL_OPTIONS: OptionNames<PollOptions> = { signal: 'signal', onProgress: 'function', wait: 'function' }

export interface PollInput {
  readonly request: GrantRequest
  readonly intervalSeconds: number
  /** Milliseconds since the epoch, device clock. */
  readonly expiresAt: number
  /** The section that defines when to stop polling. */
  readonly spec: string
}

const MIN_INTERVAL_SECONDS = 1

/**
 * Polls the token endpoint until the user has decided elsewhere. The interval grows when the server requests it (`slow_down`), and
 * doubles, up to 60 s, while the server cannot be reached. It is at least one second.
 *
 * @param closed aborts when the client is closed
 * @throws ServerError token_error with `error` access_denied or expired_token; NetworkError aborted
 * @see RFC 8628, section 3.5; OpenID Connect CIBA Core 1.0, section 11
 */
export async function pollToken(
  context: ProtocolContext,
  input: PollInput,
  options: PollOptions = {},
  closed?: AbortSignal,
): Promise<TokenSet> {
  if (IS_DEVELOPMENT) refuseUnknownOptions('poll()', options, { ...GRANT_OPTIONS, ...POLL_OPTIONS })
  const stopped = new AbortController()
  const stop = (): void => stopped.abort()
  const sources = [options.signal, closed]
  for (const source of sources) {
    source?.addEventListener('abort', stop)
    if (source?.aborted) stop()
  }
  try {
    return await pollUntil(context, input, { ...options, signal: options.signal || closed ? stopped.signal : undefined })
  } finally {
    for (const source of sources) source?.removeEventListener('abort', stop)
  }
}

async function pollUntil(context: ProtocolContext, input: PollInput, options: PollOptions): Promise<TokenSet> {
  const { signal, wait = waitFor } = options
  const request = { ...input.request, signal }
  // A fraction of a second would be a storm of requests.
  let intervalSeconds = Math.max(MIN_INTERVAL_SECONDS, input.intervalSeconds)
  for (;;) {
    // Whatever the server requests, the wait ends with the code.
    await wait(Math.max(0, Math.min(intervalSeconds * 1000, input.expiresAt - context.environment.now())), signal)
    if (signal?.aborted) {
      throw createError('aborted', 'The polling was aborted.', {
        hint: 'Nothing is wrong: its AbortSignal fired.',
      })
    }
    if (context.environment.now() >= input.expiresAt) throw expired(input.spec)
    try {
      return await requestGrant(context, request)
    } catch (error) {
      const progress = progressAfter(error, intervalSeconds)
      if (!progress) throw error
      intervalSeconds = progress.intervalSeconds
      options.onProgress?.(progress)
    }
  }
}

function progressAfter(error: unknown, intervalSeconds: number): PollProgress | undefined {
  if (!(error instanceof OAuthClientError)) return undefined
  if (error.error === 'authorization_pending') return { reason: 'pending', intervalSeconds }

  if (error.error === 'slow_down') return { reason: 'slow_down', intervalSeconds: intervalSeconds + 5 }

  const pause = Math.max(error.retryAfterSeconds ?? 0, Math.min(intervalSeconds * 2, 60))
  return error.retryable ? { reason: 'unreachable', intervalSeconds: pause } : undefined
}

function expired(spec: string): ServerError {
  return createError('token_error', 'The user did not decide in time.', {
    error: 'expired_token',
    hint: 'Start again: the code that was shown has expired.',
    spec,
  })
}

function waitFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = startTimer(done, milliseconds)
    signal?.addEventListener('abort', done)
    if (signal?.aborted) done()
  })
}
