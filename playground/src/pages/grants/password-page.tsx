import { PasswordInput, Stack, TextInput } from '@mantine/core'
import type { TokenSet } from '@latchkey/core'
import { passwordGrant } from '@latchkey/core/grants'
import { type ReactNode, useState } from 'react'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { useExperimentClient } from '../../experiments/use-experiment-client.js'
import { passwordCode } from '../../code/program-samples.js'
import type { FaultId } from '../../faults/faults.js'
import { useFault } from '../../faults/use-fault.js'
import { useConnection } from '../../connection/connection-context.js'
import { passwordStory } from '../../story/stories/program-stories.js'
import { Page } from '../../ui/page.js'
import { usePageState } from '../../ui/use-page-state.js'

const faultIds: readonly FaultId[] = ['down', 'html', 'cors', 'silent', 'slow']

const defaults = { username: 'ada' }

export function PasswordPage(): ReactNode {
  const { connection } = useConnection()
  const faults = useFault(faultIds)
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<TokenSet>()
  const [{ username }, change] = usePageState(defaults)
  const [password, setPassword] = useState('ada')
  return (
    <Page
      title="Password grant"
      lead="The app has its own form for name and password, and sends them to the server. OAuth was made to avoid this: the app sees the password, and a second factor is not possible."
      specs={['RFC 6749, section 4.3', 'RFC 9700, section 2.4']}
    >
      <Experiment
        verdict="Legacy"
        advice="RFC 9700 forbids it. Use it only for servers that support nothing else, and while you migrate. Also try a wrong password."
        action="Sign in with the password"
        experiment={experiment}
        work={() => passwordGrant(createClient(), { username, password })}
        View={TokenSetView}
        story={passwordStory}
        faults={faults}
        code={passwordCode(connection)}
      >
        <Stack gap="sm" maw="20rem">
          <TextInput
            label="Name"
            value={username}
            autoComplete="off"
            onChange={(event) => change({ username: event.currentTarget.value })}
          />
          <PasswordInput
            label="Password"
            description="The built-in test users use their name."
            value={password}
            autoComplete="off"
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
          />
        </Stack>
      </Experiment>
    </Page>
  )
}
