import { Avatar, Badge, Group, Loader, Text } from '@mantine/core'
import { useOAuth } from '@latchkey/react'
import type { ReactNode } from 'react'
import { displayName } from './display-name.js'

/** The signed-in user, in the header of every page. */
export function SessionStatus(): ReactNode {
  const { status, claims, activity } = useOAuth()
  const isBusy = activity !== 'idle' || status === 'restoring'
  return (
    <Group gap="xs" wrap="nowrap" miw={0}>
      {isBusy && <Loader size="xs" aria-hidden />}
      {status === 'signed-in' ? (
        <>
          <Avatar name={displayName(claims)} color="indigo" variant="filled" size="sm" aria-hidden />
          <Text size="sm" fw={600} truncate visibleFrom="xs">
            {displayName(claims)}
          </Text>
        </>
      ) : (
        <Badge variant="default" size="md" tt="none" fw={600}>
          {status === 'restoring' ? 'Restoring the session' : 'Signed out'}
        </Badge>
      )}
    </Group>
  )
}
