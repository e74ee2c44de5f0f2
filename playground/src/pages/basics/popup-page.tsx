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
import { popupStory } from '../../story/stories/popup-story.js'
import { Page } from '../../ui/page.js'

const faultIds: readonly FaultId[] = ['blocked', 'coop', 'tampered-redirect', 'pkce', 'cors', 'slow']

export function PopupPage(): ReactNode {
  const { connection } = useConnection()
  const faults = useFault(faultIds)
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<TokenSet>()
  return (
    <Page
      title="Popup"
      lead="The server’s page opens in a small window, and the app stays as it is. Use it when the user is in the middle of something, such as a form, or to add a second account."
      specs={['RFC 6749, section 4.1', 'RFC 7636']}
    >
      <Experiment
        verdict="Recommended"
        advice="On computers. Phones show a popup as a new tab, and browsers inside other apps have none: use a redirect there. Close the popup to see what a canceled sign-in looks like. Your session is not affected."
        action="Sign in by popup"
        experiment={experiment}
        work={() => signInByPopup(createClient())}
        View={TokenSetView}
        story={popupStory}
        faults={faults}
        code={signInCode({ connection })}
      />
    </Page>
  )
}
