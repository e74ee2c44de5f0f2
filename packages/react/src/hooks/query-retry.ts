import { OAuthClientError } from '@latchkey/core'

const MAX_RETRIES = 3
const MAX_DELAY_MS = 30_000

/** Retries retryable errors, three times at most. */
export function retry(failures: number, error: Error): boolean {
  return error instanceof OAuthClientError && error.retryable && failures < MAX_RETRIES
}

/** @returns milliseconds: the server's `Retry-After`, else an exponential delay from 1 s to 30 s */
export function retryDelay(failures: number, error: Error): number {
  const retryAfter = error instanceof OAuthClientError ? error.retryAfterSeconds : undefined
  return retryAfter === undefined ? Math.min(1000 * 2 ** failures, MAX_DELAY_MS) : retryAfter * 1000
}
