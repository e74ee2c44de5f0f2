import { Text } from '@mantine/core'
import type { TokenSet } from '@latchkey/core'
import type { ReactNode } from 'react'
import { tokenCode } from '../../code/hook-samples.js'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByPopup, useExperimentClient } from '../../experiments/use-experiment-client.js'
import type { FaultId } from '../../faults/faults.js'
import { useFault } from '../../faults/use-fault.js'
import { signInAndRefreshStory } from '../../story/stories/token-stories.js'
import { Page } from '../../ui/page.js'

interface Refreshed {
  readonly before: TokenSet
  readonly after: TokenSet
}

const faultIds: readonly FaultId[] = ['refresh-replay', 'refresh-refused', 'refresh-down', 'refresh-signature']

export function RefreshPage(): ReactNode {
  const faults = useFault(faultIds)
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<Refreshed>()
  const work = async (): Promise<Refreshed> => {
    const client = createClient()
    const before = await signInByPopup(client)
    await client.refresh()
    return { before, after: client.getTokenSet() ?? before }
  }
  return (
    <Page
      title="Refresh"
      lead="Access tokens expire after minutes; sessions last for days. With the refresh token, the app gets a new access token without the user. In a page, each refresh token works once: the response contains the next one."
      specs={['RFC 6749, section 6', 'RFC 9700, section 4.14.2']}
    >
      <Experiment
        verdict="Recommended"
        advice="Latchkey refreshes before a token expires, once for all components and tabs. An app does not call it. This page signs in and refreshes at once. Your session is not affected."
        action="Sign in by popup and refresh"
        experiment={experiment}
        work={work}
        View={RefreshedView}
        story={signInAndRefreshStory}
        faults={faults}
        code={tokenCode}
      />
    </Page>
  )
}

function RefreshedView({ result: { before, after } }: { readonly result: Refreshed }): ReactNode {
  const isRotated = before.refreshToken !== after.refreshToken
  return (
    <>
      <Text size="sm">
        {isRotated
          ? 'The access token and the refresh token are new. The old refresh token is used up.'
          : 'The access token is new. The server has not replaced the refresh token.'}
      </Text>
      <TokenSetView result={after} />
    </>
  )
}
