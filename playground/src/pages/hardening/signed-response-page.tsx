import type { ResponseMode, TokenSet } from '@latchkey/core'
import type { ReactNode } from 'react'
import { Choice } from '../../ui/choice.js'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import { signInCode } from '../../code/sample.js'
import type { FaultId } from '../../faults/faults.js'
import { useFault } from '../../faults/use-fault.js'
import { useConnection } from '../../connection/connection-context.js'
import { jarmStory } from '../../story/stories/front-channel-stories.js'
import { Page } from '../../ui/page.js'
import { usePageState } from '../../ui/use-page-state.js'

const modes = [
  { value: 'query.jwt', about: 'One signed “response” in the query.' },
  { value: 'fragment.jwt', about: 'One signed “response” in the fragment.' },
  { value: 'jwt', about: 'The server chooses query or fragment.' },
  { value: 'fragment', about: 'For comparison: unsigned, in the fragment.' },
] as const satisfies readonly { readonly value: ResponseMode; readonly about: string }[]

const defaults: { readonly responseMode: ResponseMode } = { responseMode: 'query.jwt' }
const choices = { responseMode: modes.map(({ value }) => value) }
const faultIds: readonly FaultId[] = ['response-signature', 'pkce', 'replay', 'nonce', 'signature', 'down']

export function SignedResponsePage(): ReactNode {
  const [{ responseMode }, change] = usePageState(defaults, choices)
  const { connection } = useConnection()
  const faults = useFault(faultIds)
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<TokenSet>()
  return (
    <Page
      title="Signed responses (JARM)"
      lead="The authorization response is a signed token with an issuer, an audience and an expiry, so it cannot be changed on the way."
      specs={['JWT Secured Authorization Response Mode for OAuth 2.0 (JARM), section 2']}
    >
      <Experiment
        verdict="Needs server support"
        advice="Required by financial-grade profiles. It protects the code, the state and errors."
        action="Sign in by popup"
        experiment={experiment}
        work={() => signInByPopup(createClient({ responseMode }))}
        View={TokenSetView}
        story={jarmStory}
        faults={faults}
        code={signInCode({ connection, props: [`responseMode="${responseMode}"`] })}
      >
        <Choice label="response_mode" options={modes} value={responseMode} onChange={(next) => change({ responseMode: next })} />
      </Experiment>
    </Page>
  )
}
