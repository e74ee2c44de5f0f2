import type { ReactNode } from 'react'
import { CodeCard } from '../code/code-card.js'
import type { Story } from './story.js'
import { StoryCard } from './story-card.js'

interface StoryPreviewProps {
  readonly story: Story
  readonly code: string
}

/** A flow that cannot run yet, and its code: the reader can study both before they sign in or register a client. */
export function StoryPreview({ story, code }: StoryPreviewProps): ReactNode {
  return (
    <>
      <StoryCard story={story} entries={[]} outcome="open" />
      <CodeCard code={code} />
    </>
  )
}
