import type { ResponseType, TokenSet } from '@latchkey/core'
import { type ReactNode, useState } from 'react'
import { Choice } from '../../ui/choice.js'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import { Page } from '../../ui/page.js'

const types = [
  { value: 'id_token token', about: 'both: the ID token is checked, and its at_hash must fit the access token' },
  { value: 'id_token', about: 'only who signed in; no API can be called' },
  { value: 'token', about: 'only an access token; nobody knows who signed in' },
] as const satisfies readonly { readonly value: ResponseType; readonly about: string }[]

export function ImplicitPage(): ReactNode {
  const [responseType, setResponseType] = useState<ResponseType>('id_token token')
  const client = useExperimentClient()
  const lab = useExperiment<TokenSet>()
  return (
    <Page
      title="Implicit flow"
      lead="The tokens come straight back in the address, after the “#”. There is no code, and no second request. That was the only way when browsers could not call other servers."
      specs={['RFC 6749, section 4.2', 'OpenID Connect Core 1.0, section 3.2', 'RFC 9700, section 2.1.2']}
    >
      <Experiment
        verdict="legacy"
        advice="Don’t use it in anything new: an access token in an address ends up in histories and can be slipped in by others. Only where a server knows nothing else."
        action="Sign in by popup"
        lab={lab}
        work={() => signInByPopup(client({ responseType }))}
        View={TokenSetView}
      >
        <Choice label="response_type" options={types} value={responseType} onChange={setResponseType} />
      </Experiment>
    </Page>
  )
}
