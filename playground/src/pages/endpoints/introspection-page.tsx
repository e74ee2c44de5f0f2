import { type Introspection, introspectToken } from '@latchkey/core/endpoints'
import { clientSecretBasic } from '@latchkey/core/client-auth'
import { useToken } from '@latchkey/react'
import { type ReactNode, useState } from 'react'
import { Choice } from '../../ui/choice.js'
import { ConfidentialClientFields, demoClient } from '../../experiments/confidential-client.js'
import { Experiment } from '../../experiments/experiment.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { useExperimentClient } from '../../experiments/use-experiment-client.js'
import { NeedsSignIn } from '../../session/needs-sign-in.js'
import { FieldList } from '../../ui/field-list.js'
import { Page } from '../../ui/page.js'

export function IntrospectionPage(): ReactNode {
  return (
    <Page
      title="Introspection"
      lead="An API that gets a token can ask the server whether it is good, whose it is and what it is for. That is the only way with tokens that say nothing themselves."
      specs={['RFC 7662, section 2']}
    >
      <NeedsSignIn>
        <Introspect />
      </NeedsSignIn>
    </Page>
  )
}

const choices = [
  { value: 'mine', label: 'my access token' },
  { value: 'other', label: 'a token that was never issued' },
] as const

function Introspect(): ReactNode {
  const { getAccessToken } = useToken()
  const createClient = useExperimentClient()
  const lab = useExperiment<Introspection>()
  const [service, setService] = useState(demoClient)
  const [which, setWhich] = useState<(typeof choices)[number]['value']>('mine')
  const { clientId, clientSecret } = service
  const work = async (): Promise<Introspection> => {
    const token = which === 'mine' ? await getAccessToken() : 'never-issued-by-anybody'
    return introspectToken(createClient({ clientId, clientAuth: clientSecretBasic(clientSecret) }), { token })
  }
  return (
    <Experiment
      verdict="not for pages"
      advice="For APIs, which have a secret. The page plays the API here."
      action="Ask about the token"
      lab={lab}
      work={work}
      View={IntrospectionView}
    >
      <ConfidentialClientFields client={service} onChange={setService} />
      <Choice label="About which" options={choices} value={which} onChange={setWhich} />
    </Experiment>
  )
}

function IntrospectionView({ result }: { readonly result: Introspection }): ReactNode {
  return <FieldList fields={Object.entries(result).map(([name, value]) => ({ name, value }))} />
}
