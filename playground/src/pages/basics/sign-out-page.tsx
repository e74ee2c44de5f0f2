import { Alert, Button, Group } from '@mantine/core'
import { useLogout } from '@latchkey/react'
import { DevicesIcon } from '@primer/octicons-react/DevicesIcon'
import { SignOutIcon } from '@primer/octicons-react/SignOutIcon'
import { type ReactNode, useState } from 'react'
import { NeedsSignIn } from '../../session/needs-sign-in.js'
import { Card } from '../../ui/card.js'
import { CodeCard } from '../../code/code-card.js'
import { SessionFaults } from '../../faults/session-faults.js'
import { signOutCode } from '../../code/hook-samples.js'
import { SessionStory } from '../../story/session-story.js'
import { revocationStory } from '../../story/stories/session-stories.js'
import { Page } from '../../ui/page.js'

const preview = [
  { name: 'Sign out', value: 'ends the session here and at the server' },
  { name: 'Sign out of this app', value: 'ends only the session here' },
]

export function SignOutPage(): ReactNode {
  const [isLocalDone, setLocalDone] = useState(false)
  return (
    <Page
      title="Sign out"
      lead="There are two sessions: one of this app, in this browser, and one at the server. If you end only the first, the next sign-in needs no input."
      specs={['OpenID Connect RP-Initiated Logout 1.0, section 2', 'RFC 7009, section 2']}
    >
      {isLocalDone && (
        <Alert color="green" role="status" title="Signed out of this app">
          You are still signed in at the server. Sign in again: you need not choose a user.
        </Alert>
      )}
      <NeedsSignIn preview={preview}>
        <SignOutCards onLocalDone={() => setLocalDone(true)} />
      </NeedsSignIn>
      <SessionFaults actions={['revoke', 'delete-storage']} />
      <SessionStory story={revocationStory} />
      <CodeCard code={signOutCode} />
    </Page>
  )
}

function SignOutCards({ onLocalDone }: { readonly onLocalDone: () => void }): ReactNode {
  const { logout, isPending } = useLogout()
  return (
    <>
      <Card
        title="At the server"
        hint="Revokes the tokens, removes them from this browser, and ends your session at the server. The browser then returns to this app."
      >
        <Group>
          <Button leftSection={<SignOutIcon />} loading={isPending} onClick={() => void logout()}>
            Sign out
          </Button>
        </Group>
      </Card>
      <Card
        title="Only in this app"
        hint="Revokes the tokens and removes them from this browser, in all tabs. Your session at the server continues."
      >
        <Group>
          <Button
            variant="default"
            leftSection={<DevicesIcon />}
            disabled={isPending}
            onClick={() => void logout({ local: true }).then(onLocalDone, () => undefined)}
          >
            Sign out of this app
          </Button>
        </Group>
      </Card>
    </>
  )
}
