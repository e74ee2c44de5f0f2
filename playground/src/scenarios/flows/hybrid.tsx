import type { ResponseType, TokenSet } from '@latchkey/core'
import { type ReactNode, useState } from 'react'
import { Choice } from '../../lab/choice.js'
import { Experiment } from '../../lab/experiment.js'
import { TokenSetView } from '../../lab/token-set-view.js'
import { useLab } from '../../lab/use-lab.js'
import { signInToLab, useLabClient } from '../../lab/use-lab-client.js'
import { Page } from '../../ui/page.js'

const types = [
  { value: 'code id_token', about: 'who signed in at once, tokens for the code; c_hash ties the two together' },
  { value: 'code token', about: 'an access token at once, and others for the code' },
  { value: 'code id_token token', about: 'everything at once, and again for the code' },
] as const satisfies readonly { readonly value: ResponseType; readonly about: string }[]

export function HybridPage(): ReactNode {
  const [responseType, setResponseType] = useState<ResponseType>('code id_token')
  const client = useLabClient()
  const lab = useLab<TokenSet>()
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
        work={() => signInToLab(client({ responseType }))}
        View={TokenSetView}
      >
        <Choice label="response_type" options={types} value={responseType} onChange={setResponseType} />
      </Experiment>
    </Page>
  )
}
