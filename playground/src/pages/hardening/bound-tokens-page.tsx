import { Code, Text } from '@mantine/core'
import type { OAuthClient, TokenSet } from '@latchkey/core'
import type { ReactNode } from 'react'
import { ApiCall } from '../../api/api-call.js'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import { signInCode } from '../../code/sample.js'
import type { FaultId } from '../../faults/faults.js'
import { useFault } from '../../faults/use-fault.js'
import { useConnection } from '../../connection/connection-context.js'
import { dpopStory } from '../../story/stories/api-stories.js'
import { Page } from '../../ui/page.js'
import { experimentFetch } from '../../network-log/logging-fetch.js'

interface Bound {
  readonly client: OAuthClient
  readonly tokenSet: TokenSet
}

const faultIds: readonly FaultId[] = ['proof', 'pkce', 'down', 'cors']

export function BoundTokensPage(): ReactNode {
  const { connection } = useConnection()
  const faults = useFault(faultIds)
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<Bound>()
  const work = async (): Promise<Bound> => {
    const client = createClient({ dpop: true })
    return { client, tokenSet: await signInByPopup(client) }
  }
  return (
    <Page
      title="Bound tokens (DPoP)"
      lead="The browser creates a key that cannot be exported, and the server binds the tokens to it. Every request includes a proof that is signed for this request only. A stolen token is useless without the key."
      specs={['RFC 9449, section 4', 'RFC 9449, section 7']}
    >
      <Experiment
        verdict="Needs server support"
        advice={
          <>
            Enable it with <Code>dpop: 'required'</Code>. It is the strongest protection of tokens in a page. The API has to check
            the proofs. With <Code>dpop: true</Code>, tokens that the server does not bind are accepted too.
          </>
        }
        action="Sign in by popup"
        experiment={experiment}
        work={work}
        View={BoundResult}
        story={dpopStory}
        faults={faults}
        code={signInCode({ connection, props: ['dpop="required"'] })}
      />
    </Page>
  )
}

function BoundResult({ result }: { readonly result: Bound }): ReactNode {
  const { client, tokenSet } = result
  const withoutProof = (input: string, init: RequestInit): Promise<Response> =>
    experimentFetch(input, { ...init, headers: { authorization: `Bearer ${tokenSet.accessToken}` } })
  return (
    <>
      <Text size="sm">The same token with its proof, and without it, as a thief would use it:</Text>
      <ApiCall label="Call /api/me with a proof" url="/api/me" send={(input, init) => client.fetch(input, init)} isPrimary />
      <ApiCall label="Call /api/me without a proof" url="/api/me" send={withoutProof} />
      <TokenSetView result={tokenSet} />
    </>
  )
}
