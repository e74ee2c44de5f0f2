import { PasswordInput, Stack, TextInput } from '@mantine/core'
import type { TokenSet } from '@latchkey/core'
import { passwordGrant } from '@latchkey/core/grants'
import { type ReactNode, useState } from 'react'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { useExperimentClient } from '../../experiments/use-experiment-client.js'
import { Page } from '../../ui/page.js'

export function PasswordPage(): ReactNode {
  const createClient = useExperimentClient()
  const lab = useExperiment<TokenSet>()
  const [username, setUsername] = useState('ada')
  const [password, setPassword] = useState('ada')
  return (
    <Page
      title="Password grant"
      lead="The app asks for name and password itself and shows them to the server. That is the very thing OAuth was made to end: the app sees the password, and a second factor has no place."
      specs={['RFC 6749, section 4.3', 'RFC 9700, section 2.4']}
    >
      <Experiment
        verdict="legacy"
        advice="RFC 9700 forbids it. Here for servers that know nothing else, and for moving away from them. Try a wrong password, too."
        action="Sign in with the password"
        lab={lab}
        work={() => passwordGrant(createClient(), { username, password })}
        View={TokenSetView}
      >
        <Stack gap="sm" maw="20rem">
          <TextInput
            label="Name"
            value={username}
            autoComplete="off"
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            description="Of the built-in test users: their own name."
            value={password}
            autoComplete="off"
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
          />
        </Stack>
      </Experiment>
    </Page>
  )
}
