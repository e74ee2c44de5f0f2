import { TextInput } from '@mantine/core'
import { useToken } from '@latchkey/react'
import { type ExchangedToken, tokenExchange } from '@latchkey/core/grants'
import type { ReactNode } from 'react'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { useExperimentClient } from '../../experiments/use-experiment-client.js'
import { NeedsSignIn } from '../../session/needs-sign-in.js'
import { exchangeCode } from '../../code/program-samples.js'
import type { FaultId } from '../../faults/faults.js'
import { type FaultChoice, useFault } from '../../faults/use-fault.js'
import { useConnection } from '../../connection/connection-context.js'
import { StoryPreview } from '../../story/story-preview.js'
import { exchangeStory } from '../../story/stories/api-stories.js'
import { Page } from '../../ui/page.js'
import { usePageState } from '../../ui/use-page-state.js'

const faultIds: readonly FaultId[] = ['exchange-scope', 'exchange-token', 'down', 'html', 'silent', 'slow']

const defaults = { scope: 'email', audience: 'urn:example:reports' }

const preview = [
  { name: 'issued_token_type', value: 'urn:ietf:params:oauth:token-type:access_token' },
  { name: 'scope', value: 'email' },
  { name: 'aud', value: 'urn:example:reports' },
]

export function ExchangePage(): ReactNode {
  const { connection } = useConnection()
  // Read here: a link with a fault also has an effect for a reader who is not signed in yet.
  const faults = useFault(faultIds)
  const about = <StoryPreview story={exchangeStory} code={exchangeCode(connection, defaults)} />
  return (
    <Page
      title="Token exchange"
      lead="Exchanges a token for another one: with a narrower scope, for another API, or to act on behalf of a user. Your session does not change."
      specs={['RFC 8693, section 2']}
    >
      <NeedsSignIn preview={preview} about={about}>
        <TokenExchange faults={faults} />
      </NeedsSignIn>
    </Page>
  )
}

function TokenExchange({ faults }: { readonly faults: FaultChoice }): ReactNode {
  const { getAccessToken } = useToken()
  const { connection } = useConnection()
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<ExchangedToken>()
  const [{ scope, audience }, change] = usePageState(defaults)
  const work = async (): Promise<ExchangedToken> => {
    const subjectToken = await getAccessToken()
    return tokenExchange(createClient(), { subjectToken, scope: scope || undefined, audience: audience || undefined })
  }
  return (
    <Experiment
      verdict="Needs server support"
      advice="Mostly used by back ends that call other back ends. The server decides which client may exchange which token; the playground’s server allows it for every client."
      action="Exchange my access token"
      experiment={experiment}
      work={work}
      View={TokenSetView}
      story={exchangeStory}
      faults={faults}
      code={exchangeCode(connection, { scope, audience })}
    >
      <TextInput
        label="Scope"
        description="A subset of the token’s scope."
        maw="20rem"
        value={scope}
        onChange={(event) => change({ scope: event.currentTarget.value })}
      />
      <TextInput
        label="Audience"
        description="The service that the new token is for."
        maw="20rem"
        value={audience}
        onChange={(event) => change({ audience: event.currentTarget.value })}
      />
    </Experiment>
  )
}
