import { TextInput } from '@mantine/core'
import { useToken } from '@latchkey/react'
import { type ExchangedToken, tokenExchange } from '@latchkey/core/grants'
import { type ReactNode, useState } from 'react'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { useExperimentClient } from '../../experiments/use-experiment-client.js'
import { NeedsSignIn } from '../../session/needs-sign-in.js'
import { Page } from '../../ui/page.js'

export function ExchangePage(): ReactNode {
  return (
    <Page
      title="Token exchange"
      lead="One token is traded for another: with less scope, for another API, or to act for somebody. Your session stays as it is."
      specs={['RFC 8693, section 2']}
    >
      <NeedsSignIn>
        <Exchange />
      </NeedsSignIn>
    </Page>
  )
}

function Exchange(): ReactNode {
  const { getAccessToken } = useToken()
  const createClient = useExperimentClient()
  const lab = useExperiment<ExchangedToken>()
  const [scope, setScope] = useState('email')
  const [audience, setAudience] = useState('urn:example:reports')
  const work = async (): Promise<ExchangedToken> => {
    const subjectToken = await getAccessToken()
    return tokenExchange(createClient(), { subjectToken, ...(scope && { scope }), ...(audience && { audience }) })
  }
  return (
    <Experiment
      verdict="where the server has it"
      advice="Mostly something for back ends that call other back ends. Servers decide who may exchange what; the playground’s lets everybody."
      action="Trade my access token"
      lab={lab}
      work={work}
      View={TokenSetView}
    >
      <TextInput
        label="Scope"
        description="At most what the token has."
        maw="20rem"
        value={scope}
        onChange={(event) => setScope(event.currentTarget.value)}
      />
      <TextInput
        label="Audience"
        description="Whom the new token is for."
        maw="20rem"
        value={audience}
        onChange={(event) => setAudience(event.currentTarget.value)}
      />
    </Experiment>
  )
}
