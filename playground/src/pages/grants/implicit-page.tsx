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
import { implicitStory } from '../../story/stories/front-channel-stories.js'
import { Page } from '../../ui/page.js'
import { usePageState } from '../../ui/use-page-state.js'

const types = [
  { value: 'id_token token', about: 'Both. at_hash in the ID token must match the access token.' },
  { value: 'id_token', about: 'Only the ID token, for apps that call no API.' },
  { value: 'token', about: 'Only an access token; the user is unknown.' },
] as const satisfies readonly { readonly value: ResponseType; readonly about: string }[]

const defaults: { readonly responseType: ResponseType } = { responseType: 'id_token token' }
const choices = { responseType: types.map(({ value }) => value) }
const faultIds: readonly FaultId[] = ['response-token', 'nonce', 'issuer', 'clock', 'expired', 'coop', 'tampered-redirect']

export function ImplicitPage(): ReactNode {
  const [{ responseType }, change] = usePageState(defaults, choices)
  const { connection } = useConnection()
  const faults = useFault(faultIds)
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<TokenSet>()
  return (
    <Page
      title="Implicit flow"
      lead="The tokens are returned in the URL’s fragment, without a code and a second request. Before CORS, there was no other way for pages."
      specs={['RFC 6749, section 4.2', 'OpenID Connect Core 1.0, section 3.2', 'RFC 9700, section 2.1.2']}
    >
      <Experiment
        verdict="Legacy"
        advice="Do not use it in new apps: an access token in a URL ends up in histories, and an attacker can inject one. Use it only if a server supports nothing else."
        action="Sign in by popup"
        experiment={experiment}
        work={() => signInByPopup(createClient({ responseType }))}
        View={TokenSetView}
        story={implicitStory}
        faults={faults}
        code={signInCode({ connection, props: [`responseType="${responseType}"`] })}
      >
        <Choice label="response_type" options={types} value={responseType} onChange={(next) => change({ responseType: next })} />
      </Experiment>
    </Page>
  )
}
