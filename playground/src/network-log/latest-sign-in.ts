import { hasFailed } from './entry-outcome.js'
import type { LogEntry } from './log-entry.js'

/**
 * Finds the latest sign-in of the app's own client.
 *
 * @returns its messages, discovery first; empty if there was none or if it was followed by a sign-out
 */
export function latestSignIn(all: readonly LogEntry[]): readonly LogEntry[] {
  const entries = all.filter(({ source }) => source === 'app')
  const start = entries.findLastIndex(
    (entry) => entry.role === 'authorization-request' || (entry.role === 'discovery' && hasFailed(entry)),
  )
  const first = entries[start]
  const signOut = entries.findLastIndex(({ role }) => role === 'end-session' || role === 'revocation')
  if (!first || signOut > start) return []
  const origin = new URL(first.url).origin
  const discovery = entries
    .slice(0, start)
    .findLast((entry) => entry.role === 'discovery' && new URL(entry.url).origin === origin)
  const attempt = entries.slice(start)
  return discovery && first.role !== 'discovery' ? [discovery, ...attempt] : attempt
}
