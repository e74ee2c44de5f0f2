import type { LogEntry } from './log-entry.js'

/** Messages without an HTTP status. */
const navigations: ReadonlySet<LogEntry['role']> = new Set<LogEntry['role']>(['authorization-response', 'front-channel-logout'])

/** True for an error response, an HTTP status of 400 or above, or no response at all. */
export function hasFailed(entry: LogEntry): boolean {
  const { status, failure, received, role } = entry
  if (isPendingPoll(entry)) return false
  const isErrorResponse = navigations.has(role) && received.some((field) => field.name === 'error')
  return failure !== undefined || (status ?? 0) >= 400 || isErrorResponse
}

/** True for a request that has a response, and for any navigation. */
export function hasResponse({ kind, status }: LogEntry): boolean {
  return kind !== 'request' || status !== undefined
}

/** True for a poll before the user has decided, which is not a failure (RFC 8628, section 3.5). */
export function isPendingPoll({ received }: LogEntry): boolean {
  return received.some(({ name, value }) => name === 'error' && (value === 'authorization_pending' || value === 'slow_down'))
}
