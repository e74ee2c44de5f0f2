import { Code } from '@mantine/core'
import type { LoginOptions, TokenSet } from '@latchkey/core'
import type { ReactNode } from 'react'
import { silentCode } from '../../code/session-samples.js'
import { useConnection } from '../../connection/connection-context.js'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { signInByFrame, useExperimentClient } from '../../experiments/use-experiment-client.js'
import type { FaultId } from '../../faults/faults.js'
import { useFault } from '../../faults/use-fault.js'
import { silentStory } from '../../story/stories/silent-story.js'
import { Choice } from '../../ui/choice.js'
import { Page } from '../../ui/page.js'
import { usePageState } from '../../ui/use-page-state.js'

const sessions = [
  { value: 'any', label: 'Any session', about: 'Succeeds if you have signed in on another page of the playground.' },
  { value: 'fresh', label: 'Only a sign-in of this second (max_age=0)', about: 'The server must ask the user: login_required.' },
] as const

type RequiredSession = (typeof sessions)[number]['value']

const requirements: Readonly<Record<RequiredSession, LoginOptions>> = {
  any: {},
  fresh: { maxAge: 0 },
}
const defaults: { readonly session: RequiredSession } = { session: 'any' }
const choices = { session: sessions.map(({ value }) => value) }
const faultIds: readonly FaultId[] = ['signature', 'hash', 'replay', 'clock', 'down', 'cors', 'slow']

export function SilentPage(): ReactNode {
  const { connection } = useConnection()
  const [{ session }, change] = usePageState(defaults, choices)
  const faults = useFault(faultIds)
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<TokenSet>()
  return (
    <Page
      title="Silent sign-in"
      lead="A user who is signed in at the server can be signed in at the app without a click, in a hidden frame. The request tells the server to show no page: it responds with a code or with an error."
      specs={['OpenID Connect Core 1.0, section 3.1.2.1', 'OpenID Connect Core 1.0, section 3.1.2.6']}
    >
      <Experiment
        verdict="Needs server support"
        advice={
          <>
            The server must be on the app’s own site: browsers block the cookies of other sites in frames. Otherwise use{' '}
            <Code>silent=&#123;['redirect']&#125;</Code>, or a refresh token. A Cross-Origin-Opener-Policy does not matter here,
            but the server’s pages must allow frames.
          </>
        }
        action="Sign in silently"
        experiment={experiment}
        work={() => signInByFrame(createClient(), requirements[session])}
        View={TokenSetView}
        story={silentStory}
        faults={faults}
        code={silentCode(connection, requirements[session].maxAge)}
      >
        <Choice
          label="Accepted session at the server"
          options={sessions}
          value={session}
          onChange={(next) => change({ session: next })}
        />
      </Experiment>
    </Page>
  )
}
