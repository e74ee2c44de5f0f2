import type { ResponseType, TokenSet } from '@latchkey/core'
import { type ReactNode, useState } from 'react'
import { Choice } from '../../ui/choice.js'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import { Page } from '../../ui/page.js'

const types = [
  { value: 'code id_token', about: 'who signed in at once, tokens for the code; c_hash ties the two together' },
  { value: 'code token', about: 'an access token at once, and others for the code' },
  { value: 'code id_token token', about: 'everything at once, and again for the code' },
] as const satisfies readonly { readonly value: ResponseType; readonly about: string }[]

export function HybridPage(): ReactNode {
  const [responseType, setResponseType] = useState<ResponseType>('code id_token')
  const client = useExperimentClient()
  const lab = useExperiment<TokenSet>()
  return (
    <Page
      title="Hybrid flow"
      lead="A code and tokens come back together. The app knows at once who signed in, and still fetches the lasting tokens with the code."
      specs={['OpenID Connect Core 1.0, section 3.3', 'OAuth 2.0 Multiple Response Type Encoding Practices, section 5']}
    >
      <Experiment
        verdict="legacy"
        advice="“code id_token” once protected the code, by its hash in a signed token. PKCE and “iss” in responses do that now. Use it where a server asks for it."
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
