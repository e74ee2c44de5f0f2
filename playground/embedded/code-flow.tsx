import type { TokenSet } from '@latchkey/core'
import { type ReactNode, useCallback, useState } from 'react'
import { Experiment } from '../src/experiments/experiment.js'
import { TokenSetView } from '../src/experiments/token-set-view.js'
import { useExperiment } from '../src/experiments/use-experiment.js'
import type { FaultId } from '../src/faults/faults.js'
import { useFault } from '../src/faults/use-fault.js'
import { codeStory } from '../src/story/stories/code-story.js'
import { signInInPage, type Decision } from './in-page-sign-in.js'
import { ServerPage } from './server-page.js'

// Those that need neither a popup nor a server of a different origin.
const FAULTS: readonly FaultId[] = ['nonce', 'signature', 'none', 'hash', 'expired', 'pkce', 'replay', 'issuer', 'clock']

/** The code flow of the playground, with an authorization server in the page instead of one behind it. */
export function CodeFlow(): ReactNode {
  const faults = useFault(FAULTS)
  const experiment = useExperiment<TokenSet>()
  const [onDecision, setOnDecision] = useState<(decision: Decision) => void>()
  const decide = useCallback(async (): Promise<Decision> => {
    const decision = await new Promise<Decision>((resolve) => setOnDecision(() => resolve))
    setOnDecision(undefined)
    return decision
  }, [])
  return (
    <main>
      <h1 className="visually-hidden">The code flow, step by step</h1>
      <Experiment
        title="Run a sign-in"
        advice="The client and the authorization server both run in this page. No message leaves your browser."
        action="Sign in"
        experiment={experiment}
        work={() => signInInPage(decide, faults.fault)}
        View={TokenSetView}
        story={codeStory}
        faults={faults}
        during={onDecision && <ServerPage onDecision={onDecision} />}
      />
    </main>
  )
}
