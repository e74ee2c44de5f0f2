import { hasFailed } from './entry-outcome.js'
import type { LogEntry } from './log-entry.js'

/** What the log shows. */
export interface LogFilter {
  /** Occurs in the title, the URL, or the name or value of a field. Empty for all messages. */
  readonly text: string
  readonly isFailedOnly: boolean
}

export const EMPTY_FILTER: LogFilter = { text: '', isFailedOnly: false }

export function filterEntries(entries: readonly LogEntry[], { text, isFailedOnly }: LogFilter): readonly LogEntry[] {
  const wanted = text.trim().toLowerCase()
  return entries.filter((entry) => (!isFailedOnly || hasFailed(entry)) && (wanted === '' || searchable(entry).includes(wanted)))
}

function searchable({ title, method, url, sent, received }: LogEntry): string {
  const fields = [...sent, ...received].map(({ name, value }) => `${name}=${value}`)
  return [title, `${method} ${url}`, ...fields].join('\n').toLowerCase()
}
