import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Experiment } from '../../experiments/experiment.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import { Page } from '../../ui/page.js'
import { TokenView } from '../../ui/token-view.js'

const resources = ['urn:example:calendar', 'urn:example:mail'] as const

interface ResourceToken {
  readonly resource: string
  readonly accessToken: string
}

export function ResourcesPage(): ReactNode {
  const createClient = useExperimentClient()
  const lab = useExperiment<readonly ResourceToken[]>()
  const work = async (): Promise<readonly ResourceToken[]> => {
    const client = createClient()
    await signInByPopup(client, { resources })
    const tokens: ResourceToken[] = []
    // One after the other: each request brings a new refresh token for the next.
    for (const resource of resources) tokens.push({ resource, accessToken: await client.getAccessToken({ resource }) })
    return tokens
  }
  return (
    <Page
      title="A token for each API"
      lead="An app that calls two APIs should not show the same token to both: each could use it at the other. Resource indicators get a token of its own for each, from one sign-in."
      specs={['RFC 8707, section 2', 'RFC 9700, section 2.3']}
    >
      <Experiment
        verdict="where the server has it"
        advice="Decode the tokens and compare whom they are for: “aud”."
        action="Sign in by popup, for a calendar and for mail"
        lab={lab}
        work={work}
        View={ResourceTokens}
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
