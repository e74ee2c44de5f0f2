import type { OAuthClient } from '@latchkey/core'
import type { ReactNode } from 'react'
import { ApiCall } from '../../api/api-call.js'
import { Experiment } from '../../experiments/experiment.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import { stepUpCode } from '../../code/hook-samples.js'
import { useConnection } from '../../connection/connection-context.js'
import type { FaultId } from '../../faults/faults.js'
import { useFault } from '../../faults/use-fault.js'
import { stepUpStory } from '../../story/stories/api-stories.js'
import { Page } from '../../ui/page.js'

const faultIds: readonly FaultId[] = ['down', 'nonce']

export function StepUpPage(): ReactNode {
  const faults = useFault(faultIds)
  const { connection } = useConnection()
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<OAuthClient>()
  const work = async (): Promise<OAuthClient> => {
    const client = createClient({ stepUp: 'popup' })
    await signInByPopup(client)
    return client
  }
  return (
    <Page
      title="Step-up"
      lead="Some operations need more than a session: a recent sign-in, a second factor or a wider scope. The API responds with 401 or 403 and names what it needs. The client signs the user in again accordingly, and repeats the request."
      specs={['RFC 9470, section 4', 'RFC 6750, section 3.1']}
    >
      <Experiment
        verdict="Recommended"
        advice="/api/fresh requires a sign-in within the last 30 seconds, /api/admin requires the scope “admin”. Call them several times to see when you have to sign in again."
        action="Sign in by popup"
        experiment={experiment}
        work={work}
        View={Calls}
        story={stepUpStory}
        faults={faults}
        code={stepUpCode(connection)}
      />
    </Page>
  )
}

function Calls({ result: client }: { readonly result: OAuthClient }): ReactNode {
  const send = (input: string, init: RequestInit): Promise<Response> => client.fetch(input, init)
  return (
    <>
      <ApiCall label="Call /api/fresh" url="/api/fresh" send={send} isPrimary />
      <ApiCall label="Call /api/admin" url="/api/admin" send={send} />
    </>
  )
}
