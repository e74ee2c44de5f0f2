import type { ReactNode } from 'react'
import type { LogEntry } from '../network-log/log-entry.js'
import { useNetworkLog } from '../network-log/use-network-log.js'
import type { Story } from './story.js'
import { StoryCard } from './story-card.js'
import { messagesOf, outcomeOf } from './story-progress.js'

/** A flow of the app's own session, with the latest message of each step. */
export function SessionStory({ story }: { readonly story: Story }): ReactNode {
  const entries = latestMessages(story, useNetworkLog())
  return <StoryCard story={story} entries={entries} outcome={outcomeOf(entries)} />
}

function latestMessages({ steps }: Story, log: readonly LogEntry[]): readonly LogEntry[] {
  const own = log.filter(({ source }) => source === 'app')
  const latest = steps.map((step) => messagesOf(step, own).at(-1))
  return latest.filter((entry) => entry !== undefined).toSorted((a, b) => a.id - b.id)
}
