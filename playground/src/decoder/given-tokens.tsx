import { useOAuth, useToken } from '@latchkey/react'
import { Button, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useConnection } from '../connection/connection-context.js'
import { createExampleToken } from './token-changes.js'

interface GivenTokensProps {
  /** Of the example. */
  readonly audience: string
  readonly onChoose: (token: string) => void
}

/** Fills in a token of the session, or an example if no user is signed in. */
export function GivenTokens({ audience, onChoose }: GivenTokensProps): ReactNode {
  const { issuer } = useConnection().connection
  const { isSignedIn } = useOAuth()
  const { accessToken, idToken } = useToken()
  if (!isSignedIn) {
    return (
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={() => void createExampleToken(issuer, audience).then(onChoose)}>
          Use an example
        </Button>
        <Text size="sm" c="dimmed">
          After you sign in, you can also use your own tokens.
        </Text>
      </Group>
    )
  }
  return (
    <Group gap="xs">
      {idToken && (
        <Button size="xs" variant="default" onClick={() => onChoose(idToken)}>
          Use my ID token
        </Button>
      )}
      {accessToken && (
        <Button size="xs" variant="default" onClick={() => onChoose(accessToken)}>
          Use my access token
        </Button>
      )}
    </Group>
  )
}
