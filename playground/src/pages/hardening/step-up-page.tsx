import type { OAuthClient } from '@latchkey/core'
import type { ReactNode } from 'react'
import { ApiCall } from '../../api/api-call.js'
import { Experiment } from '../../experiments/experiment.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import { Page } from '../../ui/page.js'

export function StepUpPage(): ReactNode {
  const createClient = useExperimentClient()
  const lab = useExperiment<OAuthClient>()
  const work = async (): Promise<OAuthClient> => {
    const client = createClient({ stepUp: 'popup' })
    await signInByPopup(client)
    return client
  }
  return (
    <Page
      title="Step-up"
      lead="Some things want more than a session: a fresh sign-in, a second factor, a wider scope. The API says so in its refusal, the client signs the person in again accordingly, and sends the same request once more."
      specs={['RFC 9470, section 4', 'RFC 6750, section 3.1']}
    >
      <Experiment
        verdict="for everybody"
        advice="/api/fresh wants a sign-in of the last 30 seconds, /api/admin wants the scope “admin”. Call them again and again, and see when you are asked."
        action="Sign in by popup"
        lab={lab}
        work={work}
        View={Calls}
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
