import type { ReactNode } from 'react'
import type { LogEntry } from '../network-log/log-entry.js'
import { Card } from '../ui/card.js'
import { SequenceDiagram } from './sequence-diagram.js'
import type { Story } from './story.js'
import { type AttemptOutcome, storyProgress } from './story-progress.js'

interface StoryCardProps {
  readonly story: Story
  /** The messages of the latest attempt, oldest first; empty before the first. */
  readonly entries: readonly LogEntry[]
  /** How the latest attempt has ended. */
  readonly outcome: AttemptOutcome
}

/** A flow step by step: what will happen, then what happened, with the real messages. */
export function StoryCard({ story, entries, outcome }: StoryCardProps): ReactNode {
  const progress = storyProgress(story, entries, outcome)
  const hasStarted = progress.some(({ state }) => state !== 'open')
  return (
    <Card
      title={hasStarted ? 'What happened' : 'What will happen'}
      hint={
        hasStarted
          ? 'Open a step to see what was sent. Secrets are masked.'
          : 'Open a step to read about it. Its arrow becomes solid when the message is sent.'
      }
    >
      <SequenceDiagram story={story} progress={progress} />
    </Card>
  )
}
