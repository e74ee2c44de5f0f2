import { type Introspection, introspectToken } from '@latchkey/core/endpoints'
import { clientSecretBasic } from '@latchkey/core/client-auth'
import { useToken } from '@latchkey/react'
import type { ReactNode } from 'react'
import { Choice } from '../../ui/choice.js'
import { ConfidentialClientFields, demoClient } from '../../experiments/confidential-client.js'
import { Experiment } from '../../experiments/experiment.js'
import { useConfidentialClient } from '../../experiments/use-confidential-client.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { useExperimentClient } from '../../experiments/use-experiment-client.js'
import { NeedsSignIn } from '../../session/needs-sign-in.js'
import { FieldList } from '../../ui/field-list.js'
import { introspectionCode } from '../../code/program-samples.js'
import type { FaultId } from '../../faults/faults.js'
import { type FaultChoice, useFault } from '../../faults/use-fault.js'
import { useConnection } from '../../connection/connection-context.js'
import { StoryPreview } from '../../story/story-preview.js'
import { introspectionStory } from '../../story/stories/api-stories.js'
import { Page } from '../../ui/page.js'
import { usePageState } from '../../ui/use-page-state.js'

const faultIds: readonly FaultId[] = ['issuer', 'introspection-down']

const preview = [
  { name: 'active', value: true },
  { name: 'scope', value: 'openid profile email' },
  { name: 'client_id', value: 'app' },
  { name: 'sub', value: 'ada' },
]

export function IntrospectionPage(): ReactNode {
  const { connection } = useConnection()
  // Read here: a link with a fault also has an effect for a reader who is not signed in yet.
  const faults = useFault(faultIds)
  const about = (
    <StoryPreview story={introspectionStory} code={introspectionCode({ ...connection, clientId: demoClient.clientId })} />
  )
  return (
    <Page
      title="Introspection"
      lead="An API that receives a token can ask the server whether it is valid, who it belongs to and what it permits. With opaque tokens there is no other way."
      specs={['RFC 7662, section 2']}
    >
      <NeedsSignIn preview={preview} about={about}>
        <Introspect faults={faults} />
      </NeedsSignIn>
    </Page>
  )
}

const tokens = [
  { value: 'mine', label: 'My access token' },
  { value: 'other', label: 'A token that was never issued' },
] as const

const defaults: { readonly token: (typeof tokens)[number]['value'] } = { token: 'mine' }
const choices = { token: tokens.map(({ value }) => value) }

function Introspect({ faults }: { readonly faults: FaultChoice }): ReactNode {
  const { getAccessToken } = useToken()
  const { connection } = useConnection()
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<Introspection>()
  const [service, setService] = useConfidentialClient()
  const [{ token: subject }, change] = usePageState(defaults, choices)
  const { clientId, clientSecret } = service
  const work = async (): Promise<Introspection> => {
    const token = subject === 'mine' ? await getAccessToken() : 'never-issued'
    return introspectToken(createClient({ clientId, clientAuth: clientSecretBasic(clientSecret) }), { token })
  }
  return (
    <Experiment
      verdict="Server-side only"
      advice="For APIs, which can keep a secret. This page acts as the API."
      action="Introspect the token"
      experiment={experiment}
      work={work}
      View={IntrospectionView}
      story={introspectionStory}
      faults={faults}
      code={introspectionCode({ ...connection, clientId })}
    >
      <ConfidentialClientFields client={service} onChange={setService} />
      <Choice label="Token" options={tokens} value={subject} onChange={(token) => change({ token })} />
    </Experiment>
  )
}

function IntrospectionView({ result }: { readonly result: Introspection }): ReactNode {
  return <FieldList fields={Object.entries(result).map(([name, value]) => ({ name, value }))} />
}
