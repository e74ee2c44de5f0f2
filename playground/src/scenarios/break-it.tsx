import { Stack } from '@mantine/core'
import type { TokenSet } from '@latchkey/core'
import { type ReactNode, useState } from 'react'
import { Choice } from '../lab/choice.js'
import { Experiment } from '../lab/experiment.js'
import { type Fault, faults } from '../lab/faults.js'
import { TokenSetView } from '../lab/token-set-view.js'
import { useLab } from '../lab/use-lab.js'
import { signInToLab, useLabClient } from '../lab/use-lab-client.js'
import { Page } from '../ui/page.js'

const options = faults.map(({ id, label, about }) => ({ value: id, label, about }))

export function BreakItPage(): ReactNode {
  const makeClient = useLabClient()
  const lab = useLab<TokenSet>()
  const [id, setId] = useState('nonce')
  const fault: Fault | undefined = faults.find((candidate) => candidate.id === id)
  return (
    <Page
      title="Break it"
      lead="Choose what goes wrong, and sign in. Whatever comes of it must be an error that says what happened and what to do, and never a session."
      specs={['OpenID Connect Core 1.0, section 3.1.3.7', 'RFC 9700, section 4']}
    >
      <Experiment
        advice="The messages are changed on their way, by the client’s own hooks. Your session in the playground is not touched."
        action="Sign in by popup, with this fault"
        lab={lab}
        work={() => signInToLab(makeClient(fault?.options()))}
        View={TokenSetView}
      >
        <Stack>
          <Choice label="What goes wrong" options={options} value={id} onChange={setId} />
        </Stack>
      </Experiment>
    </Page>
  )
}
