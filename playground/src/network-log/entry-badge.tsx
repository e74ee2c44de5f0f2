import { Badge } from '@mantine/core'
import type { ReactNode } from 'react'
import { hasFailed, isPendingPoll } from './entry-outcome.js'
import type { LogEntry } from './log-entry.js'

/** The status of a message, in a color. */
export function EntryBadge({ entry }: { readonly entry: LogEntry }): ReactNode {
  const neutral = neutralText(entry)
  if (neutral) {
    return (
      <Badge component="span" flex="none" variant="default">
        {neutral}
      </Badge>
    )
  }
  const isFailed = hasFailed(entry)
  const text = entry.status ?? (entry.failure ? 'no response' : isFailed ? 'error' : undefined)
  if (text === undefined) return undefined
  return (
    <Badge component="span" flex="none" color={isFailed ? 'red.9' : 'teal.9'}>
      {text}
    </Badge>
  )
}

function neutralText(entry: LogEntry): string | undefined {
  if (entry.kind === 'request' && entry.status === undefined && !entry.failure) return 'waiting'
  if (entry.wasAborted) return 'aborted'
  return isPendingPoll(entry) ? 'pending' : undefined
}
