import type { ResponseMode, TokenSet } from '@latchkey/core'
import { type ReactNode, useState } from 'react'
import { Choice } from '../../ui/choice.js'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import { Page } from '../../ui/page.js'

const modes = [
  { value: 'query.jwt', about: 'one signed “response” after the “?”' },
  { value: 'fragment.jwt', about: 'one signed “response” after the “#”' },
  { value: 'jwt', about: 'the server chooses where' },
  { value: 'fragment', about: 'for comparison: unsigned, after the “#”' },
] as const satisfies readonly { readonly value: ResponseMode; readonly about: string }[]

export function SignedResponsePage(): ReactNode {
  const [responseMode, setResponseMode] = useState<ResponseMode>('query.jwt')
  const client = useExperimentClient()
  const lab = useExperiment<TokenSet>()
  return (
    <Page
      title="Signed responses (JARM)"
      lead="The authorization response is itself a signed token: nobody on the way can change a letter of it, and it says for whom it is and how long it counts."
      specs={['RFC 9207, section 2.4']}
    >
      <Experiment
        verdict="where the server has it"
        advice="Financial-grade profiles ask for it. It protects the code, the state and errors alike."
        action="Sign in by popup"
        lab={lab}
        work={() => signInByPopup(client({ responseMode }))}
        View={TokenSetView}
      >
        <Choice label="response_mode" options={modes} value={responseMode} onChange={setResponseMode} />
      </Experiment>
    </Page>
  )
}
