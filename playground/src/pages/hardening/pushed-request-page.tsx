import type { TokenSet } from '@latchkey/core'
import type { ReactNode } from 'react'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import { Page } from '../../ui/page.js'

export function PushedRequestPage(): ReactNode {
  const client = useExperimentClient()
  const lab = useExperiment<TokenSet>()
  return (
    <Page
      title="Pushed requests (PAR)"
      lead="The app hands its request to the server in the background first, and gets a reference. The browser then carries only the reference: nobody can read or change what was asked."
      specs={['RFC 9126, section 2', 'RFC 9126, section 4']}
    >
      <Experiment
        verdict="where the server has it"
        advice="A good idea wherever it is offered, and automatic where the server demands it. On the wire: one request more, and an address with almost nothing in it."
        action="Sign in by popup"
        lab={lab}
        work={() => signInByPopup(client({ par: true }))}
        View={TokenSetView}
      />
    </Page>
  )
}
