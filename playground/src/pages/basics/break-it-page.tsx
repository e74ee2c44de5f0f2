import { Stack } from '@mantine/core'
import type { TokenSet } from '@latchkey/core'
import { type ReactNode, useState } from 'react'
import { Choice } from '../../ui/choice.js'
import { Experiment } from '../../experiments/experiment.js'
import { type Fault, faults } from '../../faults/faults.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import { Page } from '../../ui/page.js'

const options = faults.map(({ id, label, about }) => ({ value: id, label, about }))

export function BreakItPage(): ReactNode {
  const createClient = useExperimentClient()
  const experiment = useExperiment<TokenSet>()
  const [id, setId] = useState('nonce')
  const fault: Fault | undefined = faults.find((candidate) => candidate.id === id)
  return (
    <Page
      title="Break it"
      lead="Choose a fault, then sign in. The result must be an error that explains what happened and what to do, never a session."
      specs={['OpenID Connect Core 1.0, section 3.1.3.7', 'RFC 9700, section 4']}
    >
      <Experiment
        advice="The client’s own options change the messages. Your session in the playground is not affected."
        action="Sign in by popup with this fault"
        experiment={experiment}
        work={() => signInByPopup(createClient(fault?.options()))}
        View={TokenSetView}
      >
        <Stack>
          <Choice label="Fault" options={options} value={id} onChange={setId} />
        </Stack>
      </Experiment>
    </Page>
  )
}
