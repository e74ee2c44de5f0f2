import type { ReactNode } from 'react'
import type { LogEntry } from '../network-log/log-entry.js'
import { useNetworkLog } from '../network-log/use-network-log.js'
import { StoryCard } from '../story/story-card.js'
import { outcomeOf } from '../story/story-progress.js'
import { oauth1Story } from '../story/stories/oauth1-story.js'

const roles = new Set(oauth1Story.steps.map(({ role }) => role))

/** The messages of the latest attempt, step by step or in one call. */
export function OAuth1StoryCard(): ReactNode {
  const entries = latestAttempt(useNetworkLog())
  return <StoryCard story={oauth1Story} entries={entries} outcome={outcomeOf(entries)} />
}

function latestAttempt(log: readonly LogEntry[]): readonly LogEntry[] {
  const own = log.filter(({ role }) => roles.has(role))
  return own.slice(
    Math.max(
      0,
      own.findLastIndex(({ role }) => role === 'temporary-credentials'),
    ),
  )
}
