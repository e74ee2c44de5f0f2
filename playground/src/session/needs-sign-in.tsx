import { Button, Group, Skeleton, Text } from '@mantine/core'
import { useLogin, useOAuth } from '@latchkey/react'
import { SignInIcon } from '@primer/octicons-react/SignInIcon'
import type { ReactNode } from 'react'
import { Card } from '../ui/card.js'
import { FieldList, type ListedField } from '../ui/field-list.js'

interface NeedsSignInProps {
  /** An example of what the page shows to a user who is signed in. */
  readonly preview: readonly ListedField[]
  /** The flow of the page and its code, for a reader who is not signed in. */
  readonly about?: ReactNode
  readonly children: ReactNode
}

/** Renders its children when a user is signed in, and a sign-in button and an example otherwise. The sign-in returns to this page. */
export function NeedsSignIn({ preview, about, children }: NeedsSignInProps): ReactNode {
  const { status } = useOAuth()
  const { login, isPending } = useLogin()
  if (status === 'signed-in') return children
  if (status === 'restoring') return <Skeleton h={160} role="status" aria-label="Restoring the session" />
  return (
    <>
      <Card title="Not signed in" hint="Sign in to use this page. You will return here.">
        <Group>
          <Button leftSection={<SignInIcon />} loading={isPending} onClick={() => void login()}>
            Sign in
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          Then this page shows, for example:
        </Text>
        <div className="preview" aria-hidden inert>
          <FieldList fields={preview} />
        </div>
      </Card>
      {about}
    </>
  )
}
