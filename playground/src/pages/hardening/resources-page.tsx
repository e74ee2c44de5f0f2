import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Experiment } from '../../experiments/experiment.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import { loginCode, signInCode } from '../../code/sample.js'
import type { FaultId } from '../../faults/faults.js'
import { useFault } from '../../faults/use-fault.js'
import { useConnection } from '../../connection/connection-context.js'
import { resourcesStory } from '../../story/stories/api-stories.js'
import { Page } from '../../ui/page.js'
import { TokenView } from '../../ui/token-view.js'

const resources = ['urn:example:calendar', 'urn:example:mail'] as const

interface ResourceToken {
  readonly resource: string
  readonly accessToken: string
}

const faultIds: readonly FaultId[] = ['pkce', 'hash', 'down']

export function ResourcesPage(): ReactNode {
  const { connection } = useConnection()
  const faults = useFault(faultIds)
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<readonly ResourceToken[]>()
  const work = async (): Promise<readonly ResourceToken[]> => {
    const client = createClient()
    await signInByPopup(client, { resources })
    const tokens: ResourceToken[] = []
    // Sequential, because each response contains the refresh token for the next request.
    for (const resource of resources) tokens.push({ resource, accessToken: await client.getAccessToken({ resource }) })
    return tokens
  }
  return (
    <Page
      title="A token for each API"
      lead="If an app sends the same token to two APIs, each API could use it at the other. With resource indicators, one sign-in gives the app a separate token for each API."
      specs={['RFC 8707, section 2', 'RFC 9700, section 2.3']}
    >
      <Experiment
        verdict="Needs server support"
        advice="Decode the tokens and compare “aud”, their audience."
        action="Sign in by popup"
        experiment={experiment}
        work={work}
        View={ResourceTokens}
        story={resourcesStory}
        faults={faults}
        code={signInCode({ connection, login: loginCode({ transport: 'popup', resources }) })}
      />
    </Page>
  )
}

function ResourceTokens({ result }: { readonly result: readonly ResourceToken[] }): ReactNode {
  return result.map(({ resource, accessToken }) => (
    <div key={resource}>
      <Title order={3} size="h6" mb="xs">
        {resource}
      </Title>
      <TokenView name={`token for ${resource}`} token={accessToken} />
    </div>
  ))
}
