import { Button, Group, Skeleton } from '@mantine/core'
import { useLogin, useOAuth } from '@latchkey/react'
import { SignInIcon } from '@primer/octicons-react/SignInIcon'
import type { ReactNode } from 'react'
import { Card } from '../ui/card.js'

/** Renders its children when a user is signed in, and a sign-in button otherwise. The sign-in returns to this page. */
export function NeedsSignIn({ children }: { readonly children: ReactNode }): ReactNode {
  const { status } = useOAuth()
  const { login, isPending } = useLogin()
  if (status === 'signed-in') return children
  if (status === 'restoring') return <Skeleton h={160} role="status" aria-label="Restoring the session" />
  return (
    <Card title="Not signed in" hint="Sign in to use this page. You will return here.">
      <Group>
        <Button leftSection={<SignInIcon />} loading={isPending} onClick={() => void login()}>
          Sign in
        </Button>
      </Group>
    </Card>
  )
}
