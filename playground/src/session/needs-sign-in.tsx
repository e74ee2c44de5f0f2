import { Button, Group, Skeleton } from '@mantine/core'
import { useLogin, useOAuth } from '@latchkey/react'
import { SignInIcon } from '@primer/octicons-react/SignInIcon'
import type { ReactNode } from 'react'
import { Card } from '../ui/card.js'

/** Shows its children to somebody signed in, and a way to sign in to everybody else. The sign-in comes back to this page. */
export function NeedsSignIn({ children }: { readonly children: ReactNode }): ReactNode {
  const { status } = useOAuth()
  const { login, isPending } = useLogin()
  if (status === 'signed-in') return children
  if (status === 'restoring') return <Skeleton h={160} role="status" aria-label="Looking for a session" />
  return (
    <Card title="Nobody is signed in" hint="This page has something to show when somebody is. You will come back right here.">
      <Group>
        <Button leftSection={<SignInIcon />} loading={isPending} onClick={() => void login()}>
          Sign in
        </Button>
      </Group>
    </Card>
  )
}
