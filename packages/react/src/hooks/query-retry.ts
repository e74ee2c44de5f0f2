import { OAuthClientError } from '@latchkey/core'

const MAX_RETRIES = 3

/** What the error model says of a second try: only where the same call may succeed later without anybody changing anything. */
export function retry(failures: number, error: Error): boolean {
  return error instanceof OAuthClientError && error.retryable && failures < MAX_RETRIES
}

/** @returns milliseconds: the server's `Retry-After`, else twice as long each time from one second on, 30 seconds at most */
export function retryDelay(failures: number, error: Error): number {
  const asked = error instanceof OAuthClientError ? error.retryAfterSeconds : undefined
  return asked === undefined ? Math.min(1000 * 2 ** failures, 30_000) : asked * 1000
}
