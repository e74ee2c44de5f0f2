import { useOAuth } from '@latchkey/react'
import type { ReactNode } from 'react'
import { latestSignIn } from '../network-log/latest-sign-in.js'
import { useNetworkLog } from '../network-log/use-network-log.js'
import { StoryCard } from '../story/story-card.js'
import { codeStory } from '../story/stories/code-story.js'

/** Explains the sign-in step by step, with the real messages of the latest attempt. */
export function SignInGuide(): ReactNode {
  const { isSignedIn } = useOAuth()
  return <StoryCard story={codeStory} entries={latestSignIn(useNetworkLog())} outcome={isSignedIn ? 'succeeded' : 'open'} />
}
