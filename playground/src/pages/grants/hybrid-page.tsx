import type { ResponseType, TokenSet } from '@latchkey/core'
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
import { hybridStory } from '../../story/stories/front-channel-stories.js'
import { Page } from '../../ui/page.js'
import { usePageState } from '../../ui/use-page-state.js'

const types = [
  { value: 'code id_token', about: 'The ID token at once, the other tokens for the code. c_hash ties the two together.' },
  { value: 'code token', about: 'An access token at once, and more tokens for the code.' },
  { value: 'code id_token token', about: 'All tokens at once, and again for the code.' },
] as const satisfies readonly { readonly value: ResponseType; readonly about: string }[]

const defaults: { readonly responseType: ResponseType } = { responseType: 'code id_token' }
const choices = { responseType: types.map(({ value }) => value) }
const faultIds: readonly FaultId[] = ['response-code', 'nonce', 'pkce', 'replay', 'hash', 'cors', 'tampered-redirect', 'slow']

export function HybridPage(): ReactNode {
  const [{ responseType }, change] = usePageState(defaults, choices)
  const { connection } = useConnection()
  const faults = useFault(faultIds)
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<TokenSet>()
  return (
    <Page
      title="Hybrid flow"
      lead="The response contains a code and tokens. The app knows the user at once, and exchanges the code for tokens that it can refresh."
      specs={['OpenID Connect Core 1.0, section 3.3', 'OAuth 2.0 Multiple Response Type Encoding Practices, section 5']}
    >
      <Experiment
        verdict="Legacy"
        advice="“code id_token” protects the code with a hash in a signed token. Today PKCE and “iss” in the response do that. Use it only if a server requires it."
        action="Sign in by popup"
        experiment={experiment}
        work={() => signInByPopup(createClient({ responseType }))}
        View={TokenSetView}
        story={hybridStory}
        faults={faults}
        code={signInCode({ connection, props: [`responseType="${responseType}"`] })}
      >
        <Choice label="response_type" options={types} value={responseType} onChange={(next) => change({ responseType: next })} />
      </Experiment>
    </Page>
  )
}
