import { Stack } from '@mantine/core'
import type { TokenSet } from '@latchkey/core'
import { type ReactNode } from 'react'
import { signInCode } from '../../code/sample.js'
import { useConnection } from '../../connection/connection-context.js'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import { type FaultId, signInFaults } from '../../faults/faults.js'
import { useFault } from '../../faults/use-fault.js'
import { codeStory } from '../../story/stories/code-story.js'
import { Choice } from '../../ui/choice.js'
import { Page } from '../../ui/page.js'

const ids: readonly FaultId[] = signInFaults.map(({ id }) => id)
const options = signInFaults.map(({ id, label, about }) => ({ value: id, label, about }))

export function BreakItPage(): ReactNode {
  const { connection } = useConnection()
  const faults = useFault(ids, 'nonce')
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<TokenSet>()
  return (
    <Page
      title="Break it"
      lead="Choose a fault, then sign in. Most end in an error that explains what happened and what to do. The others end in a session, and the result says why."
      specs={['OpenID Connect Core 1.0, section 3.1.3.7', 'RFC 9700, section 4']}
    >
      <Experiment
        advice="Your session in the playground is not affected."
        action="Sign in by popup with this fault"
        experiment={experiment}
        work={() => signInByPopup(createClient())}
        View={TokenSetView}
        story={codeStory}
        fault={faults.fault}
        code={signInCode({ connection })}
      >
        <Stack>
          <Choice label="Fault" options={options} value={faults.id} onChange={faults.choose} />
        </Stack>
      </Experiment>
    </Page>
  )
}
