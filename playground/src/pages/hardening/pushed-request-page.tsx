import { Code } from '@mantine/core'
import type { TokenSet } from '@latchkey/core'
import type { ReactNode } from 'react'
import { signInCode } from '../../code/sample.js'
import { useConnection } from '../../connection/connection-context.js'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import type { FaultId } from '../../faults/faults.js'
import { useFault } from '../../faults/use-fault.js'
import { parStory } from '../../story/stories/par-story.js'
import { Page } from '../../ui/page.js'

const faultIds: readonly FaultId[] = ['pushed-scope', 'pushed-redirect', 'replay', 'down', 'cors', 'slow']

export function PushedRequestPage(): ReactNode {
  const { connection } = useConnection()
  const faults = useFault(faultIds)
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<TokenSet>()
  return (
    <Page
      title="Pushed requests (PAR)"
      lead="The app sends its request to the server in the background and receives a reference. The browser transports only the reference, so the request cannot be read or changed on the way."
      specs={['RFC 9126, section 2', 'RFC 9126, section 4']}
    >
      <Experiment
        verdict="Needs server support"
        advice={
          <>
            Enable it with <Code>par: true</Code> if the server supports it; it is automatic if the server requires it. The
            network log shows one more request, and an authorization URL with almost no parameters.
          </>
        }
        action="Sign in by popup"
        experiment={experiment}
        work={() => signInByPopup(createClient({ par: true }))}
        View={TokenSetView}
        story={parStory}
        faults={faults}
        code={signInCode({ connection, props: ['par'] })}
      />
    </Page>
  )
}
