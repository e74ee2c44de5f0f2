import { Alert, Button, Group } from '@mantine/core'
import { useLogout } from '@latchkey/react'
import { DevicesIcon } from '@primer/octicons-react/DevicesIcon'
import { SignOutIcon } from '@primer/octicons-react/SignOutIcon'
import { type ReactNode, useState } from 'react'
import { NeedsSignIn } from '../../session/needs-sign-in.js'
import { Card } from '../../ui/card.js'
import { Page } from '../../ui/page.js'

export function SignOutPage(): ReactNode {
  const [isLocalDone, setLocalDone] = useState(false)
  return (
    <Page
      title="Sign out"
      lead="There are two sessions: this app’s, in this browser, and the server’s own. Ending the first leaves the second, so that the next sign-in asks for nothing."
      specs={['OpenID Connect RP-Initiated Logout 1.0, section 2', 'RFC 7009, section 2']}
    >
      {isLocalDone && (
        <Alert color="green" role="status" title="This app has forgotten you">
          The server has not. Sign in again, and it lets you in without a question.
        </Alert>
      )}
      <NeedsSignIn>
        <SignOutCards onLocalDone={() => setLocalDone(true)} />
      </NeedsSignIn>
    </Page>
  )
}

function SignOutCards({ onLocalDone }: { readonly onLocalDone: () => void }): ReactNode {
  const { logout, isPending } = useLogout()
  return (
    <>
      <Card
        title="At the server"
        hint="The tokens are made useless, this app forgets them, and the browser visits the server so that it forgets you too. Then it comes back."
      >
        <Group>
          <Button leftSection={<SignOutIcon />} loading={isPending} onClick={() => void logout()}>
            Sign out
          </Button>
        </Group>
      </Card>
      <Card
        title="Only in this browser"
        hint="The tokens are made useless and forgotten here, in all tabs. Your session at the server stays."
      >
        <Group>
          <Button
            variant="default"
            leftSection={<DevicesIcon />}
            disabled={isPending}
            onClick={() => void logout({ local: true }).then(onLocalDone, () => undefined)}
          >
            Forget me here
          </Button>
        </Group>
      </Card>
    </>
  )
}
